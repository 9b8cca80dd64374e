/** Webhooks as the providers would send them, signed here and not by the code under test. */
import { createHmac, randomInt, randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { type Api, demo } from './api.js';

/** The public sandbox account that the demo's default account is. */
const momoKeys = {
  partnerCode: 'MOMO',
  accessKey: 'F8BBA842ECF85',
  secretKey: 'K951B6PE1waDMi640xX08PD3vg6EkVlz',
};
const vnpayKeys = { tmnCode: 'LAWDEV01', hashSecret: 'MADEUPDEVSECRETVNPAY000000000001' };

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface RawAsk {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Sends exactly these bytes, and no header that is not said here. */
export function sendRaw(url: string, { method = 'POST', headers = {}, body = '' }: RawAsk = {}): Promise<RawAnswer> {
  const bytes = Buffer.from(body);
  const length = bytes.length > 0 ? { 'content-length': bytes.length } : {};
  // The URL goes out as it is written: the parser of URLs would encode parts of it.
  const [, host = '', path = '/'] = /^http:\/\/([^/]+)(\/.*)$/.exec(url) ?? [];
  const [hostname, port] = host.split(':');
  return new Promise((resolve, reject) => {
    const asked = request(
      { hostname, port, path, method, headers: { ...headers, ...length }, agent: false },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts) }),
        );
      },
    );
    asked.on('error', reject);
    asked.end(bytes);
  });
}

export const json = { 'content-type': 'application/json' } as const;

/** A reference that no payment of ours has, yet of a form that MoMo takes. */
export const strangeReference = (): string => `X${randomInt(1e9, 9e9)}${randomInt(1e9, 9e9)}`;

/** A result of MoMo, paid unless said otherwise, as the fields of its JSON. */
export function momoFields(fields: Readonly<Record<string, string | number>> = {}): Record<string, string | number> {
  const { partnerCode, accessKey, secretKey } = momoKeys;
  const reference = strangeReference();
  const result = {
    ...{ partnerCode, orderId: reference, requestId: reference, amount: 50_000, orderInfo: 'Thanh toan' },
    ...{ orderType: 'momo_wallet', transId: randomInt(1e9, 9e9), resultCode: 0, message: 'Thành công.', payType: 'qr' },
    ...{ responseTime: Date.now(), extraData: '' },
    ...fields,
  };
  const text = Object.entries({ ...result, accessKey })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  return { ...result, signature: createHmac('sha256', secretKey).update(text).digest('hex') };
}

/** Its JSON, with the odd white space of somebody else's printer. */
export function momoBody(fields: Readonly<Record<string, string | number>> = {}): string {
  return `\r\n ${JSON.stringify(momoFields(fields), null, '\t ').replaceAll(':', ' :  ')}\n\n`;
}

/** A call of VNPay: a signed query string. */
export function vnpayQuery(fields: Readonly<Record<string, string>> = {}): string {
  const { tmnCode, hashSecret } = vnpayKeys;
  const result = {
    ...{ vnp_TmnCode: tmnCode, vnp_Amount: '5000000', vnp_BankCode: 'NCB', vnp_OrderInfo: 'Thanh toan ban 1' },
    ...{ vnp_PayDate: '20261122140506', vnp_TransactionNo: `${randomInt(1e7, 9e7)}`, vnp_ResponseCode: '00' },
    ...{ vnp_TransactionStatus: '00', vnp_TxnRef: strangeReference() },
    ...fields,
  };
  const signed = new URLSearchParams(Object.entries(result).sort(([a], [b]) => (a < b ? -1 : 1))).toString();
  return `${signed}&vnp_SecureHash=${createHmac('sha512', hashSecret).update(signed).digest('hex')}`;
}

/** A movement of money as SePay tells it. */
export function sepayBody(fields: Readonly<Record<string, string | number | null>> = {}): string {
  return JSON.stringify({
    ...{ id: randomInt(1e6, 9e6), gateway: 'Vietcombank', transactionDate: '2026-11-22 14:05:06' },
    ...{ accountNumber: '0011000123456', subAccount: null, code: null, content: 'tien an', transferType: 'in' },
    ...{ description: 'tien an', transferAmount: 50_000, accumulated: 0, referenceCode: `FT${randomInt(1e9, 9e9)}` },
    ...fields,
  });
}

/** SePay's headers over a body: signed at this time, in seconds. */
export function sepayHeaders(body: string, secret: string, at = Math.floor(Date.now() / 1000)): Record<string, string> {
  const mac = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
  return { ...json, 'x-sepay-timestamp': `${at}`, 'x-sepay-signature': `sha256=${mac}` };
}

/** An account of the demo's tenant with secrets that nobody knows, unless said otherwise. Gives its id. */
export async function newAccount(
  api: Api,
  provider: 'momo' | 'vnpay' | 'vietqr',
  change: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const own = {
    momo: { settings: { partner_code: 'MOMOTEST' }, secrets: { access_key: randomUUID(), secret_key: randomUUID() } },
    vnpay: { settings: { tmn_code: 'QRTEST01' }, secrets: { hash_secret: randomUUID() } },
    vietqr: {
      settings: { bank_bin: '970436', account_number: '0011000123456' },
      secrets: { sepay_secret: randomUUID() },
    },
  };
  const body = { provider, name: 'A test account', ...own[provider], ...change };
  const answer = await api.rest('POST /admin/merchant-accounts', { as: demo.manager, body });
  if (answer.status !== 201) throw new Error(`no account: ${answer.text}`);
  return answer.body.account_id;
}
