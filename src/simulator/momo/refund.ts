import { type Fields, positive, text } from '../fields.js';
import type { Gateway, Reply } from '../gateway.js';
import { refundable } from '../order.js';
import type { MomoMerchant } from '../options.js';
import { momoRefusal, momoReply } from './answers.js';
import { isName } from './create.js';

/** `POST /v2/gateway/api/refund`: gives back all or a part of one transaction, at once. */
export function momoRefund(gateway: Gateway, merchant: MomoMerchant, fields: Fields): Reply {
  const at = gateway.now();
  const refusal = momoRefusal('refund', fields, merchant);
  if (refusal) return momoReply(fields, { code: 13, why: refusal, at });
  const amount = positive(text(fields, 'amount'));
  if (!isName(text(fields, 'requestId'), 50)) return momoReply(fields, { code: 20, why: 'requestId', at });
  if (!isName(text(fields, 'orderId'), 200)) return momoReply(fields, { code: 20, why: 'orderId', at });
  if (amount < 1_000 || amount > 50_000_000) return momoReply(fields, { code: 22, at });
  const requestKey = `momo:${text(fields, 'requestId')}`;
  const fingerprint = `refund ${text(fields, 'signature')}`;
  const before = gateway.answered.get(requestKey);
  if (before) return before.fingerprint === fingerprint ? before.reply : momoReply(fields, { code: 40, at });
  const reply = giveBack(gateway, fields, amount);
  gateway.answered.set(requestKey, { fingerprint, reply, at });
  return reply;
}

function giveBack(gateway: Gateway, fields: Fields, amount: number): Reply {
  const at = gateway.now();
  const orderId = text(fields, 'orderId');
  const transId = text(fields, 'transId');
  const purchase = gateway.findPaid('momo', transId);
  const transaction = purchase?.transactions.find(({ id }) => id === transId);
  if (!purchase || !transaction) return momoReply(fields, { code: 42, why: 'transId', at });
  const isTaken = gateway.find('momo', orderId) ?? purchase.refunds.some(({ reference }) => reference === orderId);
  if (isTaken) return momoReply(fields, { code: 41, at });
  if (amount > refundable(purchase, transaction)) {
    return momoReply(fields, { code: 1081, why: 'more than was paid', at }, { amount });
  }
  const id = String(gateway.newNumber());
  purchase.refunds.push({ reference: orderId, id, transactionId: transId, amount, at });
  return momoReply(fields, { code: 0, at }, { amount, transId: Number(id) });
}
