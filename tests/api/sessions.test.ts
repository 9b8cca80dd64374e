import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  add,
  append,
  demo,
  type Json,
  newKey,
  newLocation,
  newTable,
  type Place,
  sitDown,
  useApi,
  written,
} from '../support/api.js';
import { call, type Call, type Face, faces, type Outcome } from '../support/faces.js';

const api = useApi();

interface Seat {
  readonly sessionId: string;
  readonly deviceId: string;
  readonly token: string;
  readonly status: number;
}

/** Where a phone sits after creating or joining, in the words of neither face. */
function seatOf({ answer, data, code }: Outcome): Seat {
  if (!data) throw new Error(`no seat: ${code} ${answer.text}`);
  const { status } = answer;
  return data.session
    ? { status, sessionId: data.session.id, deviceId: data.deviceId, token: data.deviceToken }
    : { status, sessionId: data.session_id, deviceId: data.device_id, token: data.device_token };
}

const scan = (place: Place, rest: Partial<Call> = {}): Call => ({
  operation: 'create',
  at: { location_id: place.locationId },
  as: place.token,
  ...rest,
});
const statesOf = async (sessionId: string): Promise<Record<string, string>> => {
  const { body } = await api.rest(`GET /sessions/${sessionId}/snapshot`, { as: demo.staff });
  return Object.fromEntries(body.devices.map((one: Json) => [one.device_id, one.state]));
};
const typesOf = async (sessionId: string): Promise<readonly string[]> => {
  const { body } = await api.rest(`GET /sessions/${sessionId}/events?limit=500`, { as: demo.staff });
  return body.events.map((one: Json) => one.event_type);
};
const codeOf = async (face: Face, wanted: Call) => (await call(api, face, wanted)).code;
const ordering = (seat: Pick<Seat, 'sessionId' | 'token'>, itemId: string = demo.coffee): Call => ({
  operation: 'append',
  at: { session_id: seat.sessionId },
  as: seat.token,
  body: add({ menu_item_id: itemId }),
});

test('a scan answers with everything a phone needs', async () => {
  const place = await newTable(api);
  const { status, body } = await api.rest(`POST /locations/${demo.location}/qr-sessions`, {
    as: place.token,
    body: { device_name: 'Lan' },
  });
  expect(status).toBe(201);
  expect(body).toMatchObject({
    ...{ tenant_id: demo.tenant, location_id: demo.location, table_id: place.tableId, status: 'open', currency: 'VND' },
    ...{ total: 0, paid: 0, due: 0, payment_status: 'none', last_event_seq: 2 },
    qr_svg_url: expect.stringMatching(new RegExp(`/api/v1/sessions/${body.session_id}/qr.svg$`)),
    snapshot: {
      items: [],
      devices: [{ device_id: body.device_id, name: 'Lan', state: 'admitted' }],
      last_event_seq: 2,
    },
  });
  expect(body.qr_url).toMatch(new RegExp(`/demo/#s=${body.session_id}&j=[\\w-]{43}$`));
});

