import { baseUrl, matching, type Parser } from './parsers.js';
import { optional, type ValuesOf, type Variable } from './variable.js';

// As narrow as the providers' own schemas, so that what is taken here is taken there.
const key = matching(/^[\x21-\x7e]{1,200}$/, '1 to 200 visible ASCII characters without spaces');
const partnerCode = matching(/^[\x21-\x7e]{1,50}$/, '1 to 50 visible ASCII characters without spaces');
const terminalCode = matching(/^[0-9A-Za-z]{1,20}$/, 'a terminal code of 1 to 20 letters and digits');
const appId = matching(/^[1-9]\d{0,9}$/, 'an app id of 1 to 10 digits');

const NO_ACCOUNT = 'none; with `DEMO=1` the sandbox value';
const SIMULATOR = 'with `DEMO=1` the simulator in this server; in production';

/** Of the default merchant account; accounts of a tenant's own are kept in the database. */
export const paymentVariables = {
  MOMO_PARTNER_CODE: credential('MoMo partner code.', 'MOMOABCD20260101', partnerCode),
  MOMO_ACCESS_KEY: credential('MoMo access key.', '<from-the-momo-portal>'),
  MOMO_SECRET_KEY: credential('MoMo secret key: signs requests, verifies notices.', '<from-the-momo-portal>'),
  MOMO_API_URL: api('MoMo host.', 'https://payment.momo.vn', 'https://test-payment.momo.vn'),
  VNPAY_TMN_CODE: credential('VNPay terminal code.', 'QRSHOP01', terminalCode),
  VNPAY_HASH_SECRET: credential('VNPay hash secret: signs pay URLs, verifies notices.', '<from-the-vnpay-portal>'),
  VNPAY_PAY_URL: api(
    'VNPay pay page.',
    'https://pay.vnpay.vn/vpcpay.html',
    'https://sandbox.vnpayment.vn/paymentv2/vpcpay.html',
  ),
  VNPAY_API_URL: optional({
    meaning: 'VNPay address for queries and refunds; VNPay names the live one in the contract.',
    fallbackText: `${SIMULATOR} none, so neither queries nor refunds; else \`https://sandbox.vnpayment.vn/merchant_webapi/api/transaction\``,
    example: 'https://sandbox.vnpayment.vn/merchant_webapi/api/transaction',
    parse: baseUrl,
  }),
  ZALOPAY_APP_ID: credential('ZaloPay app id.', '10234', appId),
  ZALOPAY_KEY1: credential('ZaloPay key1: signs our requests.', '<from-the-zalopay-portal>'),
  ZALOPAY_KEY2: credential('ZaloPay key2: verifies their callbacks.', '<from-the-zalopay-portal>'),
  ZALOPAY_API_URL: api('ZaloPay host.', 'https://openapi.zalopay.vn', 'https://sb-openapi.zalopay.vn'),
  SEPAY_SECRET: optional({
    meaning: 'Verifies the bank transfer notices of SePay.',
    fallbackText: 'none, so `/webhooks/sepay` refuses every call; with `DEMO=1` an invented one',
    example: '<from-the-sepay-portal>',
    hidden: true,
    parse: key,
  }),
  BANK_BIN: bank('The bank that gets transfers: its BIN, 6 digits.', '970436', matching(/^\d{6}$/, 'six digits')),
  BANK_ACCOUNT: bank(
    'The account that gets transfers, as the codes for them say.',
    '1903xxxxxxxx01',
    matching(/^[0-9A-Za-z]{1,19}$/, 'an account number of 1 to 19 letters and digits'),
  ),
  BANK_ACCOUNT_NAME: bank(
    'Whose account that is, shown beside the code.',
    'CONG TY PHO MAI',
    matching(/^[\p{L}\p{M}\p{N} .,&()'-]{1,60}$/u, 'a name of 1 to 60 letters, digits and spaces'),
  ),
} as const;

function credential(meaning: string, example: string, parse = key): Variable<string | undefined> {
  return optional({ meaning, fallbackText: NO_ACCOUNT, example, hidden: true, parse });
}

function bank(meaning: string, example: string, parse: Parser<string>): Variable<string | undefined> {
  return optional({ meaning, fallbackText: 'none: no codes for transfers; with `DEMO=1` a sample', example, parse });
}

function api(meaning: string, live: string, sandbox: string): Variable<string | undefined> {
  return optional({
    meaning,
    fallbackText: `${SIMULATOR} \`${live}\`, else \`${sandbox}\``,
    example: live,
    parse: baseUrl,
  });
}

export type PaymentVariable = keyof typeof paymentVariables;
export type PaymentValues = ValuesOf<typeof paymentVariables>;
