import { type Desk, ending, type Happening, signingSecret, withParameters } from '../desk.js';
import type { MomoMerchant } from '../options.js';
import { isExpired, type Order } from '../order.js';
import { momoMessage } from './answers.js';
import { momoSignature, momoText } from './signing.js';

/** MoMo calls the ipnUrl once and publishes no schedule of further calls. */
export function momoDesk(merchant: MomoMerchant): Desk {
  return {
    isTransfer: false,
    notice: (order, happening) => ({
      method: 'POST',
      path: order.webhookPath,
      query: '',
      headers: { 'content-type': 'application/json; charset=UTF-8' },
      body: JSON.stringify(momoResult(merchant, order, happening)),
    }),
    returnUrl(order) {
      const end = ending(order);
      if (!end || order.redirectUrl === undefined) return undefined;
      const fields = Object.entries(momoResult(merchant, order, end)).map(([name, value]) => [name, String(value)]);
      return withParameters(order.redirectUrl, Object.fromEntries(fields) as Record<string, string>);
    },
    callAgain: () => undefined,
  };
}

/** The signed result of an order: the notice and the redirect carry the same. */
export function momoResult(merchant: MomoMerchant, order: Order, happening: Happening) {
  const { transaction, at } = happening;
  const code = transaction ? 0 : isExpired(order, at) ? 1005 : 1006;
  const fields = {
    partnerCode: merchant.partnerCode,
    orderId: order.reference,
    requestId: order.given.requestId ?? '',
    amount: transaction?.amount ?? order.amount,
    orderInfo: order.description,
    orderType: 'momo_wallet',
    // Where nothing was paid it is a time, and no transaction.
    transId: transaction ? Number(transaction.id) : at,
    resultCode: code,
    message: momoMessage(code),
    payType: transaction ? 'qr' : '',
    responseTime: at,
    extraData: order.given.extraData ?? '',
  };
  const signed = momoText('notice', { ...fields, accessKey: merchant.accessKey });
  return { ...fields, signature: momoSignature(signed, signingSecret(merchant.secretKey, happening)) };
}
