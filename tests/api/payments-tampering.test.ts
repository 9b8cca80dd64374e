import { describe, expect, test } from 'vitest';
import { useApi } from '../support/api.js';
import { dinner, owed, snapshotOf, startPaying } from '../support/payments.js';
import { momoWebhook, type SignedWebhook, vnpayWebhook, zalopayWebhook } from '../support/provider-signers.js';
import { rawRequest } from '../support/raw-request.js';

const api = useApi();

const methods = ['momo', 'vnpay', 'zalopay'] as const;

async function genuine(method: (typeof methods)[number]): Promise<{ webhook: SignedWebhook; sessionId: string }> {
  const visit = await dinner(api);
  const intent = await startPaying(api, visit, { method });
  const [row] = await api.sql`SELECT provider_data AS sent FROM payments WHERE id = ${intent.payment_id}`;
  const echo = { requestId: row?.sent.request_id ?? '', orderInfo: row?.sent.order_info ?? '', extraData: '' };
  const said = { reference: intent.payment_reference, amount: owed, transaction: '4193767509', isPaid: true, echo };
  const sign = { momo: momoWebhook, vnpay: vnpayWebhook, zalopay: zalopayWebhook }[method];
  return { webhook: sign(said), sessionId: visit.sessionId };
}

/** The text with one bit of one byte turned over. */
const spoilt = (text: string, at: number) =>
  text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);

/** Everything but the counter and the samples. */
async function everything(): Promise<unknown> {
  const [row] = await api.sql`
    SELECT (SELECT count(*)::int FROM session_events) AS events, (SELECT count(*)::int FROM webhook_inbox) AS inbox,
      (SELECT md5(string_agg(p::text, '|' ORDER BY id)) FROM payments p) AS payments,
      (SELECT md5(string_agg(s::text, '|' ORDER BY id)) FROM qr_sessions s) AS sessions`;
  return row;
}

async function refusals(provider: string): Promise<number> {
  const { text } = await api.http('GET', '/metrics');
  const lines = text.split('\n').filter((line) => line.startsWith(`qr_webhooks_total{provider="${provider}"`));
  return lines
    .filter((line) => !/verdict="(recorded|duplicate)"/.test(line))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

describe.each(methods)('a webhook of %s with one byte changed, whichever it is', (method) => {
  test('is refused, and adds to the counter and the samples only', async () => {
    const { webhook, sessionId } = await genuine(method);
    const [path = '', query = ''] = webhook.target.split('?');
    const body = webhook.body ? String(webhook.body) : '';
    const inQuery = Array.from(query, (_, at) => ({ ...webhook, target: `${path}?${spoilt(query, at)}` }));
    const inBody = Array.from(body, (_, at) => ({ ...webhook, body: spoilt(body, at) }));
    const all = [...inQuery, ...inBody].filter(({ target }) => /^[\x21-\x7e]+$/.test(target));
    expect(all.length).toBeGreaterThan(200);
    // The poller looks after pending payments by itself; here it has nothing to do.
    await api.sql`UPDATE payments SET next_poll_at = NULL`;
    const before = await everything();
    const counted = await refusals(method);
    for (let at = 0; at < all.length; at += 50) {
      await Promise.all(all.slice(at, at + 50).map((each) => rawRequest(api.address, each.target, each)));
    }
    expect(await everything()).toEqual(before);
    expect(await refusals(method)).toBe(counted + all.length);
    const [samples] = await api.sql`SELECT count(*)::int AS kept FROM webhook_samples WHERE provider = ${method}`;
    expect(samples?.kept).toBeLessThanOrEqual(200);
    expect((await rawRequest(api.address, webhook.target, webhook)).status).toBeLessThan(300);
    expect(await snapshotOf(api, { sessionId })).toMatchObject({ status: 'paid', paid: owed });
  });
});
