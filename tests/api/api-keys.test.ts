import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { administer, type AdminCall } from '../support/admin-faces.js';
import { demo, type Json, newKey, newLocation, sitDown, startApi, useApi } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { faces } from '../support/faces.js';

const api = useApi();
const manager: string = demo.manager;

async function make(body: object = {}, as = manager): Promise<Json> {
  const answer = await api.rest('POST /admin/api-keys', { as, body: { name: 'A key', role: 'staff', ...body } });
  if (answer.status !== 201) throw new Error(`could not make a key: ${answer.text}`);
  return answer.body;
}

async function listed(as: string): Promise<readonly Json[]> {
  const keys: Json[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body }: Json = await api.rest(`GET /admin/api-keys?limit=3${cursor && `&cursor=${cursor}`}`, { as });
    keys.push(...body.api_keys);
    cursor = body.next_cursor;
  }
  return keys;
}
const shown = async (id: string, as = manager): Promise<Json> => (await listed(as)).find((key) => key.key_id === id);
const works = async (secret: string, at: Pick<typeof api, 'rest'> = api) =>
  (await at.rest(`GET /locations/${demo.location}/menu`, { as: secret })).status === 200;

describe('a key', () => {
  test('is made with a secret that is shown this once, and stored as its hash alone', async () => {
    const answer = await api.rest('POST /admin/api-keys', { as: manager, body: { name: ' Bếp ', role: 'cashier' } });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const { secret, ...key } = answer.body;
    expect(secret).toMatch(/^qrk_[A-Za-z0-9_-]{43}$/);
    expect(key).toEqual({
      key_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'Bếp',
      role: 'cashier',
      location_id: null,
      shared: false,
      created_at: expect.stringMatching(/Z$/),
      last_used_at: null,
      expires_at: null,
      revoked_at: null,
    });
    expect(await shown(key.key_id)).toEqual(key);
    const [row] = await api.sql`SELECT row_to_json(k)::text AS row FROM api_keys k WHERE id = ${key.key_id}`;
    expect(row?.['row']).not.toContain(secret.slice(4));
  });

  test('does what its role may, where it may, and says who it is', async () => {
    const place = await newLocation(api);
    const { secret } = await make({ name: 'Lan', role: 'cashier', location_id: place.locationId, shared: true });
    const { body } = await api.graphql('{ viewer { kind role name locationId } }', {}, { as: secret });
    expect(body.data.viewer).toEqual({ kind: 'KEY', role: 'CASHIER', name: 'Lan', locationId: place.locationId });
    const visit = await sitDown(api, place);
    expect((await api.rest(`GET /sessions/${visit.sessionId}`, { as: secret })).status).toBe(200);
    expect((await api.rest(`GET /sessions/${(await sitDown(api)).sessionId}`, { as: secret })).status).toBe(404);
    const unnamed = await api.rest(`POST /sessions/${visit.sessionId}/close`, { as: secret, body: {} });
    expect(unnamed).toMatchObject({ status: 400, body: { errors: [{ path: 'X-Actor-Name' }] } });
  });

  test('shows when it was last used, to the minute, and is written no more often', async () => {
    const { key_id: id, secret } = await make();
    await api.sql`UPDATE api_keys SET last_used_at = NULL WHERE id = ${id}`;
    expect(await works(secret)).toBe(true);
    const { last_used_at: at } = await eventually(async () => {
      const key = await shown(id);
      return key.last_used_at ? key : undefined;
    });
    expect(at).toMatch(/:00\.000Z$/);
    const [clock] = await api.sql`SELECT date_trunc('minute', session_clock()) AS minute`;
    expect(Math.abs(Date.parse(at) - clock?.['minute'].getTime())).toBeLessThanOrEqual(60_000);
    const version = async () => (await api.sql`SELECT xmin::text AS v FROM api_keys WHERE id = ${id}`)[0]?.['v'];
    const before = await version();
    for (let use = 0; use < 5; use += 1) await works(secret);
    expect(await version()).toBe(before);
  });

  test("ends by itself at its time, by the database's clock", async () => {
    const { key_id: id, secret } = await make({ expires_at: '2999-01-01T00:00:00Z' });
    expect((await shown(id)).expires_at).toBe('2999-01-01T00:00:00.000Z');
    expect(await works(secret)).toBe(true);
    await api.sql`UPDATE api_keys SET expires_at = session_clock() WHERE id = ${id}`;
    await eventually(async () => !(await works(secret)), { within: 2_500 });
    const answer = await api.rest(`GET /locations/${demo.location}/menu`, { as: secret });
    expect(answer).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
  });
});

