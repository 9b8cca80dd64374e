import type { Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TenantId } from '../../../src/domain/ids.js';
import { before, type Tx } from '../../../src/event-log/activity.js';
import { glanceAtTenants } from '../../../src/event-log/activity-moment.js';
import { createActivityReader } from '../../../src/event-log/activity-page.js';
import { batchSql } from '../../../src/event-log/batch-statement.js';
import { loadSql } from '../../../src/event-log/load-sessions.js';
import { newLocation, openAt } from '../../support/activity.js';
import { tenantId, useHeart } from '../../support/heart.js';

const otherTenant = '01900000-0000-7000-8000-000000000002' as TenantId;

interface Sent {
  readonly text: string;
  readonly parameters: readonly unknown[];
}

/** What is sent to the database, which does not answer. */
async function sentBy(act: (sql: Sql) => Promise<unknown>): Promise<Sent> {
  let sent: Sent | undefined;
  const unsafe = (text: string, parameters: readonly unknown[]) => {
    sent = { text, parameters };
    return Object.assign(Promise.reject(new Error('no answer')), { cancel: () => undefined });
  };
  await act({ unsafe } as unknown as Sql).catch(() => undefined);
  if (!sent) throw new Error('nothing was sent');
  return sent;
}

/** A connection of the pool, which says what statements would do and what they touch. */
async function measureOn(sql: Sql) {
  // The driver reserves only a connection that is open already.
  await sql`SELECT 1`;
  const connection = await sql.reserve();
  const explain = async (how: string, name: string, parameters: readonly unknown[]): Promise<readonly string[]> => {
    const values = parameters.map(literal);
    const rows = await connection.unsafe<{ 'QUERY PLAN': string }[]>(
      `EXPLAIN (${how}) EXECUTE ${name} (${values.join(', ')})`,
    );
    return rows.map((row) => row['QUERY PLAN']);
  };
  return {
    prepare: (name: string, text: string) => connection.unsafe(`PREPARE ${name} AS ${text}`),
    plan: async (name: string, parameters: readonly unknown[]) =>
      (await explain('COSTS off', name, parameters)).join('\n'),
    async pages(name: string, parameters: readonly unknown[]): Promise<number> {
      // The first run of a plan also reads the catalogue.
      await explain('ANALYZE, BUFFERS', name, parameters);
      const plan = await explain('ANALYZE, BUFFERS, COSTS off, TIMING off', name, parameters);
      const [, hit, read] = /Buffers: shared(?: hit=(\d+))?(?: read=(\d+))?/.exec(plan.join('\n')) ?? [];
      return Number(hit ?? 0) + Number(read ?? 0);
    },
    release: () => connection.release(),
  };
}

/** A parameter as SQL text. */
function literal(value: unknown): string {
  if (value === null) return 'NULL';
  if (Array.isArray(value)) return `'{${value.join(',')}}'`;
  if (typeof value === 'string' || typeof value === 'number') return `'${value}'`;
  throw new Error('not a parameter of a statement');
}