describe.each(faces)('over %s', (face) => {
  describe('opening', () => {
    test('the first scan opens, the next one joins as another phone', async () => {
      const place = await newTable(api);
      const [first, second] = [seatOf(await call(api, face, scan(place))), seatOf(await call(api, face, scan(place)))];
      if (face === 'REST') expect([first.status, second.status]).toEqual([201, 200]);
      expect(second.sessionId).toBe(first.sessionId);
      expect(second.deviceId).not.toBe(first.deviceId);
      expect(await typesOf(first.sessionId)).toEqual(['session_opened', 'device_joined', 'device_joined']);
    });

    test('50 phones at once get one session and 50 devices', async () => {
      const place = await newTable(api);
      const outcomes = await Promise.all(Array.from({ length: 50 }, () => call(api, face, scan(place))));
      const seats = outcomes.map(seatOf);
      expect(new Set(seats.map(({ sessionId }) => sessionId)).size).toBe(1);
      expect(new Set(seats.map(({ deviceId }) => deviceId)).size).toBe(50);
      const isOpened = outcomes.filter(({ answer, data }) => (face === 'REST' ? answer.status === 201 : data.isOpened));
      expect(isOpened).toHaveLength(1);
      expect((await typesOf(seats[0]?.sessionId ?? '')).filter((type) => type === 'session_opened')).toHaveLength(1);
    });

    test("the table's token may also come in the body, beside a wrong table or none", async () => {
      const place = await newTable(api);
      const inBody = { as: null, body: { table_token: place.token } };
      expect(seatOf(await call(api, face, scan(place, inBody))).sessionId).toMatch(/./);
      expect(
        await codeOf(face, scan(place, { as: null, body: { table_token: place.token, table_id: demo.table(1) } })),
      ).toBe('NOT_FOUND');
    });

    test('staff open a table for as long as they say', async () => {
      const place = await newTable(api);
      const seat = seatOf(
        await call(api, face, scan(place, { as: demo.staff, body: { table_id: place.tableId, ttl_seconds: 90 } })),
      );
      const [row] = await api.sql`
        SELECT extract(epoch FROM expires_at - opened_at)::int AS ttl FROM qr_sessions WHERE id = ${seat.sessionId}`;
      expect(row?.ttl).toBe(90);
    });

    test('without a word a session lasts four hours, or as long as its location says', async () => {
      const short = await newLocation(api, { ttl_seconds: 77 });
      for (const [place, ttl] of [
        [await newTable(api), 14_400],
        [short, 77],
      ] as const) {
        const { sessionId } = seatOf(await call(api, face, scan(place)));
        const [row] = await api.sql`
          SELECT extract(epoch FROM expires_at - opened_at)::int AS ttl FROM qr_sessions WHERE id = ${sessionId}`;
        expect(row?.ttl).toBe(ttl);
      }
    });
  });

  describe('a request key', () => {
    const keyed = (place: Place, key: string, rest: Partial<Call> = {}) =>
      scan(place, { ...rest, headers: { 'Idempotency-Key': key } });

    test('gives the same session and device again', async () => {
      const [place, key] = [await newTable(api), randomUUID()];
      const [first, again] = [
        await call(api, face, keyed(place, key)),
        await call(api, face, keyed(place, key.toUpperCase())),
      ];
      expect(seatOf(again)).toMatchObject({ sessionId: seatOf(first).sessionId, deviceId: seatOf(first).deviceId });
      if (face === 'REST') expect([first.answer.status, again.answer.status]).toEqual([201, 200]);
      expect(await typesOf(seatOf(first).sessionId)).toEqual(['session_opened', 'device_joined']);
      expect(await codeOf(face, ordering(seatOf(again)))).toBeUndefined();
    });

    test('gives one device to twenty repeats at once', async () => {
      const [place, key] = [await newTable(api), randomUUID()];
      const seats = await Promise.all(
        Array.from({ length: 20 }, async () => seatOf(await call(api, face, keyed(place, key)))),
      );
      expect(new Set(seats.map(({ sessionId, deviceId }) => `${sessionId} ${deviceId}`)).size).toBe(1);
      expect(await typesOf(seats[0]?.sessionId ?? '')).toEqual(['session_opened', 'device_joined']);
    });

    test('gives them also after the session has ended, though the table is free', async () => {
      const [place, key] = [await newTable(api), randomUUID()];
      const first = seatOf(await call(api, face, keyed(place, key)));
      await api.rest(`POST /sessions/${first.sessionId}/close`, { as: demo.staff });
      const again = seatOf(await call(api, face, keyed(place, key)));
      expect(again).toMatchObject({ sessionId: first.sessionId, deviceId: first.deviceId });
      const other = seatOf(await call(api, face, keyed(place, randomUUID())));
      expect(other.sessionId).not.toBe(first.sessionId);
    });

    test('is one thing per table and credential', async () => {
      const [place, elsewhere, key] = [await newTable(api), await newTable(api), randomUUID()];
      const byGuest = seatOf(await call(api, face, keyed(place, key)));
      const byStaff = seatOf(
        await call(api, face, keyed(place, key, { as: demo.staff, body: { table_id: place.tableId } })),
      );
      const there = seatOf(await call(api, face, keyed(elsewhere, key)));
      expect(byStaff.sessionId).toBe(byGuest.sessionId);
      expect(byStaff.deviceId).not.toBe(byGuest.deviceId);
      expect(there.sessionId).not.toBe(byGuest.sessionId);
    });

    test('of 24 hours ago is forgotten', async () => {
      const [place, key] = [await newTable(api), randomUUID()];
      const first = seatOf(await call(api, face, keyed(place, key)));
      await api.sql`UPDATE devices SET created_at = created_at - interval '24 hours' WHERE id = ${first.deviceId}`;
      expect(seatOf(await call(api, face, keyed(place, key))).deviceId).not.toBe(first.deviceId);
    });
  });

  describe('coming back', () => {
    test('with the old token a phone is itself again, by scanning and by joining', async () => {
      const visit = await sitDown(api);
      const before = await written(api);
      const byScan = seatOf(await call(api, face, scan(visit, { body: { device_token: visit.phone } })));
      const byJoin = await call(api, face, {
        operation: 'join',
        at: { session_id: visit.sessionId },
        as: demo.staff,
        body: { device_token: visit.phone },
      });
      expect(byScan).toMatchObject({ deviceId: visit.deviceId, token: visit.phone });
      expect(seatOf(byJoin)).toMatchObject({ deviceId: visit.deviceId, token: visit.phone });
      if (face === 'REST') expect(byJoin.answer.status).toBe(200);
      else expect(byJoin.data.isNewDevice).toBe(false);
      expect(await written(api)).toEqual(before);
    });

    test('a token of another session, of a removed phone, or no token at all is a new phone', async () => {
      const [visit, twin] = [await sitDown(api), await sitDown(api)];
      const gone = seatOf(await call(api, 'REST', scan(visit)));
      await api.rest(`DELETE /sessions/${visit.sessionId}/devices/${gone.deviceId}`, { as: demo.staff });
      for (const token of [twin.phone, gone.token, 'nonsense', `${visit.phone}x`]) {
        const seat = seatOf(await call(api, face, scan(visit, { body: { device_token: token } })));
        expect(seat.sessionId).toBe(visit.sessionId);
        expect([visit.deviceId, twin.deviceId, gone.deviceId]).not.toContain(seat.deviceId);
      }
    });
  });

  describe('joining', () => {
    const joinTokenOf = async (sessionId: string): Promise<string> => {
      const { body } = await api.rest(`GET /sessions/${sessionId}`, { as: demo.staff });
      return body.qr_url.split('&j=')[1];
    };

    test('goes with the join token of the QR code, without any other credential', async () => {
      const visit = await sitDown(api);
      const wanted: Call = {
        operation: 'join',
        at: { session_id: visit.sessionId },
        body: { join_token: await joinTokenOf(visit.sessionId), device_name: 'Minh' },
      };
      const outcome = await call(api, face, wanted);
      if (face === 'REST') expect(outcome.answer.status).toBe(201);
      expect(seatOf(outcome).deviceId).not.toBe(visit.deviceId);
      expect(await codeOf(face, ordering(seatOf(outcome)))).toBeUndefined();
    });

    test('goes with a staff key', async () => {
      const visit = await sitDown(api);
      const seat = seatOf(
        await call(api, face, { operation: 'join', at: { session_id: visit.sessionId }, as: demo.staff }),
      );
      expect((await statesOf(visit.sessionId))[seat.deviceId]).toBe('admitted');
    });

    test('goes with the join token also where a phone of another table asks', async () => {
      const [visit, other] = [await sitDown(api), await sitDown(api)];
      const outcome = await call(api, face, {
        operation: 'join',
        at: { session_id: visit.sessionId },
        as: other.phone,
        body: { join_token: await joinTokenOf(visit.sessionId) },
      });
      expect(seatOf(outcome).sessionId).toBe(visit.sessionId);
    });
  });

  describe('admission', () => {
    test('by approval: a phone waits, reads, and orders once somebody has let it in', async () => {
      const place = await newLocation(api, { admission: 'approve' });
      const [first, second] = [seatOf(await call(api, face, scan(place))), seatOf(await call(api, face, scan(place)))];
      const { sessionId } = first;
      const at = (seat: Seat) => ({ session_id: sessionId, device_id: seat.deviceId });
      for (const operation of ['snapshot', 'events', 'session'] as const)
        expect(await codeOf(face, { operation, at: { session_id: sessionId }, as: first.token })).toBeUndefined();
      expect(
        await codeOf(face, { operation: 'menu', at: { location_id: place.locationId }, as: first.token }),
      ).toBeUndefined();
      expect(await codeOf(face, ordering(first, place.itemId))).toBe('NOT_ADMITTED');
      expect(await codeOf(face, { operation: 'approve', at: at(first), as: second.token })).toBe('NOT_ADMITTED');
      expect(await codeOf(face, { operation: 'approve', at: at(first), as: demo.staff })).toBeUndefined();
      expect(await codeOf(face, ordering(first, place.itemId))).toBeUndefined();
      expect(await codeOf(face, ordering(second, place.itemId))).toBe('NOT_ADMITTED');
      expect(await codeOf(face, { operation: 'approve', at: at(second), as: first.token })).toBeUndefined();
      expect(await codeOf(face, ordering(second, place.itemId))).toBeUndefined();
      const before = await written(api);
      expect(await codeOf(face, { operation: 'approve', at: at(second), as: first.token })).toBeUndefined();
      expect(await written(api)).toEqual(before);
    });

    test('by approval: who comes by the hands of staff waits for nobody', async () => {
      const place = await newLocation(api, { admission: 'approve' });
      const byStaff = seatOf(await call(api, face, scan(place, { as: demo.staff, body: { table_id: place.tableId } })));
      expect(await codeOf(face, ordering(byStaff, place.itemId))).toBeUndefined();
    });

    test("per visit: the table's code opens nothing, the session's own code lets in", async () => {
      const place = await newLocation(api, { admission: 'per_visit' });
      expect(await codeOf(face, scan(place))).toBe('FORBIDDEN');
      const opened = seatOf(await call(api, face, scan(place, { as: demo.staff, body: { table_id: place.tableId } })));
      expect(await codeOf(face, scan(place))).toBe('FORBIDDEN');
      const { body } = await api.rest(`GET /sessions/${opened.sessionId}`, { as: demo.staff });
      const guest = await call(api, face, {
        operation: 'join',
        at: { session_id: opened.sessionId },
        body: { join_token: body.qr_url.split('&j=')[1] },
      });
      expect(await codeOf(face, ordering(seatOf(guest), place.itemId))).toBeUndefined();
    });
  });

  describe('taking a phone out', () => {
    test('kills its token at once, and the next phones wait', async () => {
      const visit = await sitDown(api);
      const guest = seatOf(await call(api, face, scan(visit)));
      const wanted: Call = {
        operation: 'remove',
        at: { session_id: visit.sessionId, device_id: guest.deviceId },
        as: demo.staff,
      };
      const outcome = await call(api, face, wanted);
      expect(outcome.code).toBeUndefined();
      if (face === 'REST') expect([outcome.answer.status, outcome.answer.text]).toEqual([204, '']);
      expect(await codeOf(face, ordering(guest))).toBe('UNAUTHENTICATED');
      expect(await codeOf(face, { operation: 'snapshot', at: { session_id: visit.sessionId }, as: guest.token })).toBe(
        'UNAUTHENTICATED',
      );
      const before = await written(api);
      expect(await codeOf(face, wanted)).toBeUndefined();
      expect(await written(api)).toEqual(before);
      const next = seatOf(await call(api, face, scan(visit)));
      expect((await statesOf(visit.sessionId))[next.deviceId]).toBe('waiting');
      expect(await codeOf(face, ordering({ sessionId: visit.sessionId, token: visit.phone }))).toBeUndefined();
    });
  });

  describe('closing', () => {
    const closing = (sessionId: string, rest: Partial<Call> = {}): Call => ({
      operation: 'close',
      at: { session_id: sessionId },
      as: demo.staff,
      ...rest,
    });

    test('takes a reason once something is due, writes the name, and frees the table', async () => {
      const visit = await sitDown(api);
      await append(api, visit, add());
      expect(await codeOf(face, closing(visit.sessionId))).toBe('VALIDATION_FAILED');
      const headers = { 'X-Actor-Name': encodeURIComponent('Chị Hạnh') };
      const { data } = await call(api, face, closing(visit.sessionId, { body: { reason: 'khách về' }, headers }));
      expect(face === 'REST' ? data.status : data.session.status).toBe(face === 'REST' ? 'closed' : 'CLOSED');
      const { body } = await api.rest(`GET /sessions/${visit.sessionId}/events?cursor=3`, { as: visit.phone });
      expect(body.events).toMatchObject([
        { event_type: 'session_closed', payload: { reason: 'khách về' }, actor: { type: 'staff', name: 'Chị Hạnh' } },
      ]);
      expect(seatOf(await call(api, face, scan(visit))).sessionId).not.toBe(visit.sessionId);
    });

    test('a closed session again changes nothing', async () => {
      const visit = await sitDown(api);
      await call(api, face, closing(visit.sessionId));
      const before = await written(api);
      for (const body of [undefined, { reason: 'once more' }])
        expect(await codeOf(face, closing(visit.sessionId, { body }))).toBeUndefined();
      expect(await written(api)).toEqual(before);
    });

    test('with a shared key takes the name of the person', async () => {
      const [visit, key] = [await sitDown(api), await newKey(api, { shared: true })];
      expect(await codeOf(face, closing(visit.sessionId, { as: key }))).toBe('VALIDATION_FAILED');
      expect(
        await codeOf(face, closing(visit.sessionId, { as: key, headers: { 'X-Actor-Name': 'Hanh' } })),
      ).toBeUndefined();
    });
  });

  describe('extending', () => {
    const extending = (sessionId: string, seconds: number): Call => ({
      operation: 'extend',
      at: { session_id: sessionId },
      as: demo.staff,
      body: { ttl_seconds: seconds },
    });
    const expiryOf = async (sessionId: string): Promise<{ left: number; age: number }> => {
      const [row] = await api.sql`
        SELECT extract(epoch FROM expires_at - session_clock())::float8 AS left,
          extract(epoch FROM expires_at - opened_at)::float8 AS age FROM qr_sessions WHERE id = ${sessionId}`;
      return row as unknown as { left: number; age: number };
    };
    const short = async () => {
      const place = await newTable(api);
      return seatOf(
        await call(api, face, scan(place, { as: demo.staff, body: { table_id: place.tableId, ttl_seconds: 100 } })),
      );
    };

    test('moves the expiry to now plus the ttl', async () => {
      const { sessionId } = await short();
      await call(api, face, extending(sessionId, 3_600));
      const { left } = await expiryOf(sessionId);
      expect(left).toBeGreaterThan(3_590);
      expect(left).toBeLessThanOrEqual(3_600);
    });

    test('never moves it back', async () => {
      const { sessionId } = await short();
      const before = await written(api);
      expect(await codeOf(face, extending(sessionId, 10))).toBeUndefined();
      expect(await written(api)).toEqual(before);
    });

    test('the same again changes nothing', async () => {
      const { sessionId } = await short();
      await call(api, face, extending(sessionId, 3_600));
      const before = await written(api);
      expect(await codeOf(face, extending(sessionId, 3_600))).toBeUndefined();
      expect(await written(api)).toEqual(before);
    });

    test('never reaches past 24 hours after the opening', async () => {
      const { sessionId } = await short();
      await call(api, face, extending(sessionId, 86_400));
      expect((await expiryOf(sessionId)).age).toBe(86_400);
    });
  });
});

