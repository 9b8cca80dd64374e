import { MOMO_SANDBOX, SAMPLE_BANK, SEPAY_INVENTED, VNPAY_INVENTED, ZALOPAY_SANDBOX } from './known-secrets.js';
import type { PaymentVariable, PaymentValues } from './payment-variables.js';
import type { BankAccount, PaymentEndpoints, PaymentsConfig } from './shape.js';

const LIVE: PaymentEndpoints = {
  momo: { api: 'https://payment.momo.vn' },
  vnpay: { pay: 'https://pay.vnpay.vn/vpcpay.html', api: undefined },
  zalopay: { api: 'https://openapi.zalopay.vn' },
};
const SANDBOX: PaymentEndpoints = {
  momo: { api: 'https://test-payment.momo.vn' },
  vnpay: {
    pay: 'https://sandbox.vnpayment.vn/paymentv2/vpcpay.html',
    api: 'https://sandbox.vnpayment.vn/merchant_webapi/api/transaction',
  },
  zalopay: { api: 'https://sb-openapi.zalopay.vn' },
};
const SIMULATOR: PaymentEndpoints = {
  momo: { api: undefined },
  vnpay: { pay: undefined, api: undefined },
  zalopay: { api: undefined },
};

/** Credentials that make sense only together; the demo fills what is missing. */
const SETS: readonly (readonly PaymentVariable[])[] = [
  ['MOMO_PARTNER_CODE', 'MOMO_ACCESS_KEY', 'MOMO_SECRET_KEY'],
  ['VNPAY_TMN_CODE', 'VNPAY_HASH_SECRET'],
  ['ZALOPAY_APP_ID', 'ZALOPAY_KEY1', 'ZALOPAY_KEY2'],
];
const BANK: readonly PaymentVariable[] = ['BANK_BIN', 'BANK_ACCOUNT', 'BANK_ACCOUNT_NAME'];

/** The default merchant accounts: the environment's values win, with demo the sandbox values fill the rest. */
export function paymentsConfig(values: PaymentValues, mode: { demo: boolean; production: boolean }): PaymentsConfig {
  const filler = <T>(value: T): T | undefined => (mode.demo ? value : undefined);
  const secret = values.SEPAY_SECRET ?? filler(SEPAY_INVENTED);
  return {
    momo: complete({
      partnerCode: values.MOMO_PARTNER_CODE ?? filler(MOMO_SANDBOX.partnerCode),
      accessKey: values.MOMO_ACCESS_KEY ?? filler(MOMO_SANDBOX.accessKey),
      secretKey: values.MOMO_SECRET_KEY ?? filler(MOMO_SANDBOX.secretKey),
    }),
    vnpay: complete({
      tmnCode: values.VNPAY_TMN_CODE ?? filler(VNPAY_INVENTED.tmnCode),
      hashSecret: values.VNPAY_HASH_SECRET ?? filler(VNPAY_INVENTED.hashSecret),
    }),
    zalopay: complete({
      appId: values.ZALOPAY_APP_ID ?? filler(ZALOPAY_SANDBOX.appId),
      key1: values.ZALOPAY_KEY1 ?? filler(ZALOPAY_SANDBOX.key1),
      key2: values.ZALOPAY_KEY2 ?? filler(ZALOPAY_SANDBOX.key2),
    }),
    sepay: secret === undefined ? undefined : { secret, bank: bankOf(values) ?? filler(SAMPLE_BANK) },
    endpoints: endpointsOf(values, mode.demo ? SIMULATOR : mode.production ? LIVE : SANDBOX),
  };
}

/** Half an account is a typing mistake: name what is missing and what it belongs to. */
export function missingCredentials(
  values: PaymentValues,
  { demo }: { readonly demo: boolean },
): readonly { name: PaymentVariable; with: PaymentVariable }[] {
  const given = (names: readonly PaymentVariable[]) => names.find((name) => values[name] !== undefined);
  const missing = (names: readonly PaymentVariable[], first: PaymentVariable | undefined) =>
    first ? names.filter((name) => values[name] === undefined).map((name) => ({ name, with: first })) : [];
  // Half of one's own bank account is never filled up: the code would ask for money to a stranger's.
  const bank = missing(['BANK_BIN', 'BANK_ACCOUNT'], given(BANK));
  if (demo) return bank;
  return [...SETS.flatMap((names) => missing(names, given(names))), ...bank, ...missing(['SEPAY_SECRET'], given(BANK))];
}

function bankOf(values: PaymentValues): BankAccount | undefined {
  const { BANK_BIN: bin, BANK_ACCOUNT: account, BANK_ACCOUNT_NAME: name } = values;
  return bin === undefined || account === undefined ? undefined : { bin, account, name };
}

function endpointsOf(values: PaymentValues, otherwise: PaymentEndpoints): PaymentEndpoints {
  return {
    momo: { api: values.MOMO_API_URL ?? otherwise.momo.api },
    vnpay: {
      pay: values.VNPAY_PAY_URL ?? otherwise.vnpay.pay,
      api: values.VNPAY_API_URL ?? otherwise.vnpay.api,
    },
    zalopay: { api: values.ZALOPAY_API_URL ?? otherwise.zalopay.api },
  };
}

function complete<T extends Readonly<Record<string, string | undefined>>>(
  account: T,
): { readonly [K in keyof T]: string } | undefined {
  const whole = Object.values(account).every((value) => value !== undefined);
  // Every field was just seen to be a string.
  return whole ? (account as { readonly [K in keyof T]: string }) : undefined;
}
