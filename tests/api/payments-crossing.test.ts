import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { findPaymentRow, resolveRow } from '../../src/db/payments.js';
import { asId, type PaymentId, type SessionId, type TenantId } from '../../src/domain/ids.js';
import { isMinted } from '../../src/payments/reference.js';
import { pollPayments } from '../../src/services/poll-payments.js';
import { demo, useApi } from '../support/api.js';
import { useOtherNode } from '../support/other-node.js';
import { askToPay, atProvider, dinner, owed, paymentsOf, snapshotOf, startPaying } from '../support/payments.js';
import { momoWebhook, zalopayWebhook } from '../support/provider-signers.js';
import { rawRequest } from '../support/raw-request.js';
import { newAccount, sepayBody, sepayHeaders } from '../support/webhooks.js';

const api = useApi();
const other = useOtherNode(api);
const tenantId = asId<TenantId>(demo.tenant);

const fail = (error: unknown): never => {
  throw error;
};

/** Money of ZaloPay's for a reference that nobody knows. */
async function lost(): Promise<PaymentId> {
  const reference = `261122_${randomUUID()}`.slice(0, 40);
  const notice = zalopayWebhook({ reference, amount: owed, transaction: String(Date.now()) });
  await rawRequest(api.address, notice.target, notice);
  const [row] = await api.sql`SELECT id FROM payments WHERE claimed_reference = ${reference}`;
  return row?.id;
}

const refund = (paymentId: string, body: object = {}) =>
  api.rest(`POST /admin/payments/${paymentId}/refund`, {
    as: demo.cashier,
    body: { reason: 'cold', idempotency_key: randomUUID(), manual: true, ...body },
  });

describe('money that is being put onto a bill', () => {
  test('is on it before it is given back, also when its attachment was interrupted', async () => {
    const visit = await dinner(api);
    const paymentId = await lost();
    await api.sql`
      UPDATE payments SET resolution = 'attach', session_id = ${visit.sessionId}, resolution_note = 'x',
        resolved_by = '{"type": "staff", "id": "k", "name": "Mai"}', resolved_at = session_clock()
      WHERE id = ${paymentId}`;
    expect((await refund(paymentId)).body).toMatchObject({ status: 'succeeded', payment_status: 'refunded' });
    await api.sql`UPDATE payments SET resolved_at = session_clock() - interval '1 minute' WHERE id = ${paymentId}`;
    await pollPayments(other.deps, fail);
    expect(await snapshotOf(api, visit)).toMatchObject({ paid: 0, due: owed });
    expect(await paymentsOf(api, visit)).toMatchObject([{ status: 'refunded', refunded_amount: owed }]);
  });

  test('is not put there while a refund of it is under way', async () => {
    const visit = await dinner(api);
    const paymentId = await lost();
    // The refund came between the look at the payment and the decision.
    await api.sql`UPDATE payments SET refund_held = amount WHERE id = ${paymentId}`;
    const by = { type: 'staff', id: 'k', name: 'Mai' } as const;
    const decision = { note: 'x', by, sessionId: asId<SessionId>(visit.sessionId) };
    const named = { tenantId, id: paymentId };
    expect(await resolveRow(other.deps.orm, named, { resolution: 'attach', ...decision })).toBeUndefined();
    expect(await findPaymentRow(other.deps.orm, tenantId, paymentId)).toMatchObject({ resolution: null });
    expect(await resolveRow(other.deps.orm, named, { resolution: 'refunded', note: 'x', by })).toBeDefined();
  });
});

describe('money whose provider names no transaction', () => {
  const told = async () => {
    const reference = randomUUID();
    const notice = momoWebhook({ reference, amount: owed, transaction: '0', isPaid: true });
    const answer = await rawRequest(api.address, notice.target, notice);
    expect(answer.status).toBe(404);
    const [row] = await api.sql`SELECT id FROM payments WHERE claimed_reference = ${reference}`;
    const again = () => rawRequest(api.address, notice.target, notice);
    return { reference, strayId: row?.id as string, again };
  };
  const expectIt = (sessionId: string, reference: string) =>
    api.rest(`POST /sessions/${sessionId}/payments`, {
      as: demo.cashier,
      body: { payment_reference: reference, amount: owed, method: 'momo', status: 'pending' },
    });

  test('is not counted again once a person has put it onto a bill', async () => {
    const [mine, theirs] = [await dinner(api), await dinner(api)];
    const { reference, strayId, again } = await told();
    const attached = await api.rest(`POST /admin/payments/${strayId}/resolve`, {
      as: demo.cashier,
      body: { resolution: 'attach', note: 'table said so', session_id: mine.sessionId },
    });
    expect(attached.status, attached.text).toBe(200);
    await expectIt(theirs.sessionId, reference);
    expect((await again()).status).toBe(204);
    expect((await snapshotOf(api, mine)).paid).toBe(owed);
    expect((await snapshotOf(api, theirs)).paid).toBe(0);
  });

  test("is its payment's money once that is known, and waits for nobody", async () => {
    const visit = await dinner(api);
    const { reference, strayId, again } = await told();
    await expectIt(visit.sessionId, reference);
    expect((await again()).status).toBe(204);
    expect((await snapshotOf(api, visit)).paid).toBe(owed);
    const [row] = await api.sql`SELECT resolution FROM payments WHERE id = ${strayId}`;
    expect(row).toEqual({ resolution: 'adopted' });
  });
});

test('a transfer settles its payment, though the bank wrote a word before it that looks like a reference', async () => {
  const visit = await dinner(api);
  const intent = await startPaying(api, visit, { method: 'bank_transfer' });
  const word = Array.from({ length: 1000 }, (_, n) => `QR${String(n).padStart(3, '0')}`).find((start) =>
    isMinted((start + intent.payment_reference).slice(0, 16)),
  );
  const content = `${word}${intent.payment_reference}`;
  const body = sepayBody({ content, description: content, accountNumber: 'DEMO0001', transferAmount: owed });
  const headers = sepayHeaders(body, 'MADEUPDEVSECRETSEPAY000000000001');
  expect((await rawRequest(api.address, '/webhooks/sepay', { method: 'POST', headers, body })).status).toBe(200);
  expect(await snapshotOf(api, visit)).toMatchObject({ status: 'paid', paid: owed });
});

test('a payment whose call was interrupted is made at its own account, though new ones go to another by now', async () => {
  const visit = await dinner(api);
  const key = randomUUID();
  const first = await askToPay(api, visit, { key });
  // As if the server had died right after the commit.
  await api.sql`UPDATE payments SET pay_url = NULL, deeplink = NULL, qr_payload = NULL WHERE id = ${first.body.payment_id}`;
  await newAccount(api, 'momo');
  const again = await askToPay(api, visit, { key });
  expect(again.status, again.text).toBe(200);
  expect(again.body).toEqual(first.body);
  await atProvider(api, { ...again.body, method: 'momo' }, 'pay');
  expect(await snapshotOf(api, visit)).toMatchObject({ status: 'paid', paid: owed });
});
