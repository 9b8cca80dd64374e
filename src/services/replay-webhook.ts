import { findWebhook, storeReplay, type WebhookRow } from '../db/webhook-inbox.js';
import type { PaymentId, TenantId } from '../domain/ids.js';
import { Rejection } from '../domain/rejection.js';
import type { Scope } from '../domain/scope.js';
import { providers } from '../payments/index.js';
import type { WebhookAnswer } from '../payments/provider.js';
import { requireOperator } from './access.js';
import type { Deps } from './deps.js';
import { keptEntry, keptRequest } from './kept-webhook.js';
import { noSuchWebhook, settleVerified } from './receive-webhook.js';

export interface ReplayedWebhook {
  readonly webhookId: string;
  readonly verdict: string;
  readonly paymentId: PaymentId | null;
  /** What the provider would have got this time. */
  readonly answer: WebhookAnswer;
}

/**
 * Goes through a kept notice once more, by an operator: after a fault of ours, or once the order that it names is known.
 * It is verified again, with the account's secrets of today and as of the time when it came; where it came from was
 * settled then. Money that is booked already is not booked again.
 */
export async function replayWebhook(
  deps: Deps,
  scope: Scope,
  { tenantId, webhookId }: { readonly tenantId: TenantId; readonly webhookId: string },
): Promise<ReplayedWebhook> {
  requireOperator(scope);
  const row = await findWebhook(deps.orm, tenantId, webhookId);
  if (!row) throw noSuchWebhook();
  const { provider, account } = await originOf(deps, row);
  const verification = provider.verify(account, keptRequest(deps.accounts.box, row));
  if (verification.verdict === 'invalid') {
    const { why } = verification;
    return { webhookId, verdict: why, paymentId: null, answer: provider.acknowledge({ result: 'invalid', why }) };
  }
  const verified = { provider, account, verification, inbox: keptEntry(row) };
  const { result, ...settled } = await settleVerified(deps, verified, (kept) => storeReplay(deps.orm, row, kept));
  return { webhookId, ...settled, answer: provider.acknowledge(result) };
}

async function originOf(deps: Deps, row: WebhookRow) {
  const provider = providers[row.provider];
  const account = provider && (await deps.accounts.find(provider.name, row.account));
  if (account?.tenantId !== row.tenantId || !provider) {
    throw new Rejection('NOT_FOUND', 'the merchant account of this webhook is there no more');
  }
  return { provider, account };
}
