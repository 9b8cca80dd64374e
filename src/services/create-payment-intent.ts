import { findPaymentRow, type PaymentRow, storePayLinks } from '../db/payments.js';
import type { Append } from '../domain/decide.js';
import type { PaymentStart } from '../domain/events/payment-started.js';
import { asId, type PaymentId, type SessionId } from '../domain/ids.js';
import { isSettled, type PaymentMethod } from '../domain/payment.js';
import { invalid, Rejection } from '../domain/rejection.js';
import type { Scope, SessionScope } from '../domain/scope.js';
import type { WantedSplit } from '../domain/split.js';
import { fingerprintOf } from '../event-log/fingerprint.js';
import { serverKeys } from '../event-log/server-keys.js';
import { providerOfMethod } from '../payments/index.js';
import { type MerchantAccount, type PaymentProvider, ProviderFailure } from '../payments/provider.js';
import { mintReference } from '../payments/reference.js';
import { requireSession } from './access.js';
import type { Deps } from './deps.js';
import { checkKey } from './idempotency-key.js';
import { endCommand, serverAct } from './payment-commands.js';
import { returnUrlFor, webhookUrlFor } from './payment-links.js';
import { seeSession } from './seats.js';

export interface CreatePaymentIntent {
  readonly sessionId: SessionId;
  readonly idempotencyKey: string;
  readonly method: PaymentMethod;
  readonly split: WantedSplit;
  /** Where the guest is, as far as the server sees; some providers ask for it. */
  readonly payerAddress: string;
}

export interface PaymentIntent {
  readonly payment: PaymentRow;
  readonly replayed: boolean;
}

/**
 * Starts a payment of a part of the bill. First the pending payment is durable, with its claim; then the provider is called;
 * then what it gave is kept. A call that fails ends the payment and lets go of the claim: PROVIDER_UNAVAILABLE.
 */
export async function createPaymentIntent(
  deps: Deps,
  scope: Scope,
  wanted: CreatePaymentIntent,
): Promise<PaymentIntent> {
  const caller = requireSession(scope, wanted.sessionId);
  checkKey(wanted.idempotencyKey);
  const { provider, account } = await wayToPay(deps, caller, wanted);
  const { decided } = await deps.log.submit({
    tenantId: caller.tenantId,
    sessionId: wanted.sessionId,
    caller,
    appends: intentAppends(deps, caller, { wanted, provider, account }),
  });
  const started = decided.find(({ key }) => key === wanted.idempotencyKey);
  if (!started) throw new Error('an intent was neither written nor found');
  const paymentId = asId<PaymentId>(String(started.event.payload.payment_id));
  // Looked at within the flight: one that has just ended may have got what this one is about to ask for.
  await deps.singleFlight(paymentId, async () => {
    const payment = await rowOf(deps, caller, paymentId);
    if (hasLinks(payment) || isSettled(payment)) return;
    if (payment.status === 'failed') throw providerUnavailable();
    await callProvider(deps, { wanted, provider, account, payment });
  });
  return { payment: await rowOf(deps, caller, paymentId), replayed: started.replayed };
}

interface WayToPay {
  readonly provider: PaymentProvider;
  readonly account: MerchantAccount;
}

async function wayToPay(deps: Deps, caller: SessionScope, wanted: CreatePaymentIntent): Promise<WayToPay> {
  const provider = providerOfMethod(wanted.method);
  if (!provider)
    throw invalid([{ path: 'method', message: `${wanted.method} is taken by staff, not started by a phone` }]);
  const { bill } = await seeSession(deps, caller, wanted.sessionId);
  const account = await deps.accounts.forPayment(caller.tenantId, bill.locationId, provider.name);
  // A currency that no provider carries is told by the rule; without an account there is nothing to carry it either.
  if (!account && bill.currency === 'VND') {
    throw invalid([{ path: 'method', message: `this restaurant has no account with ${wanted.method}` }]);
  }
  return { provider, account: account ?? noAccount(provider, caller) };
}

/** Stands for the account of a bill whose currency will be refused. */
function noAccount(provider: PaymentProvider, { tenantId }: SessionScope): MerchantAccount {
  const none = { settings: {}, secrets: [{}] as const, allowedAddresses: [], endpoints: {} };
  return { id: 'default', tenantId, locationId: null, provider: provider.name, ...none };
}

