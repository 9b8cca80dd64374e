import { beforeAll, describe, expect, test } from 'vitest';
import type { SessionId } from '../../src/domain/ids.js';
import { add, append, demo, newKey, newTable, sitDown, useApi, type Visit } from '../support/api.js';
import { call, type Call, faces } from '../support/faces.js';
import { eventually } from '../support/eventually.js';
import { endTime } from '../support/session-time.js';

describe('expiry', () => {
  const api = useApi();
  // The first requests of a server are slower than a short session.
  beforeAll(async () => {
    await append(api, await sitDown(api), add());
  });

  const isPast = async (sessionId: string): Promise<boolean> => {
    const [row] = await api.sql`SELECT session_clock() >= expires_at AS past FROM qr_sessions WHERE id = ${sessionId}`;
    return row?.past === true;
  };

  test.each(faces)(
    'of two seconds is seen by every reader and writer at once, without any sweep, over %s',
    async (face) => {
      const place = await newTable(api);
      const { body } = await api.rest(`POST /locations/${demo.location}/qr-sessions`, {
        as: demo.staff,
        body: { table_id: place.tableId, ttl_seconds: 2 },
      });
      const { session_id: sessionId, device_token: phone } = body;
      const event = add();
      await append(api, { sessionId, phone }, event);
      const tag = (await api.rest(`GET /sessions/${sessionId}/snapshot`, { as: phone })).headers.get('etag');
      await eventually(() => isPast(sessionId));
      const at = { session_id: sessionId };
      const session = await call(api, face, { operation: 'session', at, as: phone });
      const snapshot = await call(api, face, { operation: 'snapshot', at, as: phone });
      expect([session.data.status, snapshot.data.status].map((word) => word.toLowerCase())).toEqual([
        'expired',
        'expired',
      ]);
      const write: Call = { operation: 'append', at, as: phone, body: add() };
      expect((await call(api, face, write)).code).toBe('SESSION_EXPIRED');
      const replay = await call(api, face, { ...write, body: event });
      expect([replay.code, replay.data.replayed]).toEqual([undefined, true]);
      const [row] = await api.sql`SELECT status, last_event_seq FROM qr_sessions WHERE id = ${sessionId}`;
      expect(row).toEqual({ status: 'open', last_event_seq: 3 });
      const fresh = await api.rest(`GET /sessions/${sessionId}/snapshot`, {
        as: phone,
        headers: { 'If-None-Match': tag ?? '' },
      });
      expect(fresh.status).toBe(200);
      const next = await sitDown(api, place);
      expect(next.sessionId).not.toBe(sessionId);
    },
  );

  test('frees the table for the next guests, who are the ones that write it down', async () => {
    const visit = await sitDown(api);
    await endTime(api.sql, visit.sessionId as SessionId);
    const next = await sitDown(api, visit);
    expect(next.sessionId).not.toBe(visit.sessionId);
    const { body } = await api.rest(`GET /sessions/${visit.sessionId}/events?cursor=2`, { as: visit.phone });
    expect(body.events).toMatchObject([{ event_type: 'session_expired' }]);
  });

  test('of a session shows in the list of its location', async () => {
    const visit = await sitDown(api);
    await endTime(api.sql, visit.sessionId as SessionId);
    const { body } = await api.graphql(
      'query ($id: UUID!, $first: Int!) { sessions(locationId: $id, first: $first) { edges { node { id status } } } }',
      { id: demo.location, first: 500 },
      { as: demo.staff },
    );
    const found = body.data.sessions.edges.find(({ node }: { node: { id: string } }) => node.id === visit.sessionId);
    expect(found.node.status).toBe('EXPIRED');
  });
});

describe('after the end', () => {
  const graceSeconds = 30;
  const api = useApi({ env: { SESSION_GRACE_SECONDS: String(graceSeconds) } });

  const close = (visit: Visit) =>
    api.rest(`POST /sessions/${visit.sessionId}/close`, { as: demo.staff, body: { reason: 'xong' } });
  const reading = (visit: Visit): readonly Call[] =>
    (['session', 'snapshot', 'events'] as const).map((operation) => ({
      operation,
      at: { session_id: visit.sessionId },
      as: visit.phone,
    }));

  test.each(faces)('a phone reads and replays for the time of grace, then it is nobody, over %s', async (face) => {
    const visit = await sitDown(api);
    const event = add();
    await append(api, visit, event);
    await close(visit);
    const replay: Call = { operation: 'append', at: { session_id: visit.sessionId }, as: visit.phone, body: event };
    for (const wanted of [...reading(visit), replay]) expect((await call(api, face, wanted)).code).toBeUndefined();
    expect((await call(api, face, { ...replay, body: add() })).code).toBe('SESSION_NOT_OPEN');
    await api.sql`
      UPDATE qr_sessions SET ended_at = ended_at - ${graceSeconds} * interval '1 second' WHERE id = ${visit.sessionId}`;
    for (const wanted of [...reading(visit), replay, { ...replay, body: add() }])
      expect([wanted.operation, (await call(api, face, wanted)).code]).toEqual([wanted.operation, 'UNAUTHENTICATED']);
    const byStaff: Call = { operation: 'snapshot', at: { session_id: visit.sessionId }, as: demo.staff };
    expect((await call(api, face, byStaff)).code).toBeUndefined();
  });

  test.each(faces)('by time the grace counts from the expiry, over %s', async (face) => {
    const visit = await sitDown(api);
    await endTime(api.sql, visit.sessionId as SessionId);
    for (const wanted of reading(visit)) expect((await call(api, face, wanted)).code).toBeUndefined();
    await api.sql`
      UPDATE qr_sessions SET expires_at = expires_at - ${graceSeconds} * interval '1 second' WHERE id = ${visit.sessionId}`;
    for (const wanted of reading(visit)) expect((await call(api, face, wanted)).code).toBe('UNAUTHENTICATED');
  });
});

describe('a credential that is taken back', () => {
  const api = useApi();
  const soon = { within: 3_000 };
  const isUnauthenticated = async (as: string) =>
    (await api.rest(`GET /locations/${demo.location}/menu`, { as })).body.code === 'UNAUTHENTICATED';

  test('a key is dead within two seconds', async () => {
    const key = await newKey(api);
    expect(await isUnauthenticated(key)).toBe(false);
    await api.sql`UPDATE api_keys SET revoked_at = session_clock() WHERE key_hash = sha256(convert_to(${key}, 'UTF8'))`;
    await eventually(() => isUnauthenticated(key), soon);
  });

  test("a table's code is dead within two seconds, as bearer and in the body, and the new one works", async () => {
    const place = await newTable(api);
    const visit = await sitDown(api, place);
    await api.sql`UPDATE table_tokens SET revoked_at = session_clock() WHERE table_id = ${place.tableId}`;
    await api.sql`
      INSERT INTO table_tokens (token_hash, tenant_id, table_id)
      VALUES (sha256(convert_to(${`new-${place.token}`}, 'UTF8')), ${demo.tenant}, ${place.tableId})`;
    await eventually(() => isUnauthenticated(place.token), soon);
    const path = `POST /locations/${demo.location}/qr-sessions`;
    expect((await api.rest(path, { as: place.token })).body.code).toBe('UNAUTHENTICATED');
    expect((await api.rest(path, { body: { table_token: place.token } })).body.code).toBe('UNAUTHENTICATED');
    const again = await api.rest(path, { as: `new-${place.token}`, body: { device_token: visit.phone } });
    expect([again.status, again.body.device_id]).toEqual([200, visit.deviceId]);
  });
});
