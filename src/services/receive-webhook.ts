import { setTimeout as pause } from 'node:timers/promises';
import { storeWebhook } from '../db/webhook-inbox.js';
import type { PaymentId } from '../domain/ids.js';
import type { InboxEntry, KeptNotice } from '../domain/inbox.js';
import { Rejection } from '../domain/rejection.js';
import { providerOfRoute } from '../payments/index.js';
import type {
  MerchantAccount,
  PaymentProvider,
  Verification,
  WebhookAnswer,
  WebhookRequest,
  WebhookResult,
} from '../payments/provider.js';
import { isAddressAllowed } from './allowed-address.js';
import type { Deps } from './deps.js';
import type { InvalidWebhooks } from './invalid-webhooks.js';
import { keepRequest } from './kept-webhook.js';
import { type Settlement, settleNotice } from './settle-notice.js';

export type { PaymentProvider, WebhookAnswer, WebhookRequest };

/** A webhook as it came to a provider's route. */
export interface WebhookCall {
  readonly provider: PaymentProvider;
  /** As its address names it. */
  readonly accountId: string;
  readonly request: WebhookRequest;
  /** Where it came from. */
  readonly address: string;
}

export interface ReceivedWebhook {
  /** Goes back byte for byte. */
  readonly answer: WebhookAnswer;
  /** What came of it, in one of a few words. */
  readonly verdict: string;
  /** Worth a line in the log: everything but the flood of what is no provider's. */
  readonly isTold: boolean;
}

/** What there is besides the services. */
export interface WebhookTools {
  readonly samples: InvalidWebhooks;
  /** A fault of ours: its cause belongs into the log. */
  readonly onFailure: (error: unknown) => void;
}

/** How long the answer waits for the row of a notice that could not be settled. */
const keepMs = 2_000;

/**
 * Verifies a webhook, settles what it says, keeps it, and gives the provider's own answer. What cannot be verified changes
 * nothing and asks the database for nothing but its account. Throws NOT_FOUND where there is no such account.
 */
export async function receiveWebhook(deps: Deps, call: WebhookCall, tools: WebhookTools): Promise<ReceivedWebhook> {
  const { provider, request, address } = call;
  const account = await deps.accounts.find(provider.name, call.accountId);
  if (!account) throw noSuchWebhook();
  const verification = verify(account, call);
  if (verification.verdict === 'invalid') {
    const { why, detail } = verification;
    const isTold = tools.samples.take({ account, why, detail, address, request });
    return { answer: provider.acknowledge({ result: 'invalid', why }), verdict: why, isTold };
  }
  const inbox = keepRequest(deps.accounts.box, { id: deps.newId(), provider, account, request });
  const keep = (kept: KeptNotice) => storeWebhook(deps.orm, account.tenantId, kept);
  try {
    const { result } = await settleVerified(deps, { provider, account, verification, inbox }, keep);
    return { answer: provider.acknowledge(result), verdict: result.result, isTold: true };
  } catch (error) {
    tools.onFailure(error);
    const detail = verification.verdict === 'valid' ? verification.notice.detail : verification.detail;
    const kept = keep({ ...inbox, verdict: 'error', detail, paymentId: null }).catch(tools.onFailure);
    await Promise.race([kept, pause(keepMs, undefined, { ref: false })]);
    return { answer: provider.acknowledge({ result: 'error' }), verdict: 'error', isTold: true };
  }
}

/** The provider whose webhooks come this way, or NOT_FOUND. */
export function webhookProvider(route: string): PaymentProvider {
  const provider = providerOfRoute(route);
  if (!provider) throw noSuchWebhook();
  return provider;
}

export function noSuchWebhook(): Rejection {
  return new Rejection('NOT_FOUND', 'there is no such webhook');
}

function verify(account: MerchantAccount, { provider, request, address }: WebhookCall): Verification {
  if (request.method !== provider.webhookMethod) {
    return { verdict: 'invalid', why: 'wrong_method', detail: `it is not ${provider.webhookMethod}` };
  }
  if (!isAddressAllowed(account, address)) {
    return { verdict: 'invalid', why: 'wrong_address', detail: 'the account does not list where it came from' };
  }
  return provider.verify(account, request);
}

/** A notice that its provider signed. */
export interface VerifiedWebhook {
  readonly provider: PaymentProvider;
  readonly account: MerchantAccount;
  readonly verification: Exclude<Verification, { readonly verdict: 'invalid' }>;
  readonly inbox: InboxEntry;
}

/** What came of it. */
export interface SettledWebhook {
  readonly result: WebhookResult;
  readonly verdict: string;
  readonly paymentId: PaymentId | null;
}

/** Settles what a notice says. `keep` is called unless the statement that moved the money has kept the notice too. */
export async function settleVerified(
  deps: Deps,
  { verification, inbox, ...from }: VerifiedWebhook,
  keep: (kept: KeptNotice) => Promise<void>,
): Promise<SettledWebhook> {
  if (verification.verdict === 'ignored') {
    await keep({ ...inbox, verdict: 'ignored', detail: verification.detail, paymentId: null });
    return { result: { result: 'ignored' }, verdict: 'ignored', paymentId: null };
  }
  const { notice } = verification;
  const { verdict, paymentId, isInboxWritten, ...settled } = await settleNotice(deps, { ...from, notice, inbox });
  if (!isInboxWritten) await keep({ ...inbox, verdict, detail: notice.detail, paymentId });
  return { result: resultOf(settled), verdict, paymentId };
}

function resultOf({ result, isYoung = false }: Pick<Settlement, 'result' | 'isYoung'>): WebhookResult {
  return result === 'unknown_order' ? { result, isYoung } : { result };
}