describe('a key that is revoked', () => {
  test.each(faces)('is refused at once here, over %s', async (face) => {
    const { key_id: id, secret } = await make();
    expect(await works(secret)).toBe(true);
    const revoke: AdminCall = {
      ...{ rest: 'DELETE /admin/api-keys/{key_id}', graphql: 'revokeApiKey', as: manager },
      at: { key_id: id },
    };
    expect((await administer(api, face, revoke)).code).toBeUndefined();
    expect(await works(secret)).toBe(false);
    const { revoked_at: at } = await shown(id);
    expect(at).toMatch(/Z$/);
    expect((await administer(api, face, revoke)).code).toBeUndefined();
    expect((await shown(id)).revoked_at).toBe(at);
  });

  test('is refused by another node within two seconds', async () => {
    const { key_id: id, secret } = await make();
    const other = await startApi({ databaseUrl: api.databaseUrl });
    try {
      expect(await works(secret, other)).toBe(true);
      await api.rest(`DELETE /admin/api-keys/${id}`, { as: manager });
      await eventually(async () => !(await works(secret, other)), { within: 2_500 });
    } finally {
      await other.stop();
    }
  });

  test.each(faces)('is never the one in use, over %s', async (face) => {
    const { key_id: id, secret } = await make({ role: 'manager' });
    const { code, paths, detail } = await administer(api, face, {
      ...{ rest: 'DELETE /admin/api-keys/{key_id}', graphql: 'revokeApiKey', as: secret },
      at: { key_id: id.toUpperCase() },
    });
    expect([code, paths, detail]).toEqual([
      'VALIDATION_FAILED',
      ['key_id'],
      expect.stringContaining('revoke it with another one'),
    ]);
    expect(await works(secret)).toBe(true);
  });
});

describe('a key that is bound to a location', () => {
  test('manages that one only: its tables, its keys, and nothing else', async () => {
    const place = await newLocation(api);
    const bound = await make({ role: 'manager', location_id: place.locationId });
    const as: string = bound.secret;
    const own = await make({ name: 'Own' }, as);
    expect(own.location_id).toBe(place.locationId);
    expect((await make({ location_id: place.locationId }, as)).location_id).toBe(place.locationId);
    const elsewhere = await api.rest('POST /admin/api-keys', {
      as,
      body: { name: 'Elsewhere', role: 'staff', location_id: demo.location },
    });
    expect(elsewhere.status).toBe(404);
    const ofAll = await make();
    expect((await listed(as)).map(({ key_id: id }) => id).sort()).toEqual(
      (await listed(manager))
        .filter((key) => key.location_id === place.locationId)
        .map(({ key_id: id }) => id)
        .sort(),
    );
    expect((await api.rest(`DELETE /admin/api-keys/${ofAll.key_id}`, { as })).status).toBe(404);
    expect(await works(ofAll.secret)).toBe(true);
    expect((await api.rest(`DELETE /admin/api-keys/${own.key_id}`, { as })).status).toBe(204);
    const table = { as, body: { location_id: place.locationId, name: 'Mine' } };
    expect((await api.rest('POST /admin/tables', table)).status).toBe(201);
    expect((await api.rest(`GET /admin/tables?location_id=${demo.location}`, { as })).status).toBe(404);
    expect((await api.rest(`GET /admin/locations/${demo.location}/qr-sheet`, { as })).status).toBe(404);
    expect((await api.rest(`PATCH /admin/locations/${place.locationId}`, { as, body: { name: 'Mine' } })).status).toBe(
      200,
    );
  });
});

const create: AdminCall = { rest: 'POST /admin/api-keys', graphql: 'createApiKey', as: manager };
const revoke: AdminCall = { rest: 'DELETE /admin/api-keys/{key_id}', graphql: 'revokeApiKey', as: manager };

