import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { administer, type AdminCall } from '../support/admin-faces.js';
import { add, append, demo, type Json, newKey, newLocation, newTable, sitDown, useApi } from '../support/api.js';
import { faces } from '../support/faces.js';

const api = useApi();
const manager: string = demo.manager;

const usual = { name: 'Quán Mới', currency: 'VND', timezone: 'Asia/Ho_Chi_Minh' };

async function open(body: object = {}, as = manager): Promise<Json> {
  const answer = await api.rest('POST /admin/locations', { as, body: { ...usual, ...body } });
  if (answer.status !== 201) throw new Error(`could not open a location: ${answer.text}`);
  return answer.body;
}
const change = (locationId: string, body: object, as = manager) =>
  api.rest(`PATCH /admin/locations/${locationId}`, { as, body });

describe('tenants', () => {
  test('are taken in, renamed and listed by operators, page by page', async () => {
    const made = await Promise.all(
      ['Một', 'Hai', 'Ba'].map((name) => api.rest('POST /admin/tenants', { as: demo.operator, body: { name } })),
    );
    expect(made.map(({ status }) => status)).toEqual([201, 201, 201]);
    const { tenant_id: id } = made[0]?.body ?? {};
    const renamed = await api.rest(`PATCH /admin/tenants/${id}`, { as: demo.operator, body: { name: '  Mốt ' } });
    expect(renamed.body).toEqual({ ...made[0]?.body, name: 'Mốt' });
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body }: Json = await api.rest(`GET /admin/tenants?limit=2${cursor && `&cursor=${cursor}`}`, {
        as: demo.operator,
      });
      seen.push(...body.tenants.map((one: Json) => one.tenant_id));
      cursor = body.next_cursor;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining([demo.tenant, demo.otherTenant, id]));
  });

  test('start with a location and a key from the operator, and are on their own from there', async () => {
    const { body: tenant } = await api.rest('POST /admin/tenants', { as: demo.operator, body: { name: 'Bún Chả' } });
    const location = await open({ tenant_id: tenant.tenant_id }, demo.operator);
    expect(location.tenant_id).toBe(tenant.tenant_id);
    const { body: key } = await api.rest('POST /admin/api-keys', {
      as: demo.operator,
      body: { tenant_id: tenant.tenant_id, name: 'The owner', role: 'manager' },
    });
    const { body: table } = await api.rest('POST /admin/tables', {
      as: key.secret,
      body: { location_id: location.location_id, name: 'A1' },
    });
    const visit = await sitDown(api, {
      locationId: location.location_id,
      tableId: table.table_id,
      token: table.qr_url.split('#t=')[1],
    });
    expect((await api.rest(`GET /sessions/${visit.sessionId}`, { as: key.secret })).status).toBe(200);
    expect((await api.rest(`GET /sessions/${visit.sessionId}`, { as: manager })).status).toBe(404);
  });
});

