import { createHash, randomBytes } from 'node:crypto';
import postgres, { type Sql } from 'postgres';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, type Database } from '../../src/db/connect.js';
import { findWebhook, listWebhookRows, storeReplay, storeWebhook } from '../../src/db/webhook-inbox.js';
import { asId, type PaymentId, type TenantId } from '../../src/domain/ids.js';
import type { KeptNotice } from '../../src/domain/inbox.js';
import { useTestDatabase } from '../support/database.js';

const database = useTestDatabase();
const tenantId = asId<TenantId>(uuidv7());

let connected: Database;
let sql: Sql;

beforeAll(() => {
  connected = connect({ url: database.url, poolSize: 4, prepare: true });
  sql = postgres(database.url, { max: 1, onnotice: () => undefined });
});

afterAll(async () => {
  await connected.close();
  await sql.end({ timeout: 5 });
});

function notice(change: Partial<KeptNotice> = {}): KeptNotice {
  const body = randomBytes(20);
  const digest = createHash('sha256').update(body).digest('hex');
  return {
    ...{ id: uuidv7(), provider: 'momo', account: 'default', digest, method: 'POST', query: 'a=%20&b' },
    ...{ headers: { 'content-type': 'application/json' }, body: body.toString('base64') },
    ...{ verdict: 'recorded', detail: '0 fine', paymentId: asId<PaymentId>(uuidv7()) },
    ...change,
  };
}

const store = (kept: KeptNotice, tenant = tenantId) => storeWebhook(connected.orm, tenant, kept);
const again = (kept: KeptNotice, verdict: string): KeptNotice => ({
  ...kept,
  id: uuidv7(),
  verdict,
  detail: `now ${verdict}`,
  paymentId: asId<PaymentId>(uuidv7()),
});

test('a notice is kept byte for byte, and its headers as JSON', async () => {
  const kept = notice();
  await store(kept);
  const row = await findWebhook(connected.orm, tenantId, kept.id);
  expect(row).toMatchObject({
    ...kept,
    digest: Buffer.from(kept.digest, 'hex'),
    body: Buffer.from(kept.body, 'base64'),
  });
  expect(row).toMatchObject({ tenantId, deliveries: 1, receivedAt: row?.lastReceivedAt });
  expect(await sql`SELECT headers->>'content-type' AS type FROM webhook_inbox WHERE id = ${kept.id}`).toEqual([
    { type: 'application/json' },
  ]);
});

test('twenty deliveries at the same instant are one row that counts them', async () => {
  const kept = notice();
  await Promise.all(Array.from({ length: 20 }, () => store(again(kept, 'recorded'))));
  expect(
    await sql`
    SELECT deliveries, last_received_at >= received_at AS "isLater" FROM webhook_inbox
    WHERE digest = ${Buffer.from(kept.digest, 'hex')}`,
  ).toEqual([{ deliveries: 20, isLater: true }]);
});

test('the same notice of another tenant, provider or account is another one', async () => {
  const kept = notice();
  const other = asId<TenantId>(uuidv7());
  await store(kept);
  await store({ ...kept, id: uuidv7(), provider: 'vnpay' });
  await store({ ...kept, id: uuidv7(), account: uuidv7() });
  await store({ ...kept, id: uuidv7() }, other);
  expect(await sql`SELECT deliveries FROM webhook_inbox WHERE digest = ${Buffer.from(kept.digest, 'hex')}`).toEqual(
    Array.from({ length: 4 }, () => ({ deliveries: 1 })),
  );
  expect(await findWebhook(connected.orm, other, kept.id)).toBeUndefined();
});

describe.each([
  ['delivered again', (first: KeptNotice, next: KeptNotice) => store({ ...next, digest: first.digest }), 2],
  ['replayed', ({ id }: KeptNotice, next: KeptNotice) => storeReplay(connected.orm, { tenantId, id }, next), 1],
] as const)('a notice that is %s', (_, repeat, deliveries) => {
  test.each(['error', 'unknown_order'])('takes its new verdict in place of %s', async (verdict) => {
    const first = notice({ verdict, paymentId: null });
    const next = again(first, 'recorded');
    await store(first);
    await repeat(first, next);
    const { detail, paymentId } = next;
    expect(await findWebhook(connected.orm, tenantId, first.id)).toMatchObject({
      ...{ verdict: 'recorded', detail, paymentId, deliveries },
    });
  });

  test.each(['recorded', 'ignored', 'wrong_amount'])('keeps the verdict %s', async (verdict) => {
    const first = notice({ verdict });
    const { detail, paymentId } = first;
    await store(first);
    await repeat(first, again(first, 'duplicate'));
    expect(await findWebhook(connected.orm, tenantId, first.id)).toMatchObject({
      ...{ verdict, detail, paymentId, deliveries },
    });
  });
});

test('a list goes from the newest to the oldest, in pages, by provider and verdict', async () => {
  const tenant = asId<TenantId>(uuidv7());
  const ids = [];
  for (const [provider, verdict] of [
    ['momo', 'error'],
    ['vnpay', 'error'],
    ['momo', 'recorded'],
    ['momo', 'error'],
  ]) {
    const kept = notice({ provider: String(provider), verdict: String(verdict) });
    ids.unshift(kept.id);
    await store(kept, tenant);
  }
  const list = async (page: { provider?: string; before?: string; limit: number }, verdict?: string) =>
    (await listWebhookRows(connected.orm, { tenantId: tenant, ...page }, verdict)).map(({ id }) => id);
  expect(await list({ limit: 10 })).toEqual(ids);
  expect(await list({ limit: 2 })).toEqual(ids.slice(0, 2));
  expect(await list({ limit: 2, before: String(ids[1]) })).toEqual(ids.slice(2));
  expect(await list({ limit: 10, provider: 'momo' }, 'error')).toEqual([ids[0], ids[3]]);
});
