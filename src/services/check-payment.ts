import { endPolling, findPaymentByReference, type PolledPayment, takePollNow } from '../db/payments.js';
import type { TenantId } from '../domain/ids.js';
import { isSettled, type PaymentState } from '../domain/payment.js';
import { providers } from '../payments/index.js';
import { type Notice, ProviderFailure } from '../payments/provider.js';
import type { Deps } from './deps.js';
import { endCommand } from './payment-commands.js';
import { settleNotice } from './settle-notice.js';

/** Asks the provider about one payment now, at most every three seconds, and says what has become of it. */
export async function checkPaymentNow(
  deps: Deps,
  { tenantId, reference }: { readonly tenantId: TenantId; readonly reference: string },
): Promise<'pending' | 'succeeded' | 'failed' | 'unknown'> {
  const row = await findPaymentByReference(deps.orm, tenantId, reference);
  if (!row) return 'unknown';
  if (row.status !== 'pending') return shown(row.status);
  const taken = await takePollNow(deps.orm, row);
  if (taken) await checkPayment(deps, taken);
  const after = await findPaymentByReference(deps.orm, tenantId, reference);
  return after ? shown(after.status) : 'unknown';
}

function shown(status: PaymentState): 'pending' | 'succeeded' | 'failed' {
  return isSettled({ status }) ? 'succeeded' : status === 'failed' ? 'failed' : 'pending';
}

/** What came of asking. */
type Said =
  /** The answer was taken as a webhook would be. */
  | 'told'
  /** For certain, as far as anybody can know. */
  | 'unpaid'
  /** The provider did not say, or says that it is not decided. */
  | 'unsure'
  /** Nobody can be asked. */
  | 'unasked';

/**
 * Asks about a payment and takes the answer as a webhook would bring it. Past its time the claim is let go, whatever the
 * provider says. A guest may have paid in the last moment, so one that is unpaid by then is asked about for an hour more, and
 * one of which nobody knows for a day.
 */
export async function checkPayment(deps: Deps, payment: PolledPayment): Promise<void> {
  const said = await ask(deps, payment);
  if (!payment.isOver) return;
  if (payment.status === 'pending' && payment.sessionId) {
    const outcome = said === 'unpaid' || said === 'unasked' ? ('expired' as const) : ('unconfirmed' as const);
    const session = { tenantId: payment.tenantId, sessionId: payment.sessionId };
    await deps.log.submit(endCommand(session, { kind: 'worker' }, { paymentId: payment.id, outcome }));
  }
  if (isLastWord(said, payment)) await endPolling(deps.orm, payment);
}

function isLastWord(said: Said, { isLongOver, isGivenUp }: PolledPayment): boolean {
  switch (said) {
    case 'told':
    case 'unasked':
      return true;
    case 'unpaid':
      return isLongOver;
    case 'unsure':
      return isGivenUp;
  }
}

async function ask(deps: Deps, payment: PolledPayment): Promise<Said> {
  const provider = payment.provider === null ? undefined : providers[payment.provider];
  if (!provider?.queryOrder || payment.account === null) return 'unasked';
  const account = await deps.accounts.find(provider.name, payment.account);
  if (!account || account.tenantId !== payment.tenantId) return 'unsure';
  const notice = await quietly(
    provider.queryOrder(
      account,
      {
        reference: payment.paymentReference ?? '',
        amount: payment.amount,
        createdAt: Date.parse(payment.createdAt),
        sent: payment.providerData ?? {},
        now: deps.now(),
        requestId: deps.newId().replaceAll('-', '').slice(-30),
      },
      deps.providerHttp,
    ),
  );
  if (!notice) return 'unsure';
  if (notice.outcome === 'pending') return notice.isUnderWay ? 'unsure' : 'unpaid';
  const { result } = await settleNotice(deps, { provider, account, notice, inbox: null });
  // Money of another amount is kept beside the payment, of which nobody knows any more then than before.
  return result === 'recorded' || result === 'duplicate' ? 'told' : 'unsure';
}

async function quietly(asking: Promise<Notice>): Promise<Notice | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof ProviderFailure) return undefined;
    throw error;
  }
}