describe('a location', () => {
  test('is opened with the usual policies, and shows all of them', async () => {
    expect(await open()).toEqual({
      location_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      tenant_id: demo.tenant,
      ...usual,
      guest_url: null,
      admission: 'approve',
      tax_inclusive: true,
      service_bps: 0,
      sliding: false,
      ttl_seconds: null,
      on_paid: 'end',
      pay_first: false,
      cash_rounding: 1000,
      expiry_event: true,
      ordering: 'open',
    });
    expect(await open({ currency: 'EUR', timezone: 'Europe/Berlin' })).toMatchObject({ cash_rounding: 1 });
  });

  test('keeps days by any zone that people know, spelled as the database does', async () => {
    const zones = ['asia/ho_chi_minh', 'Asia/Saigon', 'Europe/Kyiv', 'America/Argentina/Ushuaia', 'UTC'];
    for (const timezone of zones) {
      const spelled = timezone === 'asia/ho_chi_minh' ? 'Asia/Ho_Chi_Minh' : timezone;
      expect((await open({ timezone })).timezone).toBe(spelled);
    }
  });

  test('is changed policy by policy; what is left out stays, and null is the server itself', async () => {
    const before = await open({ guest_url: 'https://pho.example/ban', ttl_seconds: 600, service_bps: 500 });
    const id = before.location_id;
    const policies = {
      admission: 'per_visit',
      tax_inclusive: false,
      service_bps: 1000,
      sliding: true,
      ttl_seconds: 900,
      on_paid: 'stay',
      pay_first: true,
      cash_rounding: 500,
      expiry_event: false,
      ordering: 'paused',
      name: 'Quán Cũ',
      timezone: 'Asia/Bangkok',
      currency: 'THB',
      guest_url: 'http://localhost:3000/',
    };
    for (const [name, value] of Object.entries(policies)) {
      expect((await change(id, { [name]: value })).body, name).toMatchObject({ [name]: value });
    }
    expect((await api.rest(`GET /admin/locations/${id}`, { as: manager })).body).toEqual({ ...before, ...policies });
    const bare = await change(id, { guest_url: null, ttl_seconds: null });
    expect(bare.body).toEqual({ ...before, ...policies, guest_url: null, ttl_seconds: null });
    expect((await change(id, {})).body).toEqual(bare.body);
  });

  test("keeps its currency once a session was opened there, and its name's letters in one form", async () => {
    const place = await newLocation(api);
    await sitDown(api, place);
    const refused = await change(place.locationId, { currency: 'EUR', name: 'No' });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ path: 'currency' }] } });
    expect((await change(place.locationId, { currency: 'VND', name: 'Pho\u031b\u0309' })).body).toMatchObject({
      currency: 'VND',
      name: 'Pho\u031b\u0309'.normalize('NFC'),
    });
  });

  test('never changes a session that runs: it keeps what it was opened with', async () => {
    const place = await newLocation(api, { service_bps: 0, tax_inclusive: true });
    const visit = await sitDown(api, place);
    const body = { service_bps: 1000, tax_inclusive: false, pay_first: true, admission: 'per_visit', ttl_seconds: 60 };
    expect((await change(place.locationId, body)).status).toBe(200);
    await append(api, visit, add({ menu_item_id: place.itemId }));
    const { body: bill } = await api.rest(`GET /sessions/${visit.sessionId}/snapshot`, { as: visit.phone });
    expect(bill).toMatchObject({ service_charge: 0, tax_inclusive: true, total: 50_000 });
    const next = { ...place, ...(await newTable(api, place.locationId)) };
    const opened = await api.rest(`POST /locations/${next.locationId}/qr-sessions`, {
      as: demo.staff,
      body: { table_id: next.tableId },
    });
    await api.rest(`POST /sessions/${opened.body.session_id}/events`, {
      as: opened.body.device_token,
      body: add({ menu_item_id: place.itemId }),
    });
    const other = await api.rest(`GET /sessions/${opened.body.session_id}/snapshot`, { as: demo.staff });
    expect(other.body).toMatchObject({ service_charge: 5_000, tax_inclusive: false, total: 55_000 });
  });

  test.each(faces)('that pauses orders refuses the next one at once, over %s', async (face) => {
    const place = await newLocation(api);
    const visit = await sitDown(api, place);
    const menu = async () => (await api.rest(`GET /locations/${place.locationId}/menu`, { as: visit.phone })).body;
    const before = await menu();
    for (const ordering of ['paused', 'open']) {
      const answer = await administer(api, face, {
        ...{ rest: 'PATCH /admin/locations/{location_id}', graphql: 'updateLocation', as: manager },
        ...{ at: { location_id: place.locationId }, body: { ordering } },
      });
      expect(answer.code).toBeUndefined();
      expect((await menu()).ordering).toBe(ordering);
      const { status, body } = await api.rest(`POST /sessions/${visit.sessionId}/events`, {
        as: visit.phone,
        body: add({ menu_item_id: place.itemId }),
      });
      expect([status, body.code]).toEqual(ordering === 'paused' ? [409, 'ORDERING_PAUSED'] : [201, undefined]);
    }
    expect((await menu()).version).toBe(before.version + 2);
    await change(place.locationId, { ordering: 'open', name: 'As before' });
    expect((await menu()).version).toBe(before.version + 2);
  });

  test('is listed to its managers: all of a tenant, or the one that a key is bound to', async () => {
    const { location_id: id } = await open();
    const listed = async (as: string) =>
      (await api.rest('GET /admin/locations?limit=500', { as })).body.locations.map((one: Json) => one.location_id);
    const all = await listed(manager);
    expect(all).toEqual(expect.arrayContaining([demo.location, id]));
    expect(all).not.toContain(demo.otherLocation);
    expect(await listed(await newKey(api, { role: 'manager', locationId: id }))).toEqual([id]);
    const { body } = await api.rest(`GET /admin/locations?tenant_id=${demo.otherTenant}`, { as: demo.operator });
    expect(body.locations.map((one: Json) => one.location_id)).toEqual([demo.otherLocation]);
  });
});