describe('a feed of a location costs the database the same', () => {
  const heart = useHeart();
  const place = newLocation();
  const read = createReads();
  /** One connection planned everything while the tables were empty, and keeps to it; the other one plans when they are full. */
  let early: Awaited<ReturnType<typeof measureOn>>;
  let written = 0;

  /** What feeds send: read what is new, read on from an old cursor, and the look of every few seconds. */
  function createReads() {
    const readFrom = (after: Tx) =>
      sentBy((sql) => {
        const range = { tenantId, locationIds: [place], after: before(after) };
        return createActivityReader(sql, { pageEvents: 128, statementMs: 1_000 })(range);
      });
    const lookFrom = (tx: Tx) => sentBy((sql) => glanceAtTenants(sql, [{ tenantId, readTo: before(tx) }], 1_000));
    return { page: readFrom, look: lookFrom };
  }

  /** Transactions of twelve events each, of six sessions of either tenant; a quarter of them is at the followed place. */
  async function growTo(transactions: number): Promise<void> {
    await heart.sql.unsafe(`
      DO $$ BEGIN
        FOR n IN ${written + 1}..${transactions} LOOP
          INSERT INTO session_events (tenant_id, session_id, event_seq, event_id, idempotency_key, fingerprint,
            event_type, version, payload, actor, prev_hash, hash)
          SELECT tenant_id, session_id, n + 1, gen_random_uuid(), n::text, fingerprint, event_type, version, payload,
            actor, hash, hash
          FROM first_events;
          COMMIT;
        END LOOP;
      END $$`);
    written = transactions;
  }

  async function transactions(): Promise<{ next: Tx; first: Tx; late: Tx }> {
    const [row] = await heart.sql<{ next: string; first: string; late: string }[]>`
      SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS next,
        (SELECT tx::text FROM session_events WHERE event_seq = 2 LIMIT 1) AS first,
        (SELECT tx::text FROM session_events WHERE event_seq = ${written - 1} LIMIT 1) AS late`;
    return { next: BigInt(row!.next), first: BigInt(row!.first), late: BigInt(row!.late) };
  }

  async function figures(measure: typeof early) {
    const { next, first, late } = await transactions();
    return {
      nothingNew: await measure.pages('page', (await read.page(next)).parameters),
      fewNew: await measure.pages('page', (await read.page(late)).parameters),
      longAgo: await measure.pages('page', (await read.page(first)).parameters),
      look: await measure.pages('look', (await read.look(next)).parameters),
      lookWithNews: await measure.pages('look', (await read.look(first)).parameters),
    };
  }

  async function prepareOn(sql: Sql): Promise<typeof early> {
    const measure = await measureOn(sql);
    const [page, look] = [await read.page(1n), await read.look(1n)];
    await measure.prepare('page', page.text);
    await measure.prepare('look', look.text);
    await measure.plan('page', page.parameters);
    await measure.plan('look', look.parameters);
    return measure;
  }

  beforeAll(async () => {
    // A vacuum in the middle would let later rows fill gaps of earlier pages: one page for each instead of one for all.
    await heart.sql`ALTER TABLE session_events SET (autovacuum_enabled = false)`;
    early = await prepareOn(heart.a.db.reader);
    for (const at of [place, newLocation(), newLocation(), newLocation()]) await openAt(heart.a, at);
    for (const at of [newLocation(), newLocation()]) await openAt(heart.a, at);
    // Another tenant has the same, even with the same ids.
    const other = heart.sql.json({ tenant_id: otherTenant });
    await heart.sql`INSERT INTO qr_sessions SELECT (jsonb_populate_record(s, ${other})).* FROM qr_sessions s`;
    await heart.sql`INSERT INTO session_events SELECT (jsonb_populate_record(e, ${other})).* FROM session_events e`;
    await heart.sql`CREATE TABLE first_events AS SELECT * FROM session_events WHERE event_seq = 1`;
  });

  afterAll(() => early.release());

  test('with 200,000 events in the log as with 20,000, by plans of an empty database and by those of a full one', async () => {
    await growTo(1_670);
    const small = await figures(early);
    await growTo(16_700);
    const large = await figures(early);
    await heart.sql`ANALYZE`;
    const late = await prepareOn(heart.b.db.reader);
    const planned = await figures(late);
    // An index of ten times as many entries may be one level higher, for each range that is looked up.
    const bound = (pages: number) => pages * 1.25 + 8;
    for (const name of Object.keys(small) as (keyof typeof small)[]) {
      expect(large[name], name).toBeLessThanOrEqual(bound(small[name]));
      expect(planned[name], name).toBeLessThanOrEqual(bound(small[name]));
    }
    expect(large.nothingNew).toBeLessThan(40);
    const plan = await late.plan('page', (await read.page(1n)).parameters);
    expect(plan).toContain('session_events_by_tx');
    expect(plan).not.toMatch(/Seq Scan|Bitmap|session_events_pkey|qr_sessions_by_location/);
    late.release();
  }, 120_000);
});

describe('the index of feeds across sessions', () => {
  const heart = useHeart();

  test('is taken for no key by a statement that was planned while the tables were empty', async () => {
    const writer = await measureOn(heart.a.db.writer);
    for (const [name, text] of Object.entries({ batch: batchSql, load: loadSql })) {
      await writer.prepare(name, text);
      const count = Math.max(...[...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
      const plan = await writer.plan(
        name,
        Array.from({ length: count }, () => null),
      );
      expect(plan).toContain('session_events_tenant_id_session_id_idempotency_key_key');
      expect(plan).not.toContain('session_events_by_tx');
    }
    writer.release();
  });
});
