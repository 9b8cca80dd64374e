import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { demo, type Json, sitDown, useApi } from '../support/api.js';
import { rawRequest } from '../support/raw-request.js';

/**
 * The signed vectors through the real routes: orders are made by `POST .../payments`, as pending as the vector wants them,
 * the webhook comes as its bytes, and status, body and orders afterwards are what the vector says.
 */
const { vectors } = JSON.parse(readFileSync(new URL('../vectors/payments-dev.json', import.meta.url), 'utf8')) as {
  vectors: readonly Json[];
};

const api = useApi();

const states: Record<string, string> = { pending: 'pending', paid: 'succeeded', failed: 'failed' };

describe.each(vectors.map((vector) => [vector.id, vector.description, vector]))('%s: %s', (_id, _says, vector) => {
  test('is answered and recorded exactly', async () => {
    // References repeat from vector to vector, and each starts with orders of its own.
    await api.sql`DELETE FROM payments`;
    await api.sql`DELETE FROM webhook_inbox`;
    const visit = await sitDown(api);
    for (const order of vector.context.orders) {
      const made = await api.rest(`POST /sessions/${visit.sessionId}/payments`, {
        as: demo.cashier,
        body: {
          payment_reference: order.payment_reference,
          amount: order.amount_minor,
          currency: order.currency,
          method: vector.provider,
          status: states[order.status],
          ...(order.provider_transaction_id && { provider_transaction_id: order.provider_transaction_id }),
        },
      });
      expect(made.status, made.text).toBe(201);
    }
    const { method, headers, query, body } = vector.request;
    const route = `/webhooks${vector.request.path_suffix}`;
    const target = query ? `${route}?${query}` : route;
    const answer = await rawRequest(api.address, target, { method, headers, body });
    expectAnswer(vector, answer);
    const { body: after } = await api.rest(`GET /sessions/${visit.sessionId}/payments`, { as: demo.cashier });
    const status = Object.fromEntries(
      after.payments
        .filter((payment: Json) => payment.payment_reference !== null)
        .map((payment: Json) => [payment.payment_reference, payment.status]),
    );
    expect(status).toEqual(
      Object.fromEntries(
        Object.entries<string>(vector.order_status_after).map(([reference, state]) => [reference, states[state]]),
      ),
    );
  });
});

/** Status and code; texts are free. */
function expectAnswer({ expect: wanted }: Json, answer: { status: number; text: string }): void {
  const code = wanted.response_body === null ? undefined : codeIn(wanted.response_body);
  expect(answer.status, answer.text).toBe(wanted.http_status);
  if (code !== undefined) expect(codeIn(JSON.parse(answer.text))).toBe(code);
  if (wanted.http_status === 204) expect(answer.text).toBe('');
}

function codeIn(body: Json): unknown {
  return body.RspCode ?? body.return_code;
}