describe('a location that is given up', () => {
  test.each(faces)('is refused while somebody sits there, over %s', async (face) => {
    const place = await newLocation(api);
    const visit = await sitDown(api, place);
    const remove: AdminCall = {
      ...{ rest: 'DELETE /admin/locations/{location_id}', graphql: 'removeLocation', as: manager },
      at: { location_id: place.locationId },
    };
    const refused = await administer(api, face, remove);
    expect(refused.code).toBe('TABLE_OCCUPIED');
    await api.rest(`POST /sessions/${visit.sessionId}/close`, { as: demo.staff, body: {} });
    expect((await administer(api, face, remove)).code).toBeUndefined();
    expect((await administer(api, face, remove)).code).toBe('NOT_FOUND');
  });

  test('is there for nobody: not its codes, keys, menu, nor its tables', async () => {
    const place = await newLocation(api);
    const visit = await sitDown(api, place);
    await append(api, visit, add({ menu_item_id: place.itemId }));
    await api.rest(`POST /sessions/${visit.sessionId}/close`, { as: demo.staff, body: { reason: 'The end' } });
    const bound = await newKey(api, { role: 'manager', locationId: place.locationId });
    expect((await api.rest(`GET /locations/${place.locationId}/menu`, { as: bound })).status).toBe(200);
    expect((await api.rest(`DELETE /admin/locations/${place.locationId}`, { as: manager })).status).toBe(204);
    const statuses = async (as: string) => [
      (await api.rest(`GET /locations/${place.locationId}/menu`, { as })).status,
      (await api.rest(`GET /admin/locations/${place.locationId}`, { as })).status,
      (await api.rest(`GET /admin/tables?location_id=${place.locationId}`, { as })).status,
      (await api.rest(`GET /admin/locations/${place.locationId}/qr-sheet`, { as })).status,
      (await api.rest(`PATCH /admin/tables/${place.tableId}`, { as, body: { name: 'A' } })).status,
      (await api.rest(`POST /admin/tables`, { as, body: { location_id: place.locationId, name: 'A' } })).status,
      (await api.rest(`POST /locations/${place.locationId}/qr-sessions`, { as, body: { table_id: place.tableId } }))
        .status,
    ];
    expect(new Set(await statuses(manager))).toEqual(new Set([404]));
    expect(new Set(await statuses(bound))).toEqual(new Set([401]));
    expect(new Set(await statuses(place.token))).toEqual(new Set([401]));
    // Its past is still there for those of the whole restaurant.
    const past = await api.rest(`GET /sessions/${visit.sessionId}/snapshot`, { as: demo.staff });
    expect(past).toMatchObject({ status: 200, body: { total: 50_000 } });
  });
});

const create: AdminCall = { rest: 'POST /admin/locations', graphql: 'createLocation', as: manager };
const update: AdminCall = {
  ...{ rest: 'PATCH /admin/locations/{location_id}', graphql: 'updateLocation', as: manager },
  at: { location_id: demo.location },
};

/** What no location can have, by field. */
const wrong: readonly [string, unknown][] = [
  ['name', ''],
  ['name', ' \u2028 '],
  ['name', 'a'.repeat(101)],
  ['name', 'two\u0000parts'],
  ['name', '\ud800'],
  ['currency', 'DONG'],
  ['currency', 'vnd'],
  ['currency', 'ZZZ'],
  ['timezone', 'Hanoi'],
  ['timezone', '+07:00'],
  ['timezone', 'IST'],
  ['timezone', 'VST'],
  ['timezone', 'EST5EDT'],
  ['timezone', 'SystemV/PST8'],
  ['timezone', ''],
  ['guest_url', 'http://order.example/'],
  ['guest_url', 'https://order.example/#menu'],
  ['guest_url', 'https://order.example/#'],
  ['guest_url', 'https://user:secret@order.example/'],
  ['guest_url', 'javascript:alert(1)'],
  ['guest_url', 'order.example'],
  ['guest_url', `https://order.example/${'a'.repeat(500)}`],
  ['service_bps', -1],
  ['service_bps', 10_001],
  ['ttl_seconds', 0],
  ['ttl_seconds', 86_401],
  ['cash_rounding', 0],
  ['cash_rounding', 1_000_001],
];

