/** What is left of guests after their time: money and staff, no names; and a log that is as whole as before. */
import { randomUUID } from 'node:crypto';
import { isNonNullType, isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { eraseGuests, listNamedSessions } from '../../src/db/guest-data.js';
import { asId, type SessionId, type TenantId } from '../../src/domain/ids.js';
import { blankBill } from '../../src/domain/fold.js';
import { camelWord } from '../../src/domain/words.js';
import { buildGraphqlSchema } from '../../src/resolvers/build-schema.js';
import { eventDefinitions } from '../../src/domain/events/index.js';
import { eventClasses } from '../../src/schema/events/index.js';
import { connect } from '../../src/db/connect.js';
import { type FoundFault, verifyLog } from '../../src/event-log/verify/verify-log.js';
import { eraseOldGuests } from '../../src/services/erase-guests.js';
import { allJobs } from '../../src/jobs/index.js';
import { saveCheckpoint } from '../../src/event-log/checkpoints.js';
import { add, append, demo, newTable, sitDown, startApi, useApi, type Visit } from '../support/api.js';
import { atProvider, startPaying } from '../support/payments.js';

const api = useApi();
const kept = { days: 90, graceSeconds: 3600 };
const tenantId = asId<TenantId>(demo.tenant);

/** Lan orders with a note, asks for the bill with another, and pays by phone; a waiter adds for her, with a note of the waiter's own. */
async function evening(): Promise<Visit> {
  const visit = await sitDown(api, await newTable(api));
  await append(api, visit, add({ note: 'Lan không ăn hành' }));
  await append(api, visit, {
    ...{ idempotency_key: randomUUID(), event_type: 'request_service' },
    payload: { kind: 'bill', note: 'Lan chờ ở cửa' },
  });
  await append(api, { ...visit, phone: demo.staff }, add({ note: 'bàn của Hạnh' }));
  const intent = await startPaying(api, visit);
  await atProvider(api, intent, 'pay');
  return visit;
}

async function endedDaysAgo(visit: Visit, days: number): Promise<void> {
  await api.sql`
    UPDATE qr_sessions SET ended_at = session_clock() - make_interval(days => ${days}), status = 'paid' WHERE id = ${visit.sessionId}`;
}

async function withOrm<T>(work: (orm: ReturnType<typeof connect>['orm']) => Promise<T>): Promise<T> {
  const database = connect({ url: api.databaseUrl, poolSize: 2, prepare: true });
  try {
    return await work(database.orm);
  } finally {
    await database.close();
  }
}

const failures: unknown[] = [];
const sweep = (stopping = new AbortController().signal) =>
  withOrm((orm) => eraseOldGuests({ orm }, kept, { onFailure: (error) => failures.push(error), stopping }));

async function faultsOf(visit: Visit): Promise<readonly string[]> {
  const faults: FoundFault[] = [];
  const sessionId = asId<SessionId>(visit.sessionId);
  await verifyLog(api.sql, { sessionId, isDeep: true, found: (fault) => faults.push(fault) });
  // Its end was moved into the past by the test.
  return faults.map(({ seq, text }) => `${seq} ${text}`);
}

const snapshot = async (visit: Visit, etag = '') =>
  api.rest(`GET /sessions/${visit.sessionId}/snapshot`, {
    as: demo.staff,
    ...(etag && { headers: { 'If-None-Match': etag } }),
  });

/** The same with every name and note of guests blanked. */
const withoutNames = (text: string) =>
  text.replaceAll('"Lan"', 'null').replaceAll('"Lan không ăn hành"', 'null').replaceAll('"Lan chờ ở cửa"', 'null');

test('names, notes and phones of guests are gone; money, staff and the chain are as they were', async () => {
  const visit = await evening();
  const young = await evening();
  const before = await snapshot(visit);
  expect(before.text).toContain('Lan');
  const money = () => api.sql`
    SELECT id, amount, status, settled_at, provider_transaction_id, actor->>'id' AS actor FROM payments
    WHERE session_id = ${visit.sessionId} ORDER BY id`;
  const paid = await money();
  await endedDaysAgo(visit, 91);
  await endedDaysAgo(young, 89);
  expect(await sweep()).toBe(1);
  expect(failures).toEqual([]);

  const rows = await api.sql`
    SELECT (SELECT string_agg(e::text, ' ') FROM session_events e WHERE e.session_id = q.id) AS log,
      (SELECT string_agg(p::text, ' ') FROM payments p WHERE p.session_id = q.id) AS payments,
      (SELECT count(*)::int FROM devices d WHERE d.session_id = q.id) AS devices,
      (SELECT count(*)::int FROM session_checkpoints c WHERE c.session_id = q.id) AS checkpoints,
      q.anonymised_at IS NOT NULL AS anonymised
    FROM qr_sessions q WHERE q.id = ${visit.sessionId}`;
  expect(rows[0]).toMatchObject({ devices: 0, checkpoints: 0, anonymised: true });
  expect(rows[0]?.log + rows[0]?.payments).not.toMatch(/Lan|cửa/);
  // What a waiter wrote is the restaurant's.
  expect(rows[0]?.log).toContain('bàn của Hạnh');
  expect(await money()).toEqual(paid);
  expect(await faultsOf(visit)).toEqual([]);
  expect((await snapshot(young)).text).toContain('Lan');
  expect(await faultsOf(young)).toEqual([]);

  // The server had the bill with the names in memory.
  const after = await snapshot(visit, before.headers.get('etag') ?? '');
  expect(after.status).toBe(200);
  expect(after.text).toBe(withoutNames(before.text));
  const events = await api.rest(`GET /sessions/${visit.sessionId}/events`, { as: demo.staff });
  expect(events.text).not.toMatch(/Lan|cửa/);
  const history = await api.rest(`GET /sessions/${visit.sessionId}/history`, { as: demo.staff });
  expect(history.body.steps[1]).toMatchObject({ text: 'A phone joined', actor: { type: 'device', name: null } });
  expect(history.text).not.toMatch(/Lan|cửa/);
  const past = await api.rest(`GET /sessions/${visit.sessionId}/snapshot?at_seq=4`, { as: demo.staff });
  expect(past.text).not.toMatch(/Lan|cửa/);
});

test('a second run finds nothing to do', async () => {
  const visit = await evening();
  await endedDaysAgo(visit, 91);
  expect(await sweep()).toBe(1);
  const state = () => api.sql`
    SELECT md5(string_agg(e::text, '|' ORDER BY event_seq)) AS log, (SELECT anonymised_at FROM qr_sessions
      WHERE id = ${visit.sessionId}) AS at FROM session_events e WHERE session_id = ${visit.sessionId}`;
  const first = await state();
  expect(await sweep()).toBe(0);
  expect(await state()).toEqual(first);
});

test('two nodes that sweep at once erase each session once', async () => {
  const visits = [await evening(), await evening(), await evening(), await evening()];
  for (const visit of visits) await endedDaysAgo(visit, 100);
  const counts = await Promise.all([sweep(), sweep(), sweep()]);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(visits.length);
  for (const visit of visits) expect(await faultsOf(visit)).toEqual([]);
});

test('a sweep ends between two sessions when the server stops, and leaves the rest', async () => {
  const visits = [await evening(), await evening()];
  for (const visit of visits) await endedDaysAgo(visit, 100);
  const stopping = new AbortController();
  stopping.abort();
  expect(await sweep(stopping.signal)).toBe(0);
  expect(await sweep()).toBe(2);
});

test('one that cannot be erased holds up nobody', async () => {
  const [broken, whole] = [await evening(), await evening()];
  await endedDaysAgo(broken, 101);
  await endedDaysAgo(whole, 100);
  await api.sql.unsafe(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not today'; END $$;
    CREATE TRIGGER refuse BEFORE UPDATE ON session_events FOR EACH ROW WHEN (OLD.session_id = '${broken.sessionId}')
      EXECUTE FUNCTION refuse()`);
  expect(await sweep()).toBe(1);
  expect(String((failures.pop() as Error).cause)).toContain('not today');
  await api.sql.unsafe('DROP TRIGGER refuse ON session_events; DROP FUNCTION refuse');
  expect(await sweep()).toBe(1);
});

test('whoever still has the names in memory on another node forgets them with the next look, and keeps no fold of them', async () => {
  const visit = await evening();
  const other = await startApi({ databaseUrl: api.databaseUrl });
  try {
    const url = `/api/v1/sessions/${visit.sessionId}/snapshot`;
    expect((await other.http('GET', url, { as: demo.staff })).text).toContain('Lan');
    const database = connect({ url: api.databaseUrl, poolSize: 2, prepare: true });
    const sessionId = asId<SessionId>(visit.sessionId);
    await endedDaysAgo(visit, 91);
    expect(await sweep()).toBe(1);
    const named = { ...blankBill(tenantId, sessionId), lastSeq: 255 };
    await saveCheckpoint(database.writer, named, { ...named, lastSeq: 256 });
    await database.close();
    expect(await api.sql`SELECT 1 FROM session_checkpoints WHERE session_id = ${visit.sessionId}`).toHaveLength(0);
    expect((await other.http('GET', url, { as: demo.staff })).text).not.toContain('Lan');
    // Money that comes after all is written on what is left.
    const cash = await other.http('POST', '/api/v1/admin/payments/cash', {
      ...{ as: demo.cashier, headers: { 'X-Actor-Name': 'Mai' } },
      body: { session_id: visit.sessionId, amount: 1000, idempotency_key: randomUUID() },
    });
    expect(cash.status).toBe(201);
    expect((await snapshot(visit)).text).not.toContain('Lan');
    expect(await faultsOf(visit)).toEqual([]);
  } finally {
    await other.stop();
  }
});

test('phones are not forgotten while they may still act', async () => {
  const visit = await evening();
  await endedDaysAgo(visit, 2);
  const grace = 3 * 86_400;
  await withOrm(async (orm) => {
    const named = (days: number, graceSeconds: number) =>
      listNamedSessions(orm, { days, graceSeconds }, { after: undefined, limit: 100 });
    expect((await named(1, 3600)).map(({ sessionId }) => sessionId)).toContain(visit.sessionId);
    expect((await named(1, grace)).map(({ sessionId }) => sessionId)).not.toContain(visit.sessionId);
    const session = { tenantId, sessionId: asId<SessionId>(visit.sessionId) };
    expect(await eraseGuests(orm, session, { kept: { days: 1, graceSeconds: grace }, personal: {} })).toBe(false);
  });
});

test('the job is there unless guests are to be remembered for ever', () => {
  const names = (guestDataDays: number) =>
    allJobs({ expiryCron: '* * * * *', graceSeconds: 0, guestDataDays }).map(({ name }) => name);
  expect(names(90)).toContain('erase-guests');
  expect(names(0)).not.toContain('erase-guests');
});

test('what a phone can write keeps its shape without its personal fields', async () => {
  const schema = await buildGraphqlSchema();
  const ofGuests = Object.values(eventDefinitions).filter(
    ({ type, sender }) => sender === 'guest' || type === 'device_joined',
  );
  const fields = ofGuests.flatMap(({ type, personal }) => {
    const shown = schema.getType(eventClasses[type].name);
    const shownFields = isObjectType(shown) ? shown.getFields() : {};
    return personal.map((field) => [`${type}.${field}`, shownFields[camelWord(field)]?.type] as const);
  });
  expect(fields.map(([name]) => name)).toContain('request_service.note');
  for (const [name, type] of fields)
    expect({ name, isNullable: type && !isNonNullType(type) }).toEqual({ name, isNullable: true });
});
