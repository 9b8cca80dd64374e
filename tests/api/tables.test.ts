import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { connect } from '../../src/db/connect.js';
import { createSecretBox } from '../../src/services/secret-box.js';
import { resealTokens } from '../../src/services/reseal-secrets.js';
import { administer, type AdminCall } from '../support/admin-faces.js';
import {
  add,
  append,
  authSecret,
  demo,
  type Json,
  newKey,
  newLocation,
  newTable,
  type Place,
  sitDown,
  startApi,
  useApi,
} from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { faces } from '../support/faces.js';

const api = useApi();
const manager: string = demo.manager;

async function putUp(locationId: string, name = `T ${randomUUID().slice(0, 8)}`): Promise<Json> {
  const body = { location_id: locationId, name };
  const answer = await api.rest('POST /admin/tables', { as: manager, body });
  if (answer.status !== 201) throw new Error(`could not put a table up: ${answer.text}`);
  return answer.body;
}

const tokenOf = ({ qr_url: url }: Json): string => url.split('#t=')[1];
const placeOf = (table: Json): Place => ({
  locationId: table.location_id,
  tableId: table.table_id,
  token: tokenOf(table),
});
const scan = async ({ locationId, token }: Place) =>
  (await api.rest(`POST /locations/${locationId}/qr-sessions`, { as: token, body: {} })).status;
const listed = async (locationId: string, as = manager): Promise<readonly Json[]> =>
  (await api.rest(`GET /admin/tables?location_id=${locationId}`, { as })).body.tables;

describe('a table', () => {
  test('is put up with a code of its own that a phone can scan at once', async () => {
    const { locationId } = await newLocation(api, { guest_url: 'https://pho.example/ban' });
    const table = await putUp(locationId, ' Sân  1 ');
    expect(table).toEqual({
      table_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      location_id: locationId,
      name: 'Sân  1',
      qr_url: expect.stringMatching(/^https:\/\/pho\.example\/ban#t=[A-Za-z0-9_-]{32}$/),
    });
    expect(await scan(placeOf(table))).toBe(201);
  });

  test("lands guests on the server's own page where the location has none", async () => {
    const { locationId } = await newLocation(api);
    expect((await putUp(locationId)).qr_url).toMatch(/^http:\/\/[^/]+\/demo\/#t=/);
  });

  test('keeps its token hashed and sealed: no column has it as it is', async () => {
    const token = tokenOf(await putUp(demo.location));
    const [row] = await api.sql`
      SELECT count(*)::int AS rows FROM table_tokens t
      WHERE position(convert_to(${token}, 'UTF8') IN t.token_hash) > 0 OR position(convert_to(${token}, 'UTF8') IN t.sealed_token) > 0`;
    expect(row).toEqual({ rows: 0 });
    const [found] = await api.sql`
      SELECT sealed_token IS NOT NULL AS sealed FROM table_tokens WHERE token_hash = sha256(convert_to(${token}, 'UTF8'))`;
    expect(found).toEqual({ sealed: true });
  });

  test('is listed as people count: T2 before T10', async () => {
    const { locationId, tableId } = await newLocation(api);
    await api.rest(`DELETE /admin/tables/${tableId}`, { as: manager });
    for (const name of ['T10', 'T2', 'Bar', 'T1', 'Ân 3']) await putUp(locationId, name);
    expect((await listed(locationId)).map(({ name }) => name)).toEqual(['Ân 3', 'Bar', 'T1', 'T2', 'T10']);
    const { body } = await api.graphql(
      'query ($id: UUID!) { location(id: $id) { tables { name } } }',
      { id: locationId },
      { as: demo.staff },
    );
    expect(body.data.location.tables.map(({ name }: Json) => name)).toEqual(['Ân 3', 'Bar', 'T1', 'T2', 'T10']);
  });

  test('is renamed; its code stays', async () => {
    const table = await putUp(demo.location);
    const name = `N ${randomUUID().slice(0, 8)}`;
    const answer = await api.rest(`PATCH /admin/tables/${table.table_id}`, { as: manager, body: { name } });
    expect(answer.body).toEqual({ ...table, name });
    expect((await api.rest(`PATCH /admin/tables/${table.table_id}`, { as: manager, body: {} })).body.name).toBe(name);
  });

  test('of the demo can be printed, as its address says', async () => {
    const own = (await listed(demo.location)).filter(({ table_id: id }) => /^01900000/.test(id));
    expect(own.map(({ name }) => name)).toEqual(['T1', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7', 'T8']);
    expect(own.map(tokenOf)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((n) => `demo-table-${n}`));
  });

  test('whose code was made before codes were kept says so, until it gets another', async () => {
    const { locationId, tableId } = await newTable(api);
    expect((await listed(locationId)).find(({ table_id: id }) => id === tableId)).toMatchObject({ qr_url: null });
    const picture = () => api.rest(`GET /admin/tables/${tableId}/qr.svg`, { as: manager });
    expect(await picture()).toMatchObject({ status: 404, body: { detail: expect.stringContaining('rotate') } });
    await api.rest(`POST /admin/tables/${tableId}/rotate-token`, { as: manager });
    expect((await picture()).status).toBe(200);
  });
});

test('a list of tables is of one location', async () => {
  const answer = await api.rest('GET /admin/tables', { as: manager });
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'location_id', message: 'is required' }] } });
});

