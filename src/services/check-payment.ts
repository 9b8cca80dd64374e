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

/**
 * Asks about a payment and takes the answer as a webhook would bring it. Past its time the claim is let go, whatever the
 * provider says; one that would not answer is asked for a day more.
 */
export async function checkPayment(deps: Deps, payment: PolledPayment): Promise<void> {
  const said = await ask(deps, payment);
  if (said === 'settled') return;
  if (!payment.isOver) return;
  const isKnown = said === 'unpaid';
  if (payment.status === 'pending' && payment.sessionId) {
    const outcome = isKnown ? ('expired' as const) : ('unconfirmed' as const);
    const session = { tenantId: payment.tenantId, sessionId: payment.sessionId };
    await deps.log.submit(endCommand(session, { kind: 'worker' }, { paymentId: payment.id, outcome }));
  }
  if (isKnown || payment.isGivenUp) await endPolling(deps.orm, payment);
}

/** `unpaid`: for certain, as far as anybody can know; `unanswered`: the provider could not be asked. */
async function ask(deps: Deps, payment: PolledPayment): Promise<'settled' | 'unpaid' | 'unanswered'> {
  const provider = payment.provider === null ? undefined : providers[payment.provider];
  if (!provider || payment.account === null) return 'unpaid';
  const account = await deps.accounts.find(provider.name, payment.account);
  if (!account || account.tenantId !== payment.tenantId) return 'unanswered';
  if (!provider.queryOrder) return 'unpaid';
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
  if (!notice) return 'unanswered';
  if (notice.outcome === 'pending') return 'unpaid';
  const { result } = await settleNotice(deps, { provider, account, notice, inbox: null });
  // Money of another amount is kept beside the payment, of which nobody knows any more then than before.
  return result === 'recorded' || result === 'duplicate' ? 'settled' : 'unanswered';
}

async function quietly(asking: Promise<Notice>): Promise<Notice | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof ProviderFailure) return undefined;
    throw error;
  }
}