describe.each(faces)('over %s', (face) => {
  test.each(wrong)('no location has the %s %j', async (path, value) => {
    const before = await api.sql`SELECT * FROM locations ORDER BY id`;
    for (const call of [
      { ...create, body: { ...usual, [path]: value } },
      { ...update, body: { [path]: value } },
    ]) {
      const outcome = await administer(api, face, call);
      expect([outcome.code, outcome.paths], outcome.answer.text).toEqual(['VALIDATION_FAILED', [path]]);
    }
    expect(await api.sql`SELECT * FROM locations ORDER BY id`).toEqual(before);
  });

  test('every mistake is told at once', async () => {
    const body = { name: '', currency: 'x', timezone: 'y', service_bps: -1 };
    const { code, paths } = await administer(api, face, { ...create, body });
    expect([code, paths]).toEqual(['VALIDATION_FAILED', ['name', 'currency', 'timezone', 'service_bps']]);
  });

  test('locations belong to managers: each credential sees what it may', async () => {
    const { phone, token } = await sitDown(api);
    const bound = await newKey(api, { role: 'manager', locationId: (await newLocation(api)).locationId });
    const code = async (call: AdminCall, as: string | null) => (await administer(api, face, { ...call, as })).code;
    const made = { ...create, body: usual };
    const changed = { ...update, body: { name: 'Mine' } };
    for (const as of [demo.staff, demo.cashier, phone, token, bound]) expect(await code(made, as)).toBe('FORBIDDEN');
    for (const as of [demo.staff, demo.cashier, phone, token, demo.operator])
      expect(await code(changed, as)).toBe('FORBIDDEN');
    expect([await code(made, null), await code(changed, null)]).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED']);
    expect(await code(changed, bound)).toBe('NOT_FOUND');
  });

  test('an operator names the tenant, and one that is not there is not found', async () => {
    const named = (tenant_id?: string): AdminCall => ({ ...create, as: demo.operator, body: { ...usual, tenant_id } });
    const [none, unknown] = [await administer(api, face, named()), await administer(api, face, named(randomUUID()))];
    expect([none.code, none.paths]).toEqual(['VALIDATION_FAILED', ['tenant_id']]);
    expect(unknown.code).toBe('NOT_FOUND');
    const foreign = await administer(api, face, { ...named(demo.otherTenant), as: manager });
    const noTenant = await administer(api, face, { ...named(randomUUID()), as: manager });
    expect([foreign.code, foreign.detail]).toEqual(['NOT_FOUND', noTenant.detail]);
  });

  test('tenants are for operators alone', async () => {
    const calls: readonly AdminCall[] = [
      { rest: 'GET /admin/tenants', graphql: 'tenants' },
      { rest: 'POST /admin/tenants', graphql: 'createTenant', body: { name: 'Mine' } },
      {
        ...{ rest: 'PATCH /admin/tenants/{tenant_id}', graphql: 'updateTenant' },
        ...{ at: { tenant_id: demo.tenant }, body: { name: 'Mine' } },
      },
    ];
    for (const call of calls) {
      expect((await administer(api, face, { ...call, as: manager })).code).toBe('FORBIDDEN');
      expect((await administer(api, face, { ...call, as: null })).code).toBe('UNAUTHENTICATED');
    }
    const [, , rename] = calls;
    if (!rename) throw new Error('there is a third call');
    const unknown = { ...rename, as: demo.operator, at: { tenant_id: randomUUID() } };
    expect((await administer(api, face, unknown)).code).toBe('NOT_FOUND');
    const nameless = await administer(api, face, { ...rename, as: demo.operator, body: { name: ' ' } });
    expect([nameless.code, nameless.paths]).toEqual(['VALIDATION_FAILED', ['name']]);
  });

  test("another tenant's location looks like none", async () => {
    const calls: readonly AdminCall[] = [
      { ...update, body: { name: 'Mine' } },
      { rest: 'DELETE /admin/locations/{location_id}', graphql: 'removeLocation' },
      { rest: 'GET /admin/locations/{location_id}', graphql: 'location' },
      { rest: 'GET /admin/tables', graphql: 'tables' },
    ];
    for (const call of calls) {
      const ask = (locationId: string) =>
        administer(api, face, { ...call, as: manager, at: { location_id: locationId } });
      const [theirs, none] = [await ask(demo.otherLocation), await ask(randomUUID())];
      expect([theirs.code, theirs.detail]).toEqual(['NOT_FOUND', none.detail]);
    }
  });
});
