import { type Fields, text } from '../fields.js';
import type { Gateway, Reply } from '../gateway.js';
import { isExpired, type Order } from '../order.js';
import type { MomoMerchant } from '../options.js';
import { type MomoCode, momoRefusal, momoReply } from './answers.js';

/** `POST /v2/gateway/api/query`: what became of an order. Not signed, as MoMo's. */
export function momoQuery(gateway: Gateway, merchant: MomoMerchant, fields: Fields): Reply {
  const at = gateway.now();
  const refusal = momoRefusal('query', fields, merchant);
  if (refusal) return momoReply(fields, { code: 13, why: refusal, at });
  const order = gateway.find('momo', text(fields, 'orderId'));
  if (!order) return momoReply(fields, { code: 42, at });
  const [transaction] = order.transactions;
  return momoReply(
    fields,
    { code: codeOf(order, at), at },
    {
      extraData: order.given.extraData ?? '',
      amount: transaction?.amount ?? order.amount,
      transId: transaction ? Number(transaction.id) : 0,
      payType: transaction ? 'qr' : '',
      refundTrans: order.refunds.map((refund) => ({
        orderId: refund.reference,
        amount: refund.amount,
        resultCode: 0,
        transId: Number(refund.id),
        createdTime: refund.at,
      })),
      lastUpdated: order.endedAt ?? order.createdAt,
    },
  );
}

function codeOf(order: Order, now: number): MomoCode {
  if (order.state === 'paid') return 0;
  if (order.state === 'failed') return isExpired(order, order.endedAt ?? now) ? 1005 : 1006;
  return isExpired(order, now) ? 1005 : 1000;
}
