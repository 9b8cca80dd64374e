/** Webhooks signed as the demo's providers sign them, in so few lines that they can be checked against their manuals by eye. */
import { createHmac } from 'node:crypto';
import type { RawRequest } from './raw-request.js';

export interface SaidPayment {
  readonly reference: string;
  readonly amount: number;
  readonly transaction: string;
  readonly isPaid: boolean;
  /** What MoMo echoes of the order. */
  readonly echo?: { readonly requestId: string; readonly orderInfo: string; readonly extraData: string };
}

export interface SignedWebhook extends RawRequest {
  readonly target: string;
}

const hmac = (algorithm: string, key: string, text: string) => createHmac(algorithm, key).update(text).digest('hex');

/** MoMo: HMAC-SHA256 over the fields by name, the access key first. */
export function momoWebhook({ reference, amount, transaction, isPaid, echo }: SaidPayment): SignedWebhook {
  const { requestId, orderInfo, extraData } = echo ?? { requestId: reference, orderInfo: 'TT', extraData: '' };
  const fields = {
    ...{ amount, extraData, message: isPaid ? 'Successful.' : 'Cancelled.', orderId: reference, orderInfo },
    ...{ orderType: 'momo_wallet', partnerCode: 'MOMO', payType: isPaid ? 'qr' : '', requestId },
    ...{ responseTime: 1_795_331_106_123, resultCode: isPaid ? 0 : 1006, transId: Number(transaction) },
  };
  const text = Object.entries({ accessKey: 'F8BBA842ECF85', ...fields }).map(([name, value]) => `${name}=${value}`);
  const signature = hmac('sha256', 'K951B6PE1waDMi640xX08PD3vg6EkVlz', text.join('&'));
  const headers = { 'content-type': 'application/json' };
  return { method: 'POST', target: '/webhooks/momo', headers, body: JSON.stringify({ ...fields, signature }) };
}

/** VNPay: HMAC-SHA512 over the query, sorted and form-encoded; amounts a hundredfold. */
export function vnpayWebhook({ reference, amount, transaction, isPaid }: SaidPayment): SignedWebhook {
  const fields = {
    ...{ vnp_Amount: String(amount * 100), vnp_BankCode: 'NCB', vnp_OrderInfo: 'TT', vnp_PayDate: '20261122140506' },
    ...{ vnp_ResponseCode: isPaid ? '00' : '24', vnp_TmnCode: 'LAWDEV01', vnp_TransactionNo: transaction },
    ...{ vnp_TransactionStatus: isPaid ? '00' : '02', vnp_TxnRef: reference },
  };
  const query = new URLSearchParams(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))).toString();
  const hash = hmac('sha512', 'MADEUPDEVSECRETVNPAY000000000001', query);
  return { method: 'GET', target: `/webhooks/vnpay?${query}&vnp_SecureHash=${hash}` };
}

/** ZaloPay: HMAC-SHA256 over `data` as it is; it tells of success only. */
export function zalopayWebhook(said: Omit<SaidPayment, 'isPaid'>, appTime = Date.now()): SignedWebhook {
  const data = JSON.stringify({
    ...{ app_id: 2553, app_trans_id: said.reference, app_time: appTime, app_user: 'guest', amount: said.amount },
    ...{ embed_data: '{}', item: '[]', zp_trans_id: Number(said.transaction), server_time: appTime, channel: 38 },
  });
  const mac = hmac('sha256', 'kLtgPl8HHhfvMuDHPwKfgfsY4Ydm9eIz', data);
  const headers = { 'content-type': 'application/json' };
  return { method: 'POST', target: '/webhooks/zalopay', headers, body: JSON.stringify({ data, mac, type: 1 }) };
}

/** The same webhook with one hex digit of its signature changed. */
export function forgery(webhook: SignedWebhook): SignedWebhook {
  const spoil = (text: string) =>
    text.replace(
      /((?:signature|mac)":"|vnp_SecureHash=)(.)/,
      (_, name, digit) => `${name}${digit === '0' ? '1' : '0'}`,
    );
  return { ...webhook, target: spoil(webhook.target), body: webhook.body ? spoil(String(webhook.body)) : null };
}
