import { type Desk, ending, type Happening, signingSecret } from '../desk.js';
import type { Pace, VnpayMerchant } from '../options.js';
import { type Answer, isExpired, type Order } from '../order.js';
import { compactTime } from '../vietnam-time.js';
import { vnpayHash, vnpayText } from './signing.js';

const MOST_CALLS = 10;
const ASKS_AGAIN = ['01', '04', '97', '99'];

/** VNPay calls with GET, and again until the merchant says that it is done or wrong for good. */
export function vnpayDesk(merchant: VnpayMerchant, pace: Pace): Desk {
  return {
    isTransfer: false,
    notice: (order, happening) => ({
      method: 'GET',
      path: order.webhookPath,
      query: vnpayResult(merchant, order, happening),
      headers: {},
      body: '',
    }),
    returnUrl(order) {
      const end = ending(order);
      if (!end || order.redirectUrl === undefined) return undefined;
      const url = new URL(order.redirectUrl);
      const parts = [url.search.slice(1), vnpayResult(merchant, order, end)];
      url.search = parts.filter((part) => part !== '').join('&');
      return url.href;
    },
    callAgain: (answer, calls) => (calls < MOST_CALLS && wantsAgain(answer) ? pace.retryMs : undefined),
  };
}

/** The signed query that tells how an order ended: the notice and the redirect carry the same. */
export function vnpayResult(merchant: VnpayMerchant, order: Order, happening: Happening): string {
  const { transaction, at } = happening;
  const code = transaction ? '00' : isExpired(order, at) ? '11' : '24';
  const signed = vnpayText({
    vnp_Amount: String((transaction?.amount ?? order.amount) * 100),
    vnp_BankCode: transaction ? 'NCB' : 'VNPAY',
    vnp_BankTranNo: transaction ? `VNP${transaction.id}` : '',
    vnp_CardType: transaction ? 'ATM' : 'QRCODE',
    vnp_OrderInfo: order.description,
    vnp_PayDate: compactTime(at),
    vnp_ResponseCode: code,
    vnp_TmnCode: merchant.tmnCode,
    vnp_TransactionNo: transaction?.id ?? '0',
    vnp_TransactionStatus: transaction ? '00' : '02',
    vnp_TxnRef: order.reference,
  });
  return `${signed}&vnp_SecureHash=${vnpayHash(signed, signingSecret(merchant.hashSecret, happening))}`;
}

function wantsAgain({ status, body }: Answer): boolean {
  if (status < 200 || status > 299) return true;
  try {
    const answer = JSON.parse(body) as { RspCode?: unknown } | null;
    return typeof answer?.RspCode !== 'string' || ASKS_AGAIN.includes(answer.RspCode);
  } catch {
    return true;
  }
}
