import { type Desk, signingSecret } from '../desk.js';
import type { Pace, SepayMerchant } from '../options.js';
import type { Answer, Order, Transaction } from '../order.js';
import { spelledTime } from '../vietnam-time.js';
import { sepayHeaders } from './signing.js';

/** Steps of the pace between SePay's calls: the first call and seven more. */
const SPACING = [1, 1, 2, 3, 5, 8, 13];

const BANKS: Readonly<Record<string, string>> = {
  '970436': 'Vietcombank',
  '970415': 'VietinBank',
  '970418': 'BIDV',
  '970407': 'Techcombank',
  '970422': 'MBBank',
  '970416': 'ACB',
};

/** A bank's feed tells of money that came in, and of nothing else. */
export function bankDesk(merchant: SepayMerchant, pace: Pace): Desk {
  return {
    isTransfer: true,
    notice(order, happening) {
      if (!happening.transaction) return undefined;
      const body = JSON.stringify(credit(order, happening.transaction));
      const secret = signingSecret(merchant.secret, happening);
      const headers = sepayHeaders(body, happening.at, secret);
      return { method: 'POST', path: order.webhookPath, query: '', headers, body };
    },
    returnUrl: () => undefined,
    callAgain(answer, calls) {
      const steps = isTaken(answer) ? undefined : SPACING[calls - 1];
      return steps === undefined ? undefined : steps * pace.bankStepMs;
    },
  };
}

/** Banks put words around the message of a transfer. */
function credit({ given, description }: Order, { id, amount, at }: Transaction): object {
  const content = `MBVCB.${id.slice(-10)}.${description}.CT tu 0011000999888 NGUYEN VAN KHACH`;
  return {
    id: Number(id),
    gateway: BANKS[given.bankBin ?? ''] ?? 'Vietcombank',
    transactionDate: spelledTime(at),
    accountNumber: given.account,
    subAccount: null,
    code: null,
    content,
    transferType: 'in',
    description: `BankAPINotify ${content}`,
    transferAmount: amount,
    accumulated: 0,
    referenceCode: `FT${id}`,
  };
}

function isTaken({ status, body }: Answer): boolean {
  if (status !== 200 && status !== 201) return false;
  try {
    return (JSON.parse(body) as { success?: unknown } | null)?.success === true;
  } catch {
    return false;
  }
}