describe('a table that is taken away', () => {
  test.each(faces)('is refused while somebody sits at it, over %s', async (face) => {
    const table = await putUp(demo.location);
    const visit = await sitDown(api, placeOf(table));
    const remove: AdminCall = {
      ...{ rest: 'DELETE /admin/tables/{table_id}', graphql: 'removeTable', as: manager },
      at: { table_id: table.table_id },
    };
    expect((await administer(api, face, remove)).code).toBe('TABLE_OCCUPIED');
    expect(await scan(placeOf(table))).toBe(200);
    await api.rest(`POST /sessions/${visit.sessionId}/close`, { as: demo.staff, body: {} });
    expect((await administer(api, face, remove)).code).toBeUndefined();
    expect((await administer(api, face, remove)).code).toBe('NOT_FOUND');
  });

  test('is gone for scans and staff, and its name is free', async () => {
    const table = await putUp(demo.location);
    const place = placeOf(table);
    await api.rest(`DELETE /admin/tables/${table.table_id}`, { as: manager });
    expect(await scan(place)).toBe(401);
    const byStaff = await api.rest(`POST /locations/${place.locationId}/qr-sessions`, {
      as: demo.staff,
      body: { table_id: place.tableId },
    });
    expect(byStaff.status).toBe(404);
    expect((await listed(place.locationId)).map(({ table_id: id }) => id)).not.toContain(place.tableId);
    for (const request of ['GET qr.svg', 'GET qr.png', 'POST rotate-token']) {
      const [method, path] = request.split(' ');
      expect((await api.rest(`${method} /admin/tables/${place.tableId}/${path}`, { as: manager })).status).toBe(404);
    }
    expect((await putUp(place.locationId, table.name)).name).toBe(table.name);
  });

  test('whose session has run out is free to go', async () => {
    const table = await putUp(demo.location);
    const visit = await sitDown(api, placeOf(table));
    await api.sql`UPDATE qr_sessions SET expires_at = session_clock() WHERE id = ${visit.sessionId}`;
    expect((await api.rest(`DELETE /admin/tables/${table.table_id}`, { as: manager })).status).toBe(204);
  });
});

