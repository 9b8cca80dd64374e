import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type Answer, demo, type Json, useApi, written } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { json, momoBody, newAccount, sendRaw, sepayBody, sepayHeaders, strangeReference } from '../support/webhooks.js';

const secret = 'sepay-secret-of-these-tests-only';
const api = useApi({ env: { SEPAY_SECRET: secret } });

const momo = (body: string) => sendRaw(`${api.address}/webhooks/momo`, { headers: json, body });

async function rowOf(body: string): Promise<Json> {
  const [row] = await api.sql`SELECT * FROM webhook_inbox WHERE body = ${Buffer.from(body)}`;
  if (!row) throw new Error('the notice was not kept');
  return row;
}

/** A notice of MoMo that was kept, with its row. */
async function keptNotice(fields: Readonly<Record<string, string | number>> = {}): Promise<Json> {
  const body = momoBody(fields);
  await momo(body);
  return rowOf(body);
}

const replay = (id: string, as: string | null = demo.operator, tenant: string = demo.tenant): Promise<Answer> =>
  api.rest(`POST /admin/webhooks/${id}/replay`, { as, body: { tenant_id: tenant } });

const list = (query: string, as: string | null = demo.operator): Promise<Answer> =>
  api.rest(`GET /admin/webhooks?tenant_id=${demo.tenant}${query}`, { as });