describe.each(faces)('over %s', (face) => {
  test.each([
    ['name', { name: ' ' }],
    ['name', { name: 'a'.repeat(61) }],
    ['expires_at', { expires_at: '2020-01-01T00:00:00Z' }],
  ])('a key with a wrong %s is refused, and none is made', async (path, body) => {
    const before = (await listed(manager)).length;
    const { code, paths } = await administer(api, face, { ...create, body: { name: 'A', role: 'staff', ...body } });
    expect([code, paths]).toEqual(['VALIDATION_FAILED', [path]]);
    expect(await listed(manager)).toHaveLength(before);
  });

  test('keys are for managers', async () => {
    const { phone, token } = await sitDown(api);
    const { key_id: id } = await make();
    const calls: readonly AdminCall[] = [
      { ...create, body: { name: 'A', role: 'staff' } },
      { rest: 'GET /admin/api-keys', graphql: 'apiKeys' },
      { ...revoke, at: { key_id: id } },
    ];
    for (const call of calls) {
      for (const as of [demo.staff, demo.cashier, phone, token])
        expect((await administer(api, face, { ...call, as })).code).toBe('FORBIDDEN');
      expect((await administer(api, face, { ...call, as: null })).code).toBe('UNAUTHENTICATED');
      const nameless = await administer(api, face, { ...call, as: demo.operator });
      expect([nameless.code, nameless.paths]).toEqual(['VALIDATION_FAILED', ['tenant_id']]);
    }
  });

  test('nobody makes an operator', async () => {
    for (const as of [manager, demo.operator]) {
      const body = { name: 'A', role: 'operator', tenant_id: demo.tenant };
      const { answer } = await administer(api, face, { ...create, as, body });
      expect(answer.status === 400 || answer.body.errors.length > 0, answer.text).toBe(true);
    }
    const [row] = await api.sql`SELECT count(*)::int AS operators FROM api_keys WHERE role = 'operator'`;
    expect(row).toEqual({ operators: 1 });
  });

  test("another tenant's keys and places look like none", async () => {
    const [theirs] = await api.sql`SELECT id FROM api_keys WHERE tenant_id = ${demo.otherTenant} LIMIT 1`;
    const byId = (id: string) => administer(api, face, { ...revoke, at: { key_id: id } });
    const [foreign, none] = [await byId(theirs?.['id']), await byId(randomUUID())];
    expect([foreign.code, foreign.detail]).toEqual(['NOT_FOUND', none.detail]);
    const at = (locationId: string) =>
      administer(api, face, { ...create, body: { name: 'A', role: 'staff', location_id: locationId } });
    const [there, nowhere] = [await at(demo.otherLocation), await at(randomUUID())];
    expect([there.code, there.detail]).toEqual(['NOT_FOUND', nowhere.detail]);
    const of = (tenantId: string, as: string) =>
      administer(api, face, { ...create, as, body: { name: 'A', role: 'staff', tenant_id: tenantId } });
    const [foreignTenant, noTenant] = [await of(demo.otherTenant, manager), await of(randomUUID(), demo.operator)];
    expect([foreignTenant.code, foreignTenant.detail]).toEqual(['NOT_FOUND', noTenant.detail]);
  });

  test('an operator makes, lists and revokes the keys of the tenant it names', async () => {
    const made = await make({ tenant_id: demo.otherTenant, role: 'manager' }, demo.operator);
    const { body } = await api.rest('GET /admin/api-keys', { as: made.secret });
    expect(body.api_keys.map(({ key_id: id }: Json) => id)).toContain(made.key_id);
    expect((await listed(manager)).map(({ key_id: id }) => id)).not.toContain(made.key_id);
    const list = { rest: 'GET /admin/api-keys', graphql: 'apiKeys', as: demo.operator };
    const { answer } = await administer(api, face, { ...list, at: { tenant_id: demo.otherTenant } });
    expect(answer.text).toContain(made.key_id);
    const wrong = { ...revoke, as: demo.operator, at: { key_id: made.key_id, tenant_id: demo.tenant } };
    expect((await administer(api, face, wrong)).code).toBe('NOT_FOUND');
    const right = { ...wrong, at: { ...wrong.at, tenant_id: demo.otherTenant } };
    expect((await administer(api, face, right)).code).toBeUndefined();
    expect((await api.rest('GET /admin/api-keys', { as: made.secret })).status).toBe(401);
  });
});

test('a key of a location that was given up is refused, on other nodes too', async () => {
  const place = await newLocation(api);
  const key = await newKey(api, { role: 'manager', locationId: place.locationId });
  const other = await startApi({ databaseUrl: api.databaseUrl });
  try {
    const status = async () =>
      (await other.rest(`GET /admin/tables?location_id=${place.locationId}`, { as: key })).status;
    expect(await status()).toBe(200);
    expect((await api.rest(`DELETE /admin/locations/${place.locationId}`, { as: key })).status).toBe(204);
    await eventually(async () => (await status()) === 401, { within: 2_500 });
  } finally {
    await other.stop();
  }
});
