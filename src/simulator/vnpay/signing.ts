import { createHmac } from 'node:crypto';

export type VnpayValues = Readonly<Record<string, string>>;

/** What is signed of a pay URL, a notice or a redirect: sorted names, form-encoded values, empty ones left out. */
export function vnpayText(values: VnpayValues): string {
  return Object.keys(values)
    .filter((name) => name !== 'vnp_SecureHash' && name !== 'vnp_SecureHashType' && values[name] !== '')
    .sort()
    .map((name) => `${name}=${formEncoded(values[name] ?? '')}`)
    .join('&');
}

/** What is signed of the API's requests and answers: plain values in a given order, between bars. */
export function vnpayBars(names: string, values: VnpayValues): string {
  const parts = names.split(' ').map((name) => values[`vnp_${name}`] ?? '');
  return parts.join('|');
}

export const vnpayOrders = {
  querydr: 'RequestId Version Command TmnCode TxnRef TransactionDate CreateDate IpAddr OrderInfo',
  queried:
    'ResponseId Command ResponseCode Message TmnCode TxnRef Amount BankCode PayDate TransactionNo TransactionType TransactionStatus OrderInfo PromotionCode PromotionAmount',
  refund:
    'RequestId Version Command TmnCode TransactionType TxnRef Amount TransactionNo TransactionDate CreateBy CreateDate IpAddr OrderInfo',
  refunded:
    'ResponseId Command ResponseCode Message TmnCode TxnRef Amount BankCode PayDate TransactionNo TransactionType TransactionStatus OrderInfo',
};

export function vnpayHash(signed: string, hashSecret: string): string {
  return createHmac('sha512', hashSecret).update(signed, 'utf8').digest('hex');
}

/** As Java's URLEncoder: letters, digits and `.-*_` bare, a space is a plus. */
function formEncoded(value: string): string {
  return encodeURIComponent(value)
    .replaceAll('%20', '+')
    .replaceAll(/[!'()~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
