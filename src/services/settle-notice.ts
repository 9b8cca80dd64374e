import { findNamedOrder, type NamedOrder } from '../db/named-order.js';
import { keepStrayMoney } from '../db/stray-money.js';
import { findPayment } from '../domain/bill.js';
import type { Caller, Command } from '../domain/decide.js';
import { asId, type PaymentId, type SessionId } from '../domain/ids.js';
import type { InboxEntry, KeptNotice } from '../domain/inbox.js';
import { isSettled, mismatchOf, type PaymentReason } from '../domain/payment.js';
import { payableCurrency } from '../domain/session.js';
import type { Outcome } from '../event-log/lane.js';
import { serverKeys } from '../event-log/server-keys.js';
import type { MerchantAccount, Notice, PaymentProvider, WebhookResult } from '../payments/provider.js';
import type { Deps } from './deps.js';
import { endCommand, serverAct, settleAppends } from './payment-commands.js';

/** What a provider says of an order, and how we came to know. */
export interface ReceivedNotice {
  readonly provider: PaymentProvider;
  readonly account: MerchantAccount;
  readonly notice: Notice;
  /** Null: it was not a webhook but our own question. */
  readonly inbox: InboxEntry | null;
}

/** What came of it. */
export interface Settlement {
  readonly result: Extract<
    WebhookResult['result'],
    'recorded' | 'duplicate' | 'unknown_order' | 'wrong_amount' | 'unreadable'
  >;
  /** In more words, for the inbox. */
  readonly verdict: string;
  readonly paymentId: PaymentId | null;
  /** An unknown order that may be on its way into the database. */
  readonly isYoung?: boolean;
  /** The inbox has it already, by the statement that wrote what it led to. */
  readonly isInboxWritten: boolean;
}

/** An order younger than this may not be committed yet (milliseconds). */
const youngMs = 15 * 60_000;

/**
 * The one way in for what providers say: webhook, status query, return page and bank feed alike. Order, amount, state, then
 * one statement. Repeats, late and crossing deliveries end in the same state; money moves forward only.
 */
export async function settleNotice(deps: Deps, received: ReceivedNotice): Promise<Settlement> {
  const { notice } = received;
  const payment = await findOrder(deps, received);
  if (!payment) return unknownOrder(deps, received);
  if (!isEchoIntact(received, payment)) return verdict('unreadable', 'echo_differs', payment.id);
  if (!isAmountRight(received, payment)) return wrongAmount(deps, received, payment);
  if (payment.isDealtWith) return verdict('duplicate', 'already_resolved', payment.id);
  if (notice.outcome === 'paid') {
    return isGivenUp(payment)
      ? stray(deps, received, { payment, reason: 'late', result: 'duplicate' })
      : paid(deps, received, payment);
  }
  if (hasMoney(payment)) return verdict('duplicate', 'already_settled', payment.id);
  return notice.outcome === 'failed' ? failed(deps, received, payment) : verdict('recorded', 'pending', payment.id);
}

type SessionPayment = NamedOrder & { readonly sessionId: SessionId; readonly reference: string };

/** The payment that the notice names; where several references were found in a text, the first that one of ours has. */
async function findOrder(deps: Deps, received: ReceivedNotice): Promise<SessionPayment | undefined> {
  const { reference, otherReferences = [] } = received.notice;
  for (const named of [reference, ...otherReferences]) {
    const order = named === null ? undefined : await findOrderOf(deps, received, named);
    if (order) return order;
  }
  return undefined;
}

/** The payment of this reference, if it went through this provider, and through this account where we know which. */
async function findOrderOf(
  deps: Deps,
  { provider, account, notice }: ReceivedNotice,
  reference: string,
): Promise<SessionPayment | undefined> {
  const { providerTransactionId: transactionId } = notice;
  const order = await findNamedOrder(deps.orm, account.tenantId, { reference, transactionId });
  const sessionId = order?.sessionId;
  if (!order || !sessionId || order.provider !== provider.name) return undefined;
  if (order.account !== null && order.account !== account.id) return undefined;
  return { ...order, sessionId, reference };
}

/** Only what was delivered to us can have been rewritten on its way; an answer to our own question cannot. */
function isEchoIntact({ provider, notice, inbox }: ReceivedNotice, { providerData }: SessionPayment): boolean {
  return !inbox || !provider.isEchoIntact || !providerData || provider.isEchoIntact(notice, providerData);
}

/** A failure that we asked for needs no amount: providers tell none of money that did not move. */
function isAmountRight({ notice, inbox }: ReceivedNotice, payment: SessionPayment): boolean {
  if (notice.outcome === 'pending' || (notice.outcome === 'failed' && !inbox)) return true;
  return notice.amount === payment.amount;
}

/** A person has decided that its money never comes, and perhaps taken it another way: should it come, a person decides again. */
function isGivenUp({ status, resolution }: SessionPayment): boolean {
  return resolution !== null && !isSettled({ status });
}

function hasMoney({ status }: SessionPayment): boolean {
  return isSettled({ status });
}