function intentAppends(
  deps: Deps,
  caller: SessionScope,
  { wanted, provider, account }: WayToPay & { wanted: CreatePaymentIntent },
): readonly Append[] {
  const { idempotencyKey: key, method, split } = wanted;
  const deviceId = caller.kind === 'device' ? caller.deviceId : null;
  const actor = caller.kind === 'key' ? `staff:${caller.keyId}` : `device:${caller.deviceId}`;
  const fingerprint = fingerprintOf({ operation: 'create_payment_intent', actor, content: { method, split } });
  const input: PaymentStart = {
    kind: 'intent',
    payment_id: asId<PaymentId>(deps.newId()),
    payment_reference: provider.referenceFor(mintReference(), deps.now()),
    method,
    provider: provider.name,
    account: account.id,
    device_id: deviceId,
    split,
    payable: provider.payable,
    pay_within_ms: provider.payWithinSeconds * 1000,
  };
  const start: Append = { key, fingerprint, type: 'payment_started', input };
  if (deviceId === null) return [start];
  const replace = { ...serverAct(serverKeys.replacedBy(key)), type: 'payment_ended' as const, onlyWith: key };
  return [{ ...replace, input: { replaced_for: deviceId } }, start];
}

async function rowOf({ orm }: Deps, { tenantId }: SessionScope, id: PaymentId): Promise<PaymentRow> {
  const row = await findPaymentRow(orm, tenantId, id);
  if (!row) throw new Error(`payment ${id} has no row`);
  return row;
}

function hasLinks({ payUrl, deeplink, qrPayload }: PaymentRow): boolean {
  return (payUrl ?? deeplink ?? qrPayload) !== null;
}

interface ProviderOrder extends WayToPay {
  readonly wanted: CreatePaymentIntent;
  readonly payment: PaymentRow;
}

async function callProvider(deps: Deps, order: ProviderOrder): Promise<void> {
  const { provider, payment, wanted } = order;
  const reference = payment.paymentReference ?? '';
  try {
    const account = await ownAccount(deps, order);
    const created = await provider.createOrder(
      account,
      {
        ...{ reference, attempt: 1, amount: payment.amount, sessionId: wanted.sessionId },
        description: `TT ${reference.slice(-16)}`,
        createdAt: Date.parse(payment.createdAt),
        expiresAt: Date.parse(payment.expiresAt ?? payment.createdAt),
        returnUrl: returnUrlFor(deps.publicUrl(), provider.name, account.id),
        notifyUrl: webhookUrlFor(deps.publicUrl(), provider.route, account.id),
        ...{ payerAddress: wanted.payerAddress, language: 'vi' },
      },
      deps.providerHttp,
    );
    const { payUrl = null, deeplink = null, qrPayload = null, sent } = created;
    await storePayLinks(deps.orm, payment, { payUrl, deeplink, qrPayload, providerData: sent });
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    await giveUp(deps, order, error);
  }
}

/** A call that was interrupted is made at the payment's own account, whichever takes new payments by now. */
async function ownAccount(deps: Deps, { provider, account, payment }: ProviderOrder): Promise<MerchantAccount> {
  const { account: id } = payment;
  const own = id === null || id === account.id ? account : await deps.accounts.find(provider.name, id);
  if (own?.tenantId === payment.tenantId) return own;
  throw new ProviderFailure('the account of the payment is there no more', 'refused');
}

/** Another node may have asked for the same order at the same time and got it: then it is there. */
async function giveUp(deps: Deps, { payment, wanted }: ProviderOrder, failure: ProviderFailure): Promise<void> {
  const now = await findPaymentRow(deps.orm, payment.tenantId, payment.id);
  if (now && hasLinks(now)) return;
  const session = { tenantId: payment.tenantId, sessionId: wanted.sessionId };
  await deps.log.submit(
    endCommand(
      session,
      { kind: 'provider', name: payment.provider ?? '' },
      { paymentId: payment.id, outcome: 'failed' },
    ),
  );
  throw providerUnavailable(failure);
}

function providerUnavailable(cause?: ProviderFailure): Rejection {
  const why = 'the payment provider could not be reached; try again under a new idempotency key';
  return Object.assign(new Rejection('PROVIDER_UNAVAILABLE', why, { retry_after: 5 }), { cause });
}
