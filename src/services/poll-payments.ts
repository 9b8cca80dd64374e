import { listUnfinishedAttachments, takeDuePolls } from '../db/payments.js';
import { takeDueRefunds } from '../db/refunds.js';
import type { PaymentId } from '../domain/ids.js';
import { checkPayment } from './check-payment.js';
import type { Deps } from './deps.js';
import { checkRefund } from './refund-payment.js';
import { finishAttachment } from './resolve-payment.js';

/** Payments, refunds and attachments that one sweep takes at a time. */
const sweepSize = 50;

/**
 * Asks providers about payments and refunds that are still pending, lets go of claims whose time is over, and finishes what
 * was interrupted. Safe on any number of nodes. One that fails does not hold up the others. Gives how many were looked at.
 * What was taken when the server stops is due again soon.
 */
export async function pollPayments(
  deps: Deps,
  onFailure: (error: unknown, paymentId: PaymentId) => void,
  stopping?: AbortSignal,
): Promise<number> {
  const payments = await takeDuePolls(deps.orm, sweepSize);
  const refunds = await takeDueRefunds(deps.orm, sweepSize);
  const attachments = await listUnfinishedAttachments(deps.orm, sweepSize);
  if (stopping?.aborted) return 0;
  const work = [
    ...payments.map((payment) => ({ id: payment.id, done: checkPayment(deps, payment) })),
    ...refunds.map((refund) => ({ id: refund.paymentId, done: checkRefund(deps, refund) })),
    ...attachments.map((payment) => ({ id: payment.id, done: finishAttachment(deps, payment) })),
  ];
  const results = await Promise.allSettled(work.map(({ done }) => done));
  results.forEach((result, index) => {
    const id = work[index]?.id;
    if (result.status === 'rejected' && id) onFailure(result.reason, id);
  });
  return work.length;
}