describe('another code for a table', () => {
  test.each(faces)('kills the old one at once and leaves those who sit there alone, over %s', async (face) => {
    const table = await putUp(demo.location);
    const before = placeOf(table);
    const visit = await sitDown(api, before);
    const { answer } = await administer(api, face, {
      ...{ rest: 'POST /admin/tables/{table_id}/rotate-token', graphql: 'rotateTableToken', as: manager },
      at: { table_id: table.table_id },
    });
    const url: string = face === 'REST' ? answer.body.qr_url : answer.body.data.answer.table.qrUrl;
    expect(url.split('#t=')[1]).not.toBe(before.token);
    expect(await scan(before)).toBe(401);
    expect(await scan({ ...before, token: url.split('#t=')[1] ?? '' })).toBe(200);
    await append(api, visit, add());
    const { body } = await api.rest(`GET /sessions/${visit.sessionId}`, { as: visit.phone });
    expect(body.status).toBe('open');
  });

  test('is obeyed by another node within two seconds', async () => {
    const table = await putUp(demo.location);
    const place = placeOf(table);
    const other = await startApi({ databaseUrl: api.databaseUrl });
    try {
      const elsewhere = async () =>
        (await other.rest(`POST /locations/${place.locationId}/qr-sessions`, { as: place.token, body: {} })).status;
      expect(await elsewhere()).toBe(201);
      await api.rest(`POST /admin/tables/${place.tableId}/rotate-token`, { as: manager });
      await eventually(async () => (await elsewhere()) === 401, { within: 2_500 });
    } finally {
      await other.stop();
    }
  });

  test('given by many at once leaves one that works', async () => {
    const table = await putUp(demo.location);
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => api.rest(`POST /admin/tables/${table.table_id}/rotate-token`, { as: manager })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const works = await Promise.all(answers.map(({ body }) => scan(placeOf(body))));
    expect(works.filter((status) => status < 400)).toHaveLength(1);
    const [now] = (await listed(demo.location)).filter(({ table_id: id }) => id === table.table_id);
    expect(await scan(placeOf(now))).toBeLessThan(300);
  });
});

