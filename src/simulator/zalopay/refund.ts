import { type Fields, positive, text } from '../fields.js';
import type { Gateway } from '../gateway.js';
import type { ZalopayMerchant } from '../options.js';
import { refundable } from '../order.js';
import { dayCode } from '../vietnam-time.js';
import { zalopayFailure, zalopayProcessing, zalopaySuccess } from './answers.js';
import { zalopayMac } from './signing.js';

/** `POST /v2/refund`: accepted now, done later. The same name again is the same refund. */
export function zalopayRefund(gateway: Gateway, merchant: ZalopayMerchant, fields: Fields): object {
  const fee = text(fields, 'refund_fee_amount');
  const signed = [
    'app_id',
    'zp_trans_id',
    'amount',
    ...(fee === '' ? [] : ['refund_fee_amount']),
    'description',
    'timestamp',
  ];
  const mac = zalopayMac(
    signed.map((name) => text(fields, name)),
    merchant.key1,
  );
  if (text(fields, 'app_id') !== merchant.appId || mac !== text(fields, 'mac')) return zalopayFailure(-402, 'mac');
  const name = text(fields, 'm_refund_id');
  const fault = nameFault(name, merchant.appId, gateway.now());
  if (fault !== undefined) return zalopayFailure(fault, 'm_refund_id');
  const key = `zalopay:${name}`;
  const fingerprint = [text(fields, 'zp_trans_id'), text(fields, 'amount'), text(fields, 'description')].join('|');
  const before = gateway.answered.get(key);
  if (before)
    return before.fingerprint === fingerprint ? before.reply.body : zalopayFailure(-23, 'm_refund_id is taken');
  const body = giveBack(gateway, fields);
  gateway.answered.set(key, { fingerprint, reply: { status: 200, body }, at: gateway.now() });
  return body;
}

/** `POST /v2/query_refund`. */
export function zalopayQueryRefund(gateway: Gateway, merchant: ZalopayMerchant, fields: Fields): object {
  const name = text(fields, 'm_refund_id');
  const mac = zalopayMac([text(fields, 'app_id'), name, text(fields, 'timestamp')], merchant.key1);
  if (text(fields, 'app_id') !== merchant.appId || mac !== text(fields, 'mac')) return zalopayFailure(-402, 'mac');
  const answered = gateway.answered.get(`zalopay:${name}`);
  if (!answered) return zalopayFailure(-21, 'm_refund_id is not known');
  if (!isAccepted(answered.reply.body)) return answered.reply.body;
  return gateway.now() - answered.at < gateway.pace.refundMs ? zalopayProcessing() : zalopaySuccess();
}

function giveBack(gateway: Gateway, fields: Fields): object {
  const id = text(fields, 'zp_trans_id');
  const order = gateway.findPaid('zalopay', id);
  const transaction = order?.transactions.find((one) => one.id === id);
  if (!order || !transaction) return zalopayFailure(-8, 'zp_trans_id is not known');
  const amount = positive(text(fields, 'amount'));
  if (amount === 0 || amount > refundable(order, transaction)) return zalopayFailure(-14, 'amount');
  const at = gateway.now();
  const refundId = gateway.newNumber();
  order.refunds.push({
    reference: text(fields, 'm_refund_id'),
    id: String(refundId),
    transactionId: id,
    amount,
    at,
  });
  return zalopayProcessing({ refund_id: refundId });
}

function isAccepted(body: object): boolean {
  return 'return_code' in body && body.return_code === 3;
}

/** `yymmdd_appid_xxxxxxxxxx`; undefined: nothing is wrong with it. */
function nameFault(name: string, appId: string, now: number): number | undefined {
  const [, day, app] = /^(\d{6})_(\d+)_([A-Za-z0-9]+)$/.exec(name) ?? [];
  if (day === undefined || name.length > 45) return -24;
  if (day !== dayCode(now)) return -25;
  return app === appId ? undefined : -26;
}
