import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Notice, Verification, WebhookResult } from '../../../src/payments/provider.js';
import { accountOf, providerNamed, requestOf, vectorFile, type Expected, type WebhookVector } from './vectors.js';

test('every vector of the file is replayed', () => {
  const count = (name: string) => vectorFile.vectors.filter(({ provider }) => provider === name).length;
  expect(['vnpay', 'momo', 'zalopay'].map(count)).toEqual([30, 28, 29]);
});

test('only where no transaction took place do we use what a vector allows besides what it expects', () => {
  const others = vectorFile.vectors.filter(
    (vector) => !isDeepStrictEqual(comparable(vector, replay(vector).told), comparable(vector, vector.expect)),
  );
  expect(others.map(({ kind }) => kind)).toEqual([
    'failed_user_cancelled',
    'failed_insufficient_funds',
    'failed_user_cancelled',
    'failed_expired',
  ]);
  for (const vector of others) expect(replay(vector).told.provider_transaction_id).toBeNull();
});

describe.each(vectorFile.vectors.map((vector) => ({ name: `${vector.id} ${vector.kind}`, vector })))(
  '$name',
  ({ vector }) => {
    test('is the payload that was published', () => {
      const { body, query } = vector.request;
      expect(
        createHash('sha256')
          .update(body ?? query ?? '')
          .digest('hex'),
      ).toBe(vector.payload_sha256);
    });

    test('is verified and understood without any order', () => {
      const told = stateless(verified(vector));
      const allowed = [vector.expect_stateless];
      // The rules of the file: amounts that are not positive may be rejected at once.
      if (vector.kind === 'zero_amount') allowed.push({ ...vector.expect_stateless, outcome: 'rejected' });
      expect(allowed).toContainEqual(told);
    });

    test('is answered and settled as its orders want it', () => {
      const { told, statusAfter } = replay(vector);
      const allowed = [vector.expect, ...(vector.accept_also ?? []).map((also) => ({ ...vector.expect, ...also }))];
      expect(allowed.map((one) => comparable(vector, one))).toContainEqual(comparable(vector, told));
      expect(statusAfter).toEqual(vector.order_status_after);
    });
  },
);

function verified(vector: WebhookVector): Verification {
  return providerNamed(vector.provider).verify(accountOf(vector.provider, vector.secrets), requestOf(vector));
}

function stateless(verification: Verification): WebhookVector['expect_stateless'] {
  if (verification.verdict !== 'valid') return { signature_valid: false, outcome: 'rejected' };
  const { amount, outcome } = verification.notice;
  return { signature_valid: true, outcome: amount === null ? 'rejected' : outcome };
}

/** What the services do, in small: look the order up, compare the amount, see whether it is paid already. */
function settle(vector: WebhookVector, notice: Notice): { result: WebhookResult; status?: string } {
  if (notice.reference === null && notice.amount === null) return { result: { result: 'unreadable' } };
  const order = vector.context.orders.find(({ payment_reference }) => payment_reference === notice.reference);
  if (!order) return { result: { result: 'unknown_order', isYoung: false } };
  if (order.amount_minor !== notice.amount) return { result: { result: 'wrong_amount' } };
  if (order.status === 'paid') return { result: { result: 'duplicate' } };
  return { result: { result: 'recorded' }, status: notice.outcome };
}

function replay(vector: WebhookVector): { told: Expected; statusAfter: Record<string, string> } {
  const provider = providerNamed(vector.provider);
  const verification = verified(vector);
  const statusAfter = Object.fromEntries(vector.context.orders.map((order) => [order.payment_reference, order.status]));
  if (verification.verdict !== 'valid') {
    const result: WebhookResult =
      verification.verdict === 'ignored' ? { result: 'ignored' } : { result: 'invalid', why: verification.why };
    return { told: toldOf(provider.acknowledge(result), null, 'rejected'), statusAfter };
  }
  const { notice } = verification;
  const { result, status } = settle(vector, notice);
  if (status !== undefined && notice.reference !== null) statusAfter[notice.reference] = status;
  const isTaken = result.result === 'recorded' || result.result === 'duplicate';
  return { told: toldOf(provider.acknowledge(result), notice, isTaken ? notice.outcome : 'rejected'), statusAfter };
}

function toldOf(answer: { status: number; body: string }, notice: Notice | null, outcome: string): Expected {
  return {
    signature_valid: notice !== null,
    outcome,
    amount_minor: notice?.amount ?? null,
    payment_reference: notice?.reference ?? null,
    provider_transaction_id: notice?.providerTransactionId ?? null,
    http_status: answer.status,
    response_body: answer.body === '' ? null : (JSON.parse(answer.body) as Record<string, unknown>),
  };
}

/** Of an answer's body only its code counts, and no body is asked for where none is named. */
function comparable({ provider }: WebhookVector, one: Expected) {
  const code = provider === 'vnpay' ? 'RspCode' : 'return_code';
  return {
    signature_valid: one.signature_valid,
    outcome: one.outcome,
    // Our notices have no amount that is not positive: 0 is told as null, like all that nobody can have paid.
    amount_minor: one.amount_minor || null,
    payment_reference: one.payment_reference,
    provider_transaction_id: one.provider_transaction_id,
    http_status: one.http_status,
    code: one.http_status >= 400 ? null : (one.response_body?.[code] ?? null),
  };
}