describe('the keys that seal codes', () => {
  test('can be replaced: the codes stay the same', async () => {
    const table = await putUp(demo.location);
    const database = connect({ url: api.databaseUrl, poolSize: 1, prepare: false });
    const AUTH_SECRET = 'another-secret-that-seals-0123456789-0123';
    try {
      const both = createSecretBox([AUTH_SECRET, authSecret]);
      const first = await resealTokens(database.orm, both);
      expect(first).toMatchObject({ upToDate: 0, unopenable: [] });
      expect(first.resealed).toBeGreaterThanOrEqual(9);
      expect(await resealTokens(database.orm, both)).toEqual({ resealed: 0, upToDate: first.resealed, unopenable: [] });
      const { unopenable } = await resealTokens(database.orm, createSecretBox(['unknown']));
      expect(unopenable).toContain(table.table_id);
    } finally {
      await database.close();
    }
    const later = await startApi({ databaseUrl: api.databaseUrl, env: { AUTH_SECRET } });
    try {
      const { body } = await later.rest(`GET /admin/tables?location_id=${demo.location}`, { as: manager });
      const [found] = body.tables.filter(({ table_id: id }: Json) => id === table.table_id);
      expect(tokenOf(found)).toBe(tokenOf(table));
    } finally {
      await later.stop();
    }
  });

  test('that are lost leave codes that work but cannot be printed; those of the demo are sealed anew', async () => {
    const table = await putUp(demo.location);
    const env = { AUTH_SECRET: 'a-secret-that-nothing-was-sealed-with-012' };
    const later = await startApi({ databaseUrl: api.databaseUrl, env });
    try {
      const { body } = await later.rest(`GET /admin/tables?location_id=${demo.location}`, { as: manager });
      const found = new Map(body.tables.map((one: Json) => [one.table_id, one.qr_url]));
      expect(found.get(table.table_id)).toBeNull();
      expect(found.get(demo.table(1))).toMatch(/#t=demo-table-1$/);
      const { status } = await later.rest(`POST /locations/${demo.location}/qr-sessions`, { as: tokenOf(table) });
      expect(status).toBe(201);
    } finally {
      await later.stop();
    }
  });
});

const create: AdminCall = { rest: 'POST /admin/tables', graphql: 'createTable', as: manager };

describe.each(faces)('over %s', (face) => {
  test.each([
    ['nothing', ' '],
    ['too much', 'a'.repeat(41)],
    ['control characters', 'A\nB'],
  ])('a name of %s is refused', async (_, name) => {
    const table = await putUp(demo.location);
    const update: AdminCall = {
      ...{ rest: 'PATCH /admin/tables/{table_id}', graphql: 'updateTable', as: manager },
      at: { table_id: table.table_id },
    };
    for (const call of [
      { ...create, body: { location_id: demo.location, name } },
      { ...update, body: { name } },
    ]) {
      const { code, paths } = await administer(api, face, call);
      expect([code, paths]).toEqual(['VALIDATION_FAILED', ['name']]);
    }
  });

  test('no two tables of a location have one name', async () => {
    const [first, second] = [await putUp(demo.location), await putUp(demo.location)];
    const taken = await administer(api, face, { ...create, body: { location_id: demo.location, name: first.name } });
    expect([taken.code, taken.paths]).toEqual(['VALIDATION_FAILED', ['name']]);
    expect(taken.detail).toContain('another table of this location');
    const renamed = await administer(api, face, {
      ...{ rest: 'PATCH /admin/tables/{table_id}', graphql: 'updateTable', as: manager },
      ...{ at: { table_id: second.table_id }, body: { name: first.name } },
    });
    expect([renamed.code, renamed.paths]).toEqual(['VALIDATION_FAILED', ['name']]);
    const { locationId } = await newLocation(api);
    expect((await putUp(locationId, first.name)).name).toBe(first.name);
  });

  test('tables are for managers of their location, and what is not theirs looks like none', async () => {
    const table = await putUp(demo.location);
    const elsewhere = await newKey(api, { role: 'manager', locationId: (await newLocation(api)).locationId });
    const named = (tableId: string): readonly AdminCall[] => [
      {
        ...{ rest: 'PATCH /admin/tables/{table_id}', graphql: 'updateTable' },
        ...{ at: { table_id: tableId }, body: { name: 'Mine' } },
      },
      { rest: 'DELETE /admin/tables/{table_id}', graphql: 'removeTable', at: { table_id: tableId } },
      { rest: 'POST /admin/tables/{table_id}/rotate-token', graphql: 'rotateTableToken', at: { table_id: tableId } },
      { rest: 'GET /admin/tables/{table_id}/qr.svg', graphql: 'table', at: { table_id: tableId } },
    ];
    const nones = named(randomUUID());
    for (const [index, call] of named(table.table_id).entries()) {
      const code = async (as: string | null) => (await administer(api, face, { ...call, as })).code;
      expect([await code(demo.staff), await code(demo.cashier), await code(demo.operator), await code(null)]).toEqual([
        'FORBIDDEN',
        'FORBIDDEN',
        'FORBIDDEN',
        'UNAUTHENTICATED',
      ]);
      const none = await administer(api, face, { ...(nones[index] ?? call), as: manager });
      expect(none.code).toBe('NOT_FOUND');
      const bound = await administer(api, face, { ...call, as: elsewhere });
      expect([bound.code, bound.detail]).toEqual(['NOT_FOUND', none.detail]);
    }
    for (const [index, call] of named(demo.otherTable).entries()) {
      const [theirs, none] = [
        await administer(api, face, { ...call, as: manager }),
        await administer(api, face, { ...(nones[index] ?? call), as: manager }),
      ];
      expect([theirs.code, theirs.detail]).toEqual(['NOT_FOUND', none.detail]);
    }
    for (const locationId of [demo.otherLocation, randomUUID()]) {
      const body = { location_id: locationId, name: 'Mine' };
      expect((await administer(api, face, { ...create, body })).code).toBe('NOT_FOUND');
    }
    const other = await administer(api, face, {
      ...create,
      ...{ as: elsewhere, body: { location_id: demo.location, name: 'Mine' } },
    });
    expect(other.code).toBe('NOT_FOUND');
  });

  test('a location has a thousand tables and no more', async () => {
    const { locationId } = await newLocation(api);
    await api.sql`
      INSERT INTO dining_tables (tenant_id, id, location_id, name)
      SELECT ${demo.tenant}, gen_random_uuid(), ${locationId}, 'N' || n FROM generate_series(1, 998) n`;
    const body = (name: string) => ({ ...create, body: { location_id: locationId, name } });
    expect((await administer(api, face, body('The last'))).code).toBeUndefined();
    const { code, paths } = await administer(api, face, body('One more'));
    expect([code, paths]).toEqual(['VALIDATION_FAILED', ['location_id']]);
  });

  test('staff see tables, but not what their codes say', async () => {
    const { code } = await administer(api, face, {
      ...{ rest: 'GET /admin/tables', graphql: 'tables', as: demo.staff },
      at: { location_id: demo.location },
    });
    expect(code).toBe('FORBIDDEN');
  });
});
