import type { Gateway } from '../gateway.js';
import { refundable } from '../order.js';
import { compactTime } from '../vietnam-time.js';
import { findOrder } from './query.js';
import type { ApiResult } from './result.js';
import type { VnpayValues } from './signing.js';

/** `refund`: accepted at once, status 05: VNPay works on it. */
export function vnpayRefund(gateway: Gateway, values: VnpayValues): ApiResult {
  const order = findOrder(gateway, values);
  const asked = values.vnp_TransactionNo ?? '';
  const isAny = asked === '' || asked === '0';
  const transaction = order?.transactions.find(({ id }) => isAny || id === asked);
  if (!order || (!transaction && !isAny)) return { code: '91' };
  if (!transaction) return { code: '95' };
  const amount = Number(values.vnp_Amount) / 100;
  const left = refundable(order, transaction);
  const type = values.vnp_TransactionType;
  if (type !== '02' && type !== '03') return { code: '03' };
  if (!Number.isSafeInteger(amount) || amount <= 0) return { code: '03' };
  if (amount > left || (type === '02' && amount !== transaction.amount)) return { code: '93' };
  const id = String(gateway.newNumber());
  const at = gateway.now();
  order.refunds.push({ reference: values.vnp_RequestId ?? '', id, transactionId: transaction.id, amount, at });
  return {
    code: '00',
    values: {
      Amount: values.vnp_Amount ?? '',
      BankCode: 'NCB',
      PayDate: compactTime(at),
      TransactionNo: id,
      TransactionType: type,
      TransactionStatus: '05',
      OrderInfo: values.vnp_OrderInfo ?? '',
    },
  };
}