async function paid(deps: Deps, received: ReceivedNotice, payment: SessionPayment): Promise<Settlement> {
  const { notice } = received;
  const settlement = {
    kind: 'pending' as const,
    payment_id: payment.id,
    provider_transaction_id: notice.providerTransactionId,
  };
  const appends = settleAppends(serverAct(serverKeys.settled(payment.id)), settlement);
  const outcome = await submit(deps, received, { payment, appends, verdict: 'settled' });
  if (outcome.isFresh) return { ...verdict('recorded', 'settled', payment.id), isInboxWritten: outcome.isInboxWritten };
  const settled = findPayment(outcome.state.bill, payment.id);
  const known = settled?.providerTransactionId;
  if (known && notice.providerTransactionId && known !== notice.providerTransactionId) {
    return stray(deps, received, { payment, reason: 'duplicate', result: 'duplicate' });
  }
  return verdict('duplicate', 'already_settled', payment.id);
}

async function failed(deps: Deps, received: ReceivedNotice, payment: SessionPayment): Promise<Settlement> {
  const end = endCommand(sessionOf(payment), callerOf(received), { paymentId: payment.id, outcome: 'failed' });
  const outcome = await submit(deps, received, { payment, appends: end.appends, verdict: 'failed' });
  if (!outcome.isFresh) return verdict('duplicate', 'already_ended', payment.id);
  return { ...verdict('recorded', 'failed', payment.id), isInboxWritten: outcome.isInboxWritten };
}

interface Act {
  readonly payment: SessionPayment;
  readonly appends: Command['appends'];
  readonly verdict: string;
}

async function submit(
  deps: Deps,
  received: ReceivedNotice,
  { payment, appends, verdict }: Act,
): Promise<Outcome & { readonly isFresh: boolean; readonly isInboxWritten: boolean }> {
  const inbox = keep(received, verdict, payment.id) ?? undefined;
  const command = { ...sessionOf(payment), caller: callerOf(received), appends, inbox };
  const outcome = await deps.log.submit(command);
  const isFresh = outcome.decided.some(({ replayed }) => !replayed);
  return { ...outcome, isFresh, isInboxWritten: isFresh && inbox !== undefined };
}

function callerOf({ provider }: ReceivedNotice): Caller {
  return { kind: 'provider', name: provider.name };
}

function sessionOf({ tenantId, sessionId }: SessionPayment) {
  return { tenantId, sessionId };
}

/** A success of another amount is money all the same: kept beside the payment, which stays as it was. */
async function wrongAmount(deps: Deps, received: ReceivedNotice, payment: SessionPayment): Promise<Settlement> {
  const { notice } = received;
  if (notice.outcome !== 'paid' || notice.amount === null) return verdict('wrong_amount', 'wrong_amount', payment.id);
  const reason = notice.amount < payment.amount ? 'short' : 'over';
  return stray(deps, received, { payment, reason, result: 'wrong_amount' });
}

/** Money for nobody's order is kept as well: a later delivery may find its payment, else a person will. */
async function unknownOrder(deps: Deps, received: ReceivedNotice): Promise<Settlement> {
  const { notice, inbox } = received;
  const isYoung = notice.orderedAt !== null && deps.now() - notice.orderedAt < youngMs;
  if (notice.outcome !== 'paid' || notice.amount === null || inbox === null) {
    return { ...verdict('unknown_order', 'unknown_order', null), isYoung };
  }
  return { ...(await stray(deps, received, { reason: 'unmatched', result: 'unknown_order' })), isYoung };
}

interface Stray {
  readonly payment?: SessionPayment;
  readonly reason: PaymentReason;
  readonly result: Settlement['result'];
}

async function stray(deps: Deps, received: ReceivedNotice, about: Stray): Promise<Settlement> {
  const { provider, account, notice } = received;
  const { payment, reason, result } = about;
  const id = asId<PaymentId>(deps.newId());
  const amount = notice.amount ?? 0;
  const money = {
    ...{ tenantId: account.tenantId, id, sessionId: payment?.sessionId ?? null },
    locationId: payment?.locationId ?? account.locationId,
    claimedReference: payment?.reference ?? notice.reference ?? '',
    ...{ method: provider.method, provider: provider.name, account: account.id },
    ...{ amount, currency: payableCurrency, reason, note: notice.detail.slice(0, 500) },
    providerTransactionId: notice.providerTransactionId ?? '',
    mismatch: payment ? mismatchOf(amount, payment.amount) : ('none' as const),
  };
  const paymentId = await keepStrayMoney(deps.orm, money, keep(received, reason, id));
  return { ...verdict(result, reason, paymentId), isInboxWritten: received.inbox !== null };
}

function keep({ inbox, notice }: ReceivedNotice, outcome: string, paymentId: PaymentId): KeptNotice | null {
  return inbox && { ...inbox, verdict: outcome, detail: notice.detail, paymentId };
}

function verdict(result: Settlement['result'], words: string, paymentId: PaymentId | null): Settlement {
  return { result, verdict: words, paymentId, isInboxWritten: false };
}
