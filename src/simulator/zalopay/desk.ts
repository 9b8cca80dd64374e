import { type Desk, ending, type Happening, signingSecret, withParameters } from '../desk.js';
import type { Pace, ZalopayMerchant } from '../options.js';
import type { Answer, Order, Transaction } from '../order.js';
import { zalopayDataMac, zalopayMac } from './signing.js';

/** The first call and three more. */
const MOST_CALLS = 4;
/** Its number for the wallet itself. */
const CHANNEL = 38;

/** ZaloPay calls only when money moved. */
export function zalopayDesk(merchant: ZalopayMerchant, pace: Pace): Desk {
  return {
    isTransfer: false,
    notice: (order, happening) =>
      happening.transaction && {
        method: 'POST',
        path: order.webhookPath,
        query: '',
        headers: { 'content-type': 'application/json' },
        body: zalopayCallback(merchant, callbackData(order, happening.transaction), happening),
      },
    returnUrl(order) {
      const end = ending(order);
      if (!end || order.redirectUrl === undefined) return undefined;
      const amount = String(end.transaction?.amount ?? order.amount);
      const status = end.transaction ? '1' : '-49';
      const values = [merchant.appId, order.reference, String(CHANNEL), '', amount, '0', status];
      const names = ['appid', 'apptransid', 'pmcid', 'bankcode', 'amount', 'discountamount', 'status'];
      const told = Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
      return withParameters(order.redirectUrl, { ...told, checksum: zalopayMac(values, merchant.key2) });
    },
    callAgain: (answer, calls) => (calls < MOST_CALLS && wantsAgain(answer) ? pace.retryMs : undefined),
  };
}

/** The body of a callback: the data is a text, and that text is signed. */
export function zalopayCallback(merchant: ZalopayMerchant, data: object, happening: Happening): string {
  const told = JSON.stringify(data);
  return JSON.stringify({ data: told, mac: zalopayDataMac(told, signingSecret(merchant.key2, happening)), type: 1 });
}

function callbackData({ reference, given }: Order, { id, amount, at }: Transaction): object {
  return {
    app_id: Number(given.app_id),
    app_trans_id: reference,
    app_time: Number(given.app_time),
    app_user: given.app_user,
    amount,
    embed_data: given.embed_data,
    item: given.item,
    zp_trans_id: Number(id),
    server_time: at,
    channel: CHANNEL,
    merchant_user_id: 'simulated-user',
    zp_user_id: 'simulated-user',
    user_fee_amount: 0,
    discount_amount: 0,
  };
}

/** Only a 0 asks for another call; what ZaloPay does without an answer is not published. */
function wantsAgain({ status, body }: Answer): boolean {
  if (status !== 200) return false;
  try {
    return (JSON.parse(body) as { return_code?: unknown } | null)?.return_code === 0;
  } catch {
    return false;
  }
}
