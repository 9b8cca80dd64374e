import type { Gateway } from '../gateway.js';
import type { Order, Refund } from '../order.js';
import { compactTime } from '../vietnam-time.js';
import type { ApiResult } from './result.js';
import type { VnpayValues } from './signing.js';

/** `querydr`: the code tells how the question went, the status how the last thing did that happened to the order. */
export function vnpayQuery(gateway: Gateway, values: VnpayValues): ApiResult {
  const order = findOrder(gateway, values);
  if (!order) return { code: '91' };
  if (isTooSoon(gateway, order)) return { code: '94' };
  const refund = order.refunds.at(-1);
  const told = refund ? refundValues(gateway, order, refund) : paymentValues(order);
  return { code: '00', values: { ...told, OrderInfo: order.description } };
}

function paymentValues(order: Order): Readonly<Record<string, string>> {
  const [transaction] = order.transactions;
  return {
    Amount: String((transaction?.amount ?? order.amount) * 100),
    BankCode: transaction ? 'NCB' : '',
    PayDate: order.endedAt === undefined ? '' : compactTime(order.endedAt),
    TransactionNo: transaction?.id ?? '0',
    TransactionType: '01',
    TransactionStatus: order.state === 'paid' ? '00' : order.state === 'failed' ? '02' : '01',
  };
}

function refundValues(gateway: Gateway, order: Order, refund: Refund): Readonly<Record<string, string>> {
  const transaction = order.transactions.find(({ id }) => id === refund.transactionId);
  return {
    Amount: String(refund.amount * 100),
    BankCode: 'NCB',
    PayDate: compactTime(refund.at),
    TransactionNo: refund.id,
    TransactionType: transaction?.amount === refund.amount ? '02' : '03',
    TransactionStatus: gateway.now() - refund.at < gateway.pace.refundMs ? '05' : '00',
  };
}

/** By reference and the date that the pay URL said. */
export function findOrder(gateway: Gateway, values: VnpayValues): Order | undefined {
  const order = gateway.find('vnpay', values.vnp_TxnRef ?? '');
  return order?.given.createDate === values.vnp_TransactionDate ? order : undefined;
}

/** VNPay wants some minutes between two questions about one order. */
function isTooSoon(gateway: Gateway, order: Order): boolean {
  if (gateway.pace.queryEveryMs === 0) return false;
  const key = `vnpay-asked:${order.reference}`;
  const at = gateway.now();
  const last = gateway.answered.get(key);
  if (last && at - last.at < gateway.pace.queryEveryMs) return true;
  gateway.answered.set(key, { fingerprint: '', reply: { status: 200, body: {} }, at });
  return false;
}
