import { type Fields, text } from '../fields.js';
import type { Gateway } from '../gateway.js';
import type { ZalopayMerchant } from '../options.js';
import { isExpired } from '../order.js';
import { zalopayFailure, zalopayProcessing, zalopaySuccess } from './answers.js';
import { zalopayMac } from './signing.js';

/** `POST /v2/query`: the only place where ZaloPay tells of a payment that failed. */
export function zalopayQuery(gateway: Gateway, merchant: ZalopayMerchant, fields: Fields): object {
  const reference = text(fields, 'app_trans_id');
  const mac = zalopayMac([text(fields, 'app_id'), reference, merchant.key1], merchant.key1);
  if (text(fields, 'app_id') !== merchant.appId || mac !== text(fields, 'mac')) return zalopayFailure(-402, 'mac');
  const order = gateway.find('zalopay', reference);
  if (!order) return zalopayFailure(-101, 'app_trans_id is not known');
  const nothing = { is_processing: false, amount: 0, zp_trans_id: 0, server_time: gateway.now() };
  const [transaction] = order.transactions;
  if (transaction) {
    return zalopaySuccess({
      ...nothing,
      amount: transaction.amount,
      zp_trans_id: Number(transaction.id),
      discount_amount: 0,
    });
  }
  const isOver = isExpired(order, order.endedAt ?? gateway.now());
  if (isOver) return zalopayFailure(-54, 'the order has expired', nothing);
  if (order.state === 'failed') return zalopayFailure(-329, 'the user cancelled', nothing);
  return zalopayProcessing({ ...nothing, is_processing: true });
}
