import postgres, { type ReservedSql, type Sql } from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LocationId, SessionId } from '../../../src/domain/ids.js';
import type { Activity } from '../../../src/event-log/activity.js';
import { noBells } from '../../../src/event-log/bells/bells.js';
import { follow, nameOf, nextItems, newLocation, openAt, take } from '../../support/activity.js';
import { createEmptyDatabase } from '../../support/empty-database.js';
import { eventually } from '../../support/eventually.js';
import { add, type HeartNode, useHeart } from '../../support/heart.js';

const heart = useHeart();
/** Hears nothing of the others, and so looks four times a second. */
let deaf: HeartNode;
let place: LocationId;
/** Two sessions: one is written by a transaction that takes its time, the other one by the nodes. */
let slow: SessionId;
let quick: SessionId;
let transaction: ReservedSql;

beforeAll(() => {
  deaf = heart.start('deaf', {}, { ...noBells, isHearing: false });
});

beforeEach(async () => {
  place = newLocation();
  slow = await openAt(heart.a, place);
  quick = await openAt(heart.a, place);
  transaction = await reserve(heart.sql);
  await transaction`BEGIN`;
});

afterEach(async () => {
  vi.restoreAllMocks();
  await transaction`ROLLBACK`;
  transaction.release();
});

/** The driver reserves only a connection that is open already. */
async function reserve(sql: Sql): Promise<ReservedSql> {
  await sql`SELECT 1`;
  return sql.reserve();
}

/** One more event like the session's last, written by whoever holds the connection. */
async function writeRaw(sql: Sql, sessionId: SessionId): Promise<string> {
  const [row] = await sql<{ seq: number }[]>`
    WITH head AS (
      UPDATE qr_sessions SET last_event_seq = last_event_seq + 1 WHERE id = ${sessionId} RETURNING id, last_event_seq
    )
    INSERT INTO session_events (tenant_id, session_id, event_seq, event_id, idempotency_key, fingerprint, event_type,
      version, payload, actor, prev_hash, hash)
    SELECT e.tenant_id, e.session_id, h.last_event_seq, gen_random_uuid(), gen_random_uuid(), e.fingerprint, e.event_type,
      e.version, e.payload, e.actor, e.hash, e.hash
    FROM head h JOIN session_events e ON e.session_id = h.id AND e.event_seq = h.last_event_seq - 1
    RETURNING event_seq AS seq`;
  return nameOf({ sessionId, seq: row!.seq });
}

const addQuick = async (): Promise<string> => nameOf({ sessionId: quick, seq: (await add(heart.a, quick)).event.seq });

/** Resolves when this node has looked at the log so often from now on. */
async function looks({ db: { reader } }: HeartNode, times: number): Promise<void> {
  const statements = vi.spyOn(reader, 'unsafe');
  const isLook = ([text]: readonly unknown[]) => String(text).includes('reach');
  await eventually(() => statements.mock.calls.filter(isLook).length >= times, { within: 15_000 });
}

const names = (items: readonly Parameters<typeof nameOf>[0][]): readonly string[] => items.map(nameOf);

describe.each([
  ['the node that writes', () => heart.a],
  ['a node that hears no bells', () => deaf],
])('while a transaction that began earlier still runs, a feed of %s', (_, node) => {
  test('keeps back what was written later, and gives both in order when it has committed', async () => {
    const feed = await follow(node(), place);
    const first = await writeRaw(transaction, slow);
    const second = await addQuick();
    let given: readonly string[] | undefined;
    const next = nextItems(feed).then((items) => (given = names(items)));
    await looks(node(), 3);
    expect(given).toBeUndefined();
    await transaction`COMMIT`;
    await next;
    expect([...given!, ...(given!.length < 2 ? names(await take(feed, 1)) : [])]).toEqual([first, second]);
    feed.close();
  });

  test('gives what was written later when it was rolled back', async () => {
    const feed = await follow(node(), place);
    await writeRaw(transaction, slow);
    const second = await addQuick();
    await looks(node(), 3);
    await transaction`ROLLBACK`;
    expect(names(await take(feed, 1))).toEqual([second]);
    feed.close();
  });

  test('that is cut and resumed meanwhile loses nothing of either', async () => {
    const marker = await follow(node(), place);
    await addQuick();
    const [{ cursor }] = (await take(marker, 1)) as [Activity];
    marker.close();
    const first = await writeRaw(transaction, slow);
    const second = await addQuick();
    const early = await follow(node(), place, cursor);
    await looks(node(), 2);
    early.close();
    const late = await follow(node() === heart.a ? deaf : heart.a, place, cursor);
    await transaction`COMMIT`;
    expect(names(await take(late, 2))).toEqual([first, second]);
    late.close();
  });

  test('begins with what is committed from then on, and with nothing that could be seen before', async () => {
    const first = await writeRaw(transaction, slow);
    await addQuick();
    const feed = await follow(node(), place);
    const third = await addQuick();
    await transaction`COMMIT`;
    expect(names(await take(feed, 2))).toEqual([first, third]);
    feed.close();
  });

  test('goes on giving what was written before it', async () => {
    const feed = await follow(node(), place);
    const first = await addQuick();
    await writeRaw(transaction, slow);
    expect(names(await take(feed, 1))).toEqual([first]);
    feed.close();
  });
});

describe('a transaction in another database of the server', () => {
  let other: Sql;
  beforeAll(async () => {
    other = postgres(await createEmptyDatabase(), { max: 1, onnotice: () => undefined });
  });
  afterAll(() => other.end({ timeout: 5 }));

  test('keeps a feed back as well, and costs it nothing but time', async () => {
    const foreign = await reserve(other);
    const feed = await follow(heart.a, place);
    await foreign`BEGIN`;
    await foreign`SELECT pg_current_xact_id()`;
    const written = await addQuick();
    let given: readonly string[] | undefined;
    const next = nextItems(feed).then((items) => (given = names(items)));
    await looks(heart.a, 3);
    expect(given).toBeUndefined();
    await foreign`ROLLBACK`;
    foreign.release();
    await next;
    expect(given).toEqual([written]);
    feed.close();
  });
});
