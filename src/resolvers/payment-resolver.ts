import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { asId, type PaymentId, type SessionId } from '../domain/ids.js';
import type { PaymentDecision, PaymentMethod, RecordedState, SplitType } from '../domain/payment.js';
import { wantedSplit } from '../domain/wanted-split.js';
import {
  CancelPaymentIntentInput,
  CreatePaymentIntentInput,
  RecordCashPaymentInput,
  RecordPaymentInput,
  RefundPaymentInput,
  ResolvePaymentInput,
  type SplitInput,
} from '../schema/payment-inputs.js';
import {
  CreatePaymentIntentPayload,
  RecordCashPaymentPayload,
  RecordPaymentPayload,
  RefundPaymentPayload,
  ResolvePaymentPayload,
} from '../schema/payment-payloads.js';
import { SessionPayload } from '../schema/payloads.js';
import { cancelPaymentIntent } from '../services/cancel-payment-intent.js';
import { createPaymentIntent } from '../services/create-payment-intent.js';
import { viewPayment } from '../services/payment-views.js';
import { recordCashPayment } from '../services/record-cash-payment.js';
import { recordPayment } from '../services/record-payment.js';
import { refundPayment } from '../services/refund-payment.js';
import { resolvePayment } from '../services/resolve-payment.js';
import type { ResolverContext } from './context.js';
import { given } from './inputs.js';
import { presentSession, withBill } from './present.js';
import { presentIntent, presentPayment, presentRecorded, presentRefund } from './present-payment.js';

@Resolver()
export class PaymentResolver {
  @Mutation(() => RecordPaymentPayload, {
    description: 'Records a payment by hand, or as another system tells of it. For cashiers. Its reference is its key.',
  })
  async recordPayment(
    @Arg('input', () => RecordPaymentInput, { description: 'The payment.' }) input: RecordPaymentInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<RecordPaymentPayload> {
    const recorded = await recordPayment(deps, scope, {
      sessionId: asId<SessionId>(input.sessionId),
      paymentReference: input.paymentReference,
      amount: input.amount,
      currency: given(input.currency),
      method: input.method as PaymentMethod,
      status: input.status as RecordedState,
      providerTransactionId: given(input.providerTransactionId),
      note: given(input.note),
    });
    return presentRecorded(recorded, await viewPayment(deps, recorded.payment));
  }

  @Mutation(() => RecordCashPaymentPayload, {
    description: 'Takes cash, whatever the state of the session and whatever phones are paying. For cashiers.',
  })
  async recordCashPayment(
    @Arg('input', () => RecordCashPaymentInput, { description: 'How much, and for which session.' })
    input: RecordCashPaymentInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<RecordCashPaymentPayload> {
    const recorded = await recordCashPayment(deps, scope, {
      sessionId: asId<SessionId>(input.sessionId),
      amount: given(input.amount),
      tendered: given(input.tendered),
      note: given(input.note),
      idempotencyKey: input.idempotencyKey,
    });
    const { change } = recorded.payment;
    return Object.assign(presentRecorded(recorded, await viewPayment(deps, recorded.payment)), { change });
  }

  @Mutation(() => CreatePaymentIntentPayload, {
    description:
      'Starts a payment of a part of the bill, and holds that part until it expires. For phones of the session and staff.',
  })
  async createPaymentIntent(
    @Arg('input', () => CreatePaymentIntentInput, { description: 'How, and which part of the bill.' })
    input: CreatePaymentIntentInput,
    @Ctx() { deps, scope, address }: ResolverContext,
  ): Promise<CreatePaymentIntentPayload> {
    const { payment, replayed } = await createPaymentIntent(deps, scope, {
      sessionId: asId<SessionId>(input.sessionId),
      idempotencyKey: input.idempotencyKey,
      method: input.method as PaymentMethod,
      split: wantedSplit(input.split ? splitWish(input.split) : undefined),
      payerAddress: address,
    });
    return { intent: presentIntent(payment), replayed };
  }

  @Mutation(() => SessionPayload, {
    description:
      'Turns away from a pending payment: its part of the bill is free. For the phone that started it, and staff.',
  })
  async cancelPaymentIntent(
    @Arg('input', () => CancelPaymentIntentInput, { description: 'Which payment.' }) input: CancelPaymentIntentInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<SessionPayload> {
    const state = await cancelPaymentIntent(deps, scope, {
      sessionId: asId<SessionId>(input.sessionId),
      paymentId: asId<PaymentId>(input.paymentId),
    });
    return Object.assign(withBill(state), { session: presentSession(state) });
  }

  @Mutation(() => ResolvePaymentPayload, {
    description: 'Decides about a payment that needs a decision, once. For cashiers. Only ATTACH moves money.',
  })
  async resolvePayment(
    @Arg('input', () => ResolvePaymentInput, { description: 'The decision.' }) input: ResolvePaymentInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<ResolvePaymentPayload> {
    const payment = await resolvePayment(deps, scope, {
      paymentId: asId<PaymentId>(input.paymentId),
      resolution: input.resolution as PaymentDecision,
      note: input.note,
      sessionId: input.sessionId ? asId<SessionId>(input.sessionId) : undefined,
    });
    return { payment: presentPayment(await viewPayment(deps, payment)) };
  }

  @Mutation(() => RefundPaymentPayload, {
    description: 'Gives money back, in full or in part, never more than was paid. For cashiers.',
  })
  async refundPayment(
    @Arg('input', () => RefundPaymentInput, { description: 'Which payment, how much, and why.' })
    input: RefundPaymentInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<RefundPaymentPayload> {
    const { refund, paymentStatus, replayed } = await refundPayment(deps, scope, {
      paymentId: asId<PaymentId>(input.paymentId),
      amount: given(input.amount),
      reason: input.reason,
      idempotencyKey: input.idempotencyKey,
      manual: input.manual ?? false,
    });
    return { refund: presentRefund(refund), paymentStatus, replayed };
  }
}

function splitWish({ type, amount, lineIds, parts }: SplitInput) {
  return { type: type as SplitType, amount: given(amount), lineIds: given(lineIds), parts: given(parts) };
}
