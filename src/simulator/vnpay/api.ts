import { randomUUID } from 'node:crypto';
import { type Fields, text } from '../fields.js';
import type { Gateway } from '../gateway.js';
import type { VnpayMerchant } from '../options.js';
import { momentOf } from '../vietnam-time.js';
import { vnpayQuery } from './query.js';
import { vnpayRefund } from './refund.js';
import { type ApiResult, vnpayMessages } from './result.js';
import { vnpayBars, vnpayHash, vnpayOrders, type VnpayValues } from './signing.js';

/** `querydr` and `refund` at VNPay's one API address; every answer is signed. */
export function vnpayApi(gateway: Gateway, merchant: VnpayMerchant, fields: Fields): object {
  const values = Object.fromEntries(Object.keys(fields).map((name) => [name, text(fields, name)]));
  const command = values.vnp_Command === 'refund' ? 'refund' : 'querydr';
  const { code, values: more = {} } = resultOf(gateway, { merchant, command, values });
  const answer = prefixed({
    ResponseId: randomUUID().replaceAll('-', ''),
    Command: values.vnp_Command ?? '',
    ResponseCode: code,
    Message: vnpayMessages[code],
    TmnCode: values.vnp_TmnCode ?? '',
    TxnRef: values.vnp_TxnRef ?? '',
    ...more,
  });
  const signed = vnpayBars(vnpayOrders[command === 'refund' ? 'refunded' : 'queried'], answer);
  return { ...answer, vnp_SecureHash: vnpayHash(signed, merchant.hashSecret) };
}

interface ApiCall {
  readonly merchant: VnpayMerchant;
  readonly command: 'querydr' | 'refund';
  readonly values: VnpayValues;
}

function resultOf(gateway: Gateway, { merchant, command, values }: ApiCall): ApiResult {
  if (values.vnp_Command !== command || values.vnp_Version !== '2.1.0') return { code: '03' };
  if (values.vnp_TmnCode !== merchant.tmnCode) return { code: '02' };
  const hash = vnpayHash(vnpayBars(vnpayOrders[command], values), merchant.hashSecret);
  if (hash !== values.vnp_SecureHash?.toLowerCase()) return { code: '97' };
  const requestId = values.vnp_RequestId ?? '';
  const dates = [values.vnp_CreateDate, values.vnp_TransactionDate].map((date) => momentOf(date ?? ''));
  if (!/^[0-9A-Za-z-]{1,32}$/.test(requestId) || dates.includes(undefined)) return { code: '03' };
  const key = `vnpay:${values.vnp_CreateDate?.slice(0, 8)}:${requestId}`;
  if (gateway.answered.get(key)) return { code: '94' };
  gateway.answered.set(key, { fingerprint: '', reply: { status: 200, body: {} }, at: gateway.now() });
  return command === 'refund' ? vnpayRefund(gateway, values) : vnpayQuery(gateway, values);
}

function prefixed(values: Readonly<Record<string, string>>): VnpayValues {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`vnp_${name}`, value]));
}
