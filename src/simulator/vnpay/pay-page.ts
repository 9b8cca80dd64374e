import { type Gateway, webAddress } from '../gateway.js';
import type { VnpayMerchant } from '../options.js';
import { type Order, openOrder } from '../order.js';
import { momentOf } from '../vietnam-time.js';
import { vnpayHash, vnpayText, type VnpayValues } from './signing.js';

/** What VNPay says to a pay URL that it does not take. */
export type PayRefusal = '01' | '03' | '15' | '70' | '72';

/** A guest opens a pay URL: VNPay learns of the order, or knows it already. */
export function openPayPage(gateway: Gateway, merchant: VnpayMerchant, query: string): Order | PayRefusal {
  const values = readQuery(query);
  if (!values) return '03';
  if (vnpayHash(vnpayText(values), merchant.hashSecret) !== values.vnp_SecureHash?.toLowerCase()) return '70';
  if (values.vnp_TmnCode !== merchant.tmnCode) return '72';
  if (!isWellFormed(values)) return '03';
  const expiresAt = momentOf(values.vnp_ExpireDate ?? '') ?? 0;
  const reference = values.vnp_TxnRef ?? '';
  const known = gateway.find('vnpay', reference);
  if (known) return known.given.signed === values.vnp_SecureHash ? known : '01';
  if (expiresAt < gateway.now()) return '15';
  const order = openOrder({
    provider: 'vnpay',
    reference,
    merchant: merchant.tmnCode,
    amount: Number(values.vnp_Amount) / 100,
    description: values.vnp_OrderInfo ?? '',
    createdAt: gateway.now(),
    expiresAt,
    webhookPath: merchant.ipnPath ?? '/webhooks/vnpay',
    redirectUrl: values.vnp_ReturnUrl,
    given: { signed: values.vnp_SecureHash, createDate: values.vnp_CreateDate ?? '' },
  });
  gateway.add(order);
  return order;
}

/** Decoded `vnp_` parameters; undefined: one comes twice, or an escape is broken. */
function readQuery(query: string): VnpayValues | undefined {
  const values = new Map<string, string>();
  for (const part of query.split('&').filter((one) => one.startsWith('vnp_'))) {
    const [name = '', ...rest] = part.split('=');
    if (values.has(name)) return undefined;
    try {
      values.set(name, decodeURIComponent(rest.join('=').replaceAll('+', ' ')));
    } catch {
      return undefined;
    }
  }
  return Object.fromEntries(values);
}

const FORMATS: Readonly<Record<string, RegExp>> = {
  vnp_Version: /^2\.1\.0$/,
  vnp_Command: /^pay$/,
  vnp_CurrCode: /^VND$/,
  vnp_Locale: /^(vn|en)$/,
  vnp_Amount: /^[1-9]\d{0,9}00$/,
  vnp_TxnRef: /^[0-9A-Za-z]{1,100}$/,
  vnp_OrderInfo: /^.{1,255}$/,
  vnp_OrderType: /^.{1,100}$/,
  vnp_IpAddr: /^.{7,45}$/,
  vnp_ReturnUrl: /^.{10,255}$/,
};

function isWellFormed(values: VnpayValues): boolean {
  const dates = [values.vnp_CreateDate, values.vnp_ExpireDate];
  return (
    Object.entries(FORMATS).every(([name, format]) => format.test(values[name] ?? '')) &&
    dates.every((date) => momentOf(date ?? '') !== undefined) &&
    webAddress(values.vnp_ReturnUrl ?? '') !== undefined
  );
}