describe('the QR code', () => {
  test('is a picture for the phones and the staff of the session', async () => {
    const visit = await sitDown(api);
    for (const as of [visit.phone, demo.staff]) {
      const { status, headers, text } = await api.rest(`GET /sessions/${visit.sessionId}/qr.svg`, { as });
      expect([status, headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
      expect(text).toMatch(/^<svg/);
      expect(headers.get('cache-control')).toContain('private');
    }
    expect((await api.rest(`GET /sessions/${visit.sessionId}/qr.svg`)).status).toBe(401);
  });

  test("leads to the location's own page where it has one", async () => {
    const place = await newLocation(api, { guest_url: 'https://pho.example.com/order' });
    const visit = await sitDown(api, place);
    const { body } = await api.rest(`GET /sessions/${visit.sessionId}`, { as: visit.phone });
    expect(body.qr_url).toMatch(new RegExp(`^https://pho\\.example\\.com/order#s=${visit.sessionId}&j=`));
  });
});

describe('over GraphQL only', () => {
  const ask = async (document: string, as: string | null, variables: object = {}): Promise<Json> => {
    const { body } = await api.graphql(document, variables, { as });
    expect(body.errors).toBeUndefined();
    return body.data;
  };

  test('the viewer is who the credential says', async () => {
    const visit = await sitDown(api);
    const document = '{ viewer { kind tenantId locationId sessionId deviceId tableId role name } }';
    const nothing = {
      tenantId: null,
      locationId: null,
      sessionId: null,
      deviceId: null,
      tableId: null,
      role: null,
      name: null,
    };
    const at = { tenantId: demo.tenant, locationId: demo.location };
    const { sessionId, deviceId, tableId } = visit;
    expect((await ask(document, null)).viewer).toEqual({ ...nothing, kind: 'NOBODY' });
    expect((await ask(document, demo.operator)).viewer).toEqual({ ...nothing, kind: 'OPERATOR' });
    expect((await ask(document, visit.phone)).viewer).toEqual({
      ...nothing,
      ...at,
      sessionId,
      deviceId,
      kind: 'DEVICE',
    });
    expect((await ask(document, visit.token)).viewer).toEqual({ ...nothing, ...at, tableId, kind: 'TABLE' });
    expect((await ask(document, demo.cashier)).viewer).toEqual({
      ...{ ...nothing, tenantId: demo.tenant },
      ...{ kind: 'KEY', role: 'CASHIER', name: 'Demo cashier' },
    });
  });

  test("a location's sessions come in pages, in the order of opening, and by status", async () => {
    const place = await newLocation(api);
    const visits = [];
    for (let index = 0; index < 7; index += 1) visits.push(await sitDown(api, await newTable(api, place.locationId)));
    const closed = visits.filter((_, index) => index % 3 === 0).map(({ sessionId }) => sessionId);
    for (const sessionId of closed) await api.rest(`POST /sessions/${sessionId}/close`, { as: demo.staff });
    const document = `query ($id: UUID!, $status: SessionStatus, $first: Int! = 50, $after: String) {
      sessions(locationId: $id, status: $status, first: $first, after: $after) {
        edges { cursor node { id status tableId } } pageInfo { hasNextPage hasPreviousPage endCursor startCursor } } }`;
    const walk = async (size: number, status?: string) => {
      const found: string[] = [];
      let after: string | undefined;
      for (;;) {
        const { sessions } = await ask(document, demo.staff, { id: place.locationId, first: size, after, status });
        found.push(...sessions.edges.map(({ node }: Json) => node.id));
        expect(sessions.pageInfo.hasPreviousPage).toBe(after !== undefined);
        if (!sessions.pageInfo.hasNextPage) return found;
        after = sessions.pageInfo.endCursor;
      }
    };
    const all = visits.map(({ sessionId }) => sessionId);
    for (const size of [1, 2, 3, 7, 500]) expect(await walk(size)).toEqual(all);
    expect(await walk(2, 'CLOSED')).toEqual(closed);
    expect(await walk(2, 'OPEN')).toEqual(all.filter((id) => !closed.includes(id)));
  });

  test.each([
    ['first: 0', 'VALIDATION_FAILED'],
    ['first: 501', 'VALIDATION_FAILED'],
    ['after: "nonsense"', 'VALIDATION_FAILED'],
  ])('a list of sessions with %s is %s', async (args, code) => {
    const { body } = await api.graphql(
      `{ sessions(locationId: "${demo.location}", ${args}) { edges { cursor } } }`,
      {},
      { as: demo.staff },
    );
    expect(body.errors[0].extensions.code).toBe(code);
  });

  test('lists are for staff: a phone is FORBIDDEN, nobody is UNAUTHENTICATED', async () => {
    const visit = await sitDown(api);
    const document = `{ sessions(locationId: "${demo.location}") { edges { cursor } } }`;
    expect((await api.graphql(document, {}, { as: visit.phone })).body.errors[0].extensions.code).toBe('FORBIDDEN');
    expect((await api.graphql(document)).body.errors[0].extensions.code).toBe('UNAUTHENTICATED');
    const tables = `{ location(id: "${demo.location}") { tables { name } } }`;
    expect((await api.graphql(tables, {}, { as: visit.phone })).body.errors[0].extensions.code).toBe('FORBIDDEN');
  });

  test('a location tells its settings and, to staff, its tables', async () => {
    const document =
      'query ($id: UUID!) { location(id: $id) { name currency timezone admission ordering tables { id name } } }';
    const { location } = await ask(document, demo.staff, { id: demo.location });
    expect(location).toMatchObject({
      name: 'Phở Mai',
      currency: 'VND',
      timezone: 'Asia/Ho_Chi_Minh',
      admission: 'OPEN',
      ordering: 'OPEN',
    });
    expect(location.tables).toEqual(expect.arrayContaining([{ id: demo.table(1), name: 'T1' }]));
  });

  test('a session has its bill inside', async () => {
    const visit = await sitDown(api);
    await append(api, visit, add({ quantity: 3 }));
    const document =
      'query ($id: UUID!) { session(id: $id) { total snapshot { total items { quantity lineTotal addedBy { name } } } } }';
    const { session } = await ask(document, visit.phone, { id: visit.sessionId });
    expect(session).toEqual({
      total: 105_000,
      snapshot: { total: 105_000, items: [{ quantity: 3, lineTotal: 105_000, addedBy: { name: 'Lan' } }] },
    });
  });
});
