import { randomBytes } from 'node:crypto';
import postgres, { type Sql } from 'postgres';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { connect, type Database } from '../../src/db/connect.js';
import { purgeWebhookSampleRows } from '../../src/db/webhook-samples.js';
import { asId, type TenantId } from '../../src/domain/ids.js';
import { createInvalidWebhooks, type InvalidWebhook } from '../../src/services/invalid-webhooks.js';
import { useTestDatabase } from '../support/database.js';

const database = useTestDatabase();
const tenantId = asId<TenantId>(uuidv7());

let connected: Database;
let sql: Sql;
let failures: unknown[];

beforeAll(() => {
  connected = connect({ url: database.url, poolSize: 4, prepare: true });
  sql = postgres(database.url, { max: 1, onnotice: () => undefined });
});

afterAll(async () => {
  await connected.close();
  await sql.end({ timeout: 5 });
});

beforeEach(async () => {
  failures = [];
  await sql`TRUNCATE webhook_samples`;
});

const samplesOf = () =>
  createInvalidWebhooks({ orm: connected.orm, newId: uuidv7 }, (error, dropped) => failures.push({ error, dropped }));

function forged(change: Partial<InvalidWebhook['request']> & { provider?: string } = {}): InvalidWebhook {
  const { provider = 'momo', ...request } = change;
  const account = { id: 'default', tenantId, locationId: null, provider, settings: {}, secrets: [{}] as const };
  return {
    account: { ...account, allowedAddresses: [], endpoints: {} },
    why: 'bad_signature',
    detail: 'it does not fit',
    address: '203.0.113.7',
    request: { method: 'POST', query: '', headers: {}, body: Buffer.from('{}'), receivedAt: 0, ...request },
  };
}

test('a hundred calls of each provider are sampled in a minute, and no more', async () => {
  const samples = samplesOf();
  const taken = Array.from({ length: 101 }, () => samples.take(forged()));
  expect([taken.filter(Boolean).length, taken[100]]).toEqual([100, false]);
  expect(samples.take(forged({ provider: 'vnpay' }))).toBe(true);
  await samples.settled();
  expect(failures).toEqual([]);
  expect(await sql`SELECT provider, count(*)::int FROM webhook_samples GROUP BY 1 ORDER BY 1`).toEqual([
    { provider: 'momo', count: 100 },
    { provider: 'vnpay', count: 1 },
  ]);
});

test('a sample ends at 8 KB, however long query, headers and body are', async () => {
  const samples = samplesOf();
  samples.take(
    forged({ query: 'ê'.repeat(15_000), headers: { 'user-agent': 'x'.repeat(15_000) }, body: randomBytes(60_000) }),
  );
  samples.take(forged({ body: randomBytes(60_000) }));
  await samples.settled();
  expect(failures).toEqual([]);
  expect(await sql`SELECT length(sample) FROM webhook_samples`).toEqual([{ length: 8192 }, { length: 8192 }]);
});

test('a sample tells what came from where and why it was refused, in the bytes that came, but no credential', async () => {
  const samples = samplesOf();
  const body = Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0xff, 0x00, 0x7d]);
  const headers = {
    authorization: 'Bearer a-secret-of-somebody',
    cookie: 'session=another-secret',
    'x-sepay-signature': 'sha256=third-secret',
    'x-api-key': 'fourth-secret',
    'content-type': 'application/json',
    'user-agent': 'curl/8',
  };
  samples.take(forged({ method: 'PUT', query: 'a=1&b=%20', headers, body }));
  await samples.settled();
  const [row] = await sql`SELECT * FROM webhook_samples`;
  expect(row).toMatchObject({
    tenant_id: tenantId,
    account: 'default',
    reason: 'bad_signature',
    address: '203.0.113.7',
  });
  const text = row?.sample.toString('latin1');
  for (const part of ['PUT ?a=1&b=%20', 'content-type: application/json', 'user-agent: curl/8', 'it does not fit'])
    expect(text).toContain(part);
  for (const name of Object.keys(headers)) expect(text).toContain(`${name}: `);
  expect(text).not.toContain('secret');
  expect(row?.sample.subarray(-body.length)).toEqual(body);
});

test('while the database refuses them, samples are dropped and told, none pile up, and later ones are kept', async () => {
  const samples = samplesOf();
  await sql`ALTER TABLE webhook_samples RENAME TO gone`;
  try {
    for (let count = 0; count < 20; count += 1) expect(samples.take(forged())).toBe(true);
    await samples.settled();
  } finally {
    await sql`ALTER TABLE gone RENAME TO webhook_samples`;
  }
  expect(failures).toEqual([{ error: expect.any(Error), dropped: 20 }]);
  samples.take(forged());
  await samples.settled();
  expect(await sql`SELECT count(*)::int FROM webhook_samples`).toEqual([{ count: 1 }]);
});

test('old samples are forgotten, and of a flood all but the newest of each tenant', async () => {
  const other = uuidv7();
  const add = (tenant: string, count: number, age: string) => sql`
    INSERT INTO webhook_samples (tenant_id, id, provider, account, reason, address, sample, received_at)
    SELECT ${tenant}, ('00000000-0000-7000-8000-' || lpad((n + ${age === '1 hour' ? 5000 : 0})::text, 12, '0'))::uuid,
      'momo', 'default', 'malformed', '::1', '', session_clock() - ${age}::interval FROM generate_series(1, ${count}) n`;
  await add(tenantId, 30, '1 hour');
  await add(tenantId, 5, '8 days');
  await add(other, 3, '1 hour');
  await add(other, 2, '8 days');
  expect(await purgeWebhookSampleRows(connected.orm, { keepDays: 7, keepRows: 20 })).toBe(17);
  expect(await sql`SELECT tenant_id, count(*)::int, min(id::text) FROM webhook_samples GROUP BY 1 ORDER BY 2`).toEqual([
    { tenant_id: other, count: 3, min: '00000000-0000-7000-8000-000000005001' },
    { tenant_id: tenantId, count: 20, min: '00000000-0000-7000-8000-000000005011' },
  ]);
  expect(await purgeWebhookSampleRows(connected.orm, { keepDays: 7, keepRows: 20 })).toBe(0);
});