describe('a replay', () => {
  test('goes through a failed notice once more, settles it, and counts no delivery', async () => {
    const reference = strangeReference();
    const body = momoBody({ orderId: reference });
    await api.sql.unsafe(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
      CREATE TRIGGER refused BEFORE INSERT ON payments EXECUTE FUNCTION refuse();`);
    await momo(body);
    const { id } = await rowOf(body);
    const failed = await replay(id);
    expect([failed.status, failed.body.code]).toEqual([500, 'INTERNAL']);
    expect(await rowOf(body)).toMatchObject({ verdict: 'error', deliveries: 1 });

    await api.sql`DROP TRIGGER refused ON payments`;
    const answer = await replay(id);
    const [payment] = await api.sql`SELECT id, amount::int FROM payments WHERE claimed_reference = ${reference}`;
    expect(payment).toMatchObject({ amount: 50_000 });
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        ...{ webhook_id: id, verdict: 'unmatched', payment_id: payment?.id },
        answer: { status: 404, body: '{"error":"unknown_order"}' },
      },
    ]);
    expect(await rowOf(body)).toMatchObject({ verdict: 'unmatched', payment_id: payment?.id });
  });

  test('of money that is booked books nothing', async () => {
    const { id } = await keptNotice();
    const before = [await written(api), await api.sql`SELECT id, status, amount FROM payments ORDER BY id`];
    for (let time = 0; time < 3; time += 1) expect((await replay(id)).status).toBe(200);
    expect([await written(api), await api.sql`SELECT id, status, amount FROM payments ORDER BY id`]).toEqual(before);
  });

  test('verifies again: a notice that somebody changed in the database moves nothing', async () => {
    const { id, body } = await keptNotice({ amount: 40_000 });
    const changed = Buffer.from(body.toString().replace('40000', '90000'));
    await api.sql`UPDATE webhook_inbox SET body = ${changed}, verdict = 'error' WHERE id = ${id}`;
    const payments = await api.sql`SELECT count(*) FROM payments`;
    const answer = await replay(id);
    expect(answer.body).toEqual({
      ...{ webhook_id: id, verdict: 'bad_signature', payment_id: null },
      answer: { status: 401, body: '{"error":"bad_signature"}' },
    });
    expect(await api.sql`SELECT count(*) FROM payments`).toEqual(payments);
    expect(await api.sql`SELECT verdict FROM webhook_inbox WHERE id = ${id}`).toEqual([{ verdict: 'error' }]);
  });

  test('looks at a signature with a time as of when it came', async () => {
    const body = sepayBody({ transferType: 'out' });
    await sendRaw(`${api.address}/webhooks/sepay`, { headers: sepayHeaders(body, secret), body });
    const { id, headers } = await rowOf(body);
    const hourAgo = Date.now() - 3_600_000;
    await api.sql`
      UPDATE webhook_inbox SET received_at = ${new Date(hourAgo).toISOString()},
        headers = ${api.sql.json({ ...headers, ...sepayHeaders(body, secret, Math.floor(hourAgo / 1000)) })}
      WHERE id = ${id}`;
    expect((await replay(id)).body).toMatchObject({ verdict: 'ignored', answer: { status: 200 } });
    await api.sql`UPDATE webhook_inbox SET received_at = session_clock() WHERE id = ${id}`;
    expect((await replay(id)).body).toMatchObject({ verdict: 'stale', answer: { status: 401 } });
  });

  test('is for operators, who name the tenant', async () => {
    const { id } = await keptNotice();
    const before = await written(api);
    for (const [as, status] of [
      [null, 401],
      [demo.staff, 403],
      [demo.cashier, 403],
      [demo.manager, 403],
      [demo.otherStaff, 403],
    ] as const)
      expect([as, (await replay(id, as)).status]).toEqual([as, status]);
    const foreign = await replay(id, demo.operator, demo.otherTenant);
    const absent = await replay(randomUUID());
    expect([foreign.status, foreign.body]).toEqual([404, absent.body]);
    const unnamed = await api.rest(`POST /admin/webhooks/${id}/replay`, { as: demo.operator, body: {} });
    expect([unnamed.status, unnamed.body.detail]).toEqual([400, expect.stringContaining('tenant_id')]);
    expect(await written(api)).toEqual(before);
  });

  test('is told when the merchant account is gone', async () => {
    const { id } = await keptNotice();
    await api.sql`UPDATE webhook_inbox SET account = ${randomUUID()} WHERE id = ${id}`;
    const { status, body } = await replay(id);
    expect([status, body.detail]).toEqual([404, expect.stringContaining('merchant account')]);
  });

  test('by GraphQL is the same', async () => {
    const { id } = await keptNotice();
    const { body } = await api.graphql(
      `mutation ($input: ReplayWebhookInput!) {
        replayWebhook(input: $input) { webhookId verdict paymentId answer { status body } }
      }`,
      { input: { tenantId: demo.tenant, webhookId: id } },
      { as: demo.operator },
    );
    expect(body.data.replayWebhook).toMatchObject({ webhookId: id, verdict: 'unmatched', answer: { status: 404 } });
  });
});

describe('a notice that a plain key proves', () => {
  const key = randomUUID();
  const body = () => sepayBody({ transferType: 'out' });
  const headers = { ...json, authorization: `Apikey ${key}`, cookie: 'a=b' };

  test('is replayed with that key, which the database holds sealed and nobody is shown', async () => {
    const account = await newAccount(api, 'vietqr', { secrets: { sepay_secret: key, scheme: 'apikey' } });
    const sent = body();
    expect((await sendRaw(`${api.address}/webhooks/sepay/${account}`, { headers, body: sent })).status).toBe(200);
    const { id, headers: kept } = await rowOf(sent);
    expect(Object.keys(kept)).not.toContain('cookie');
    expect(kept.authorization).toMatch(/^[\w+/]{40,}=*$/);
    expect(Buffer.from(kept.authorization, 'base64').toString('latin1')).not.toContain(key);
    const { webhooks } = (await list('&provider=vietqr&limit=1')).body;
    expect(webhooks[0]).toMatchObject({ webhook_id: id, account, headers: { authorization: '(sealed)' } });
    expect((await replay(id)).body).toMatchObject({ verdict: 'ignored', answer: { status: 200 } });

    const copied = api.sql.json({ ...kept, authorization: Buffer.alloc(80).toString('base64') });
    await api.sql`UPDATE webhook_inbox SET headers = ${copied} WHERE id = ${id}`;
    expect((await replay(id)).body).toMatchObject({ verdict: 'bad_signature', answer: { status: 401 } });
  });

  test('a key beside a signature is not kept', async () => {
    const sent = body();
    const both = { ...headers, ...sepayHeaders(sent, secret) };
    expect((await sendRaw(`${api.address}/webhooks/sepay`, { headers: both, body: sent })).status).toBe(200);
    expect((await rowOf(sent)).headers).not.toHaveProperty('authorization');
  });
});

describe('the list of webhooks', () => {
  test('goes from the newest to the oldest in pages, with what came and what came of it', async () => {
    const rows = [await keptNotice(), await keptNotice({ resultCode: 1006 }), await keptNotice()];
    const first = await list('&provider=momo&limit=2');
    expect(first.body.webhooks.map(({ webhook_id: id }: Json) => id)).toEqual([rows[2].id, rows[1].id]);
    expect(first.body.webhooks[1]).toMatchObject({
      ...{ provider: 'momo', account: 'default', method: 'POST', query: '', verdict: 'unknown_order', deliveries: 1 },
      ...{ headers: expect.objectContaining(json), body: rows[1].body.toString(), body_bytes: rows[1].body.length },
      ...{ detail: expect.stringContaining('1006'), payment_id: null, received_at: expect.stringMatching(/Z$/) },
    });
    const second = await list(`&provider=momo&limit=2&cursor=${first.body.next_cursor}`);
    expect(second.body.webhooks[0].webhook_id).toBe(rows[0].id);
    const failed = await list('&verdict=unknown_order');
    expect(failed.body.webhooks.map(({ verdict }: Json) => verdict)).toEqual(['unknown_order']);
    expect(failed.body.next_cursor).toBeNull();
  });

  test('is for operators, and tells nothing of other tenants', async () => {
    for (const path of ['webhooks', 'webhook-samples']) {
      const of = (as: string | null, tenant: string = demo.tenant) =>
        api.rest(`GET /admin/${path}?tenant_id=${tenant}`, { as });
      expect([path, (await of(null)).status]).toEqual([path, 401]);
      for (const as of [demo.staff, demo.cashier, demo.manager])
        expect([path, (await of(as)).status]).toEqual([path, 403]);
      const { webhooks, samples, next_cursor: next } = (await of(demo.operator, demo.otherTenant)).body;
      expect([webhooks ?? samples, next]).toEqual([[], null]);
    }
  });

  test.each([
    ['', 'tenant_id'],
    ['tenant_id=nobody', 'tenant_id'],
    [`tenant_id=${demo.tenant}&limit=0`, 'limit'],
    [`tenant_id=${demo.tenant}&limit=101`, 'limit'],
    [`tenant_id=${demo.tenant}&limit=many`, 'limit'],
    [`tenant_id=${demo.tenant}&cursor=7`, 'cursor'],
    [`tenant_id=${demo.tenant}&provider=%00`, 'provider'],
  ])('asked for with "%s" says what is wrong', async (query, path) => {
    for (const what of ['webhooks', 'webhook-samples']) {
      const { status, body } = await api.rest(`GET /admin/${what}?${query}`, { as: demo.operator });
      expect([what, status, body.errors?.[0]?.path]).toEqual([what, 400, path]);
    }
  });

  test('of samples shows what came, and no credential', async () => {
    const mark = `mark-${randomUUID()}`;
    const headers = { ...json, 'user-agent': mark, authorization: 'Apikey do-not-keep-this' };
    await sendRaw(`${api.address}/webhooks/sepay?x=1`, { headers, body: '{"transferAmount":1}' });
    // The answer to the caller waits for no sample.
    const body = await eventually(async () => {
      const path = `GET /admin/webhook-samples?tenant_id=${demo.tenant}&provider=vietqr&limit=1`;
      const listed = await api.rest(path, { as: demo.operator });
      return listed.body.samples.length > 0 && listed.body;
    });
    expect(body.samples[0]).toMatchObject({ provider: 'vietqr', account: 'default', reason: 'bad_signature' });
    expect(body.samples[0].address).toMatch(/127\.0\.0\.1/);
    for (const part of [mark, '{"transferAmount":1}', 'POST ?x=1']) expect(body.samples[0].sample).toContain(part);
    expect(JSON.stringify(body)).not.toContain('do-not-keep');
  });
});
