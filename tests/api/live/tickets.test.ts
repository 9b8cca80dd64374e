/** Tickets: how a client follows that cannot send a header. */
import { jwtVerify, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import type { SessionId } from '../../../src/domain/ids.js';
import type { DeviceScope } from '../../../src/domain/scope.js';
import { createStreamTickets } from '../../../src/services/stream-tickets.js';
import {
  add,
  append,
  authSecret,
  demo,
  type Json,
  newKey,
  newLocation,
  newTable,
  sitDown,
  useApi,
  type Visit,
} from '../../support/api.js';
import { type EventStream, openStream, refusal } from '../../support/event-stream.js';
import { eventually } from '../../support/eventually.js';

const previousSecret = 'the-secret-before-that-only-tests-know-01';
const api = useApi({ env: { AUTH_SECRET: authSecret, AUTH_SECRET_PREVIOUS: previousSecret } });

const lifeMs = 600_000;
const ask = (sessionId: string, as?: string) =>
  api.rest(`POST /sessions/${sessionId}/stream-tickets`, as === undefined ? {} : { as });
const ticketOf = async (sessionId: string, as: string): Promise<string> => (await ask(sessionId, as)).body.ticket;
const follow = (sessionId: string, ticket: string, more: { as?: string; headers?: Record<string, string> } = {}) =>
  openStream(api.address, sessionId, { ...more, query: `ticket=${encodeURIComponent(ticket)}` });
const refused = async (stream: EventStream | Promise<EventStream>) => {
  const { status, body } = await refusal(await stream);
  return [status, body.code];
};
const unauthenticated = [401, 'UNAUTHENTICATED'];

/** The phone of a visit, as its tickets name it. */
const deviceOf = ({ sessionId, deviceId }: Visit): DeviceScope =>
  ({
    ...{ kind: 'device', sessionId, deviceId, tenantId: demo.tenant, locationId: demo.location },
  }) as unknown as DeviceScope;
/** A ticket whose ten minutes end then. */
const ticketUntil = async (visit: Visit, endsAt: number) =>
  (
    await createStreamTickets(authSecret, undefined, () => endsAt - lifeMs).mint(
      { device: deviceOf(visit) },
      visit.sessionId as SessionId,
    )
  ).ticket;

describe('a ticket', () => {
  test.each([
    ['a phone', (visit: Visit) => visit.phone],
    ['staff', () => demo.staff],
  ])('lets %s follow without a header, any number of times', async (_who, credential) => {
    const visit = await sitDown(api);
    const asked = await ask(visit.sessionId, credential(visit));
    expect(asked.status).toBe(201);
    const inMinutes = (Date.parse(asked.body.expires_at) - Date.now()) / 60_000;
    expect(inMinutes).toBeGreaterThan(9);
    expect(inMinutes).toBeLessThanOrEqual(10);
    const streams = await Promise.all([1, 2, 3].map(() => follow(visit.sessionId, asked.body.ticket)));
    await append(api, visit, add());
    for (const stream of streams) {
      expect((await stream.count(3)).map(({ id }) => id)).toEqual(['1', '2', '3']);
      stream.cut();
    }
    const again = await follow(visit.sessionId, asked.body.ticket, { headers: { 'last-event-id': '2' } });
    expect((await again.count(1))[0]?.id).toBe('3');
    again.cut();
  });

  test('comes over GraphQL too', async () => {
    const visit = await sitDown(api);
    const document = `mutation ($input: CreateStreamTicketInput!) { createStreamTicket(input: $input) { ticket expiresAt } }`;
    for (const as of [visit.phone, demo.staff]) {
      const { body } = await api.graphql(document, { input: { sessionId: visit.sessionId } }, { as });
      const { ticket, expiresAt } = body.data.createStreamTicket;
      expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now());
      const stream = await follow(visit.sessionId, ticket);
      await stream.count(2);
      stream.cut();
    }
  });

  test('is for those who may read the session', async () => {
    const [visit, twin] = [await sitDown(api), await sitDown(api)];
    const place = await newTable(api);
    const elsewhere = await newKey(api, { locationId: (await newLocation(api)).locationId });
    const answers: unknown[] = [];
    for (const as of [undefined, 'nonsense', place.token, demo.operator, twin.phone, demo.otherStaff, elsewhere]) {
      answers.push((await ask(visit.sessionId, as)).status);
    }
    expect(answers).toEqual([401, 401, 403, 403, 404, 404, 404]);
    expect((await ask('nonsense', visit.phone)).status).toBe(400);
    await api.rest(`DELETE /sessions/${visit.sessionId}/devices/${visit.deviceId}`, { as: demo.staff });
    expect((await ask(visit.sessionId, visit.phone)).status).toBe(401);
  });

  test('is good for its session only', async () => {
    const [visit, twin] = [await sitDown(api), await sitDown(api)];
    for (const as of [visit.phone, demo.staff]) {
      const ticket = await ticketOf(visit.sessionId, as);
      expect(await refused(follow(twin.sessionId, ticket))).toEqual([404, 'NOT_FOUND']);
      expect(await refused(follow('01900000-0000-7000-8000-00000000dead', ticket))).toEqual([404, 'NOT_FOUND']);
    }
  });

  test('is good for the stream only, and nothing else is a ticket', async () => {
    const visit = await sitDown(api);
    const ticket = await ticketOf(visit.sessionId, visit.phone);
    const path = `/sessions/${visit.sessionId}`;
    for (const request of [
      `GET ${path}`,
      `GET ${path}/events`,
      `POST ${path}/stream-tickets`,
      `GET ${path}/snapshot`,
    ]) {
      expect((await api.rest(request, { as: ticket })).status).toBe(401);
      expect((await api.rest(`${request}?ticket=${ticket}`)).status).toBe(401);
    }
    expect((await api.rest(`POST ${path}/events`, { as: ticket, body: add() })).status).toBe(401);
    expect((await api.rest(`POST ${path}/events?ticket=${ticket}`, { body: add() })).status).toBe(401);
    expect(await refused(follow(visit.sessionId, ticket, { as: ticket }))).toEqual(unauthenticated);
    for (const other of [visit.phone, demo.staff, visit.token, '', 'a.b.c']) {
      expect(await refused(follow(visit.sessionId, other))).toEqual(unauthenticated);
    }
  });

  test('counts only where no header is sent', async () => {
    const visit = await sitDown(api);
    const stream = await follow(visit.sessionId, 'nonsense', { as: visit.phone });
    expect(stream.status).toBe(200);
    stream.cut();
    const ticket = await ticketOf(visit.sessionId, visit.phone);
    expect(await refused(follow(visit.sessionId, ticket, { as: 'nonsense' }))).toEqual(unauthenticated);
  });
});

describe('a ticket that is not ours', () => {
  const secret = new TextEncoder().encode(authSecret);
  const claimsOf = (visit: Visit) => ({
    ...{ sid: visit.sessionId, sub: visit.deviceId, tid: demo.tenant, lid: demo.location },
  });
  const sign = (
    claims: Json,
    { typ = 'ticket+jwt', aud = 'qr-session/ticket', alg = 'HS256', key = secret, exp = '5m' } = {},
  ) => new SignJWT(claims).setProtectedHeader({ alg, typ }).setAudience(aud).setExpirationTime(exp).sign(key);

  test('is refused, whatever is wrong with it', async () => {
    const visit = await sitDown(api);
    const good = await sign(claimsOf(visit));
    const stream = await follow(visit.sessionId, good);
    expect(stream.status).toBe(200);
    stream.cut();
    const [head = '', body = '', mac = ''] = good.split('.');
    const bad = [
      await sign(claimsOf(visit), { typ: 'device+jwt' }),
      await sign(claimsOf(visit), { aud: 'qr-session/device' }),
      await sign(claimsOf(visit), { alg: 'HS512' }),
      await sign(claimsOf(visit), { key: new TextEncoder().encode('another-secret-that-only-tests-know-0123') }),
      await sign(claimsOf(visit), { exp: '-1s' }),
      await sign({ sid: visit.sessionId }),
      await sign({ ...claimsOf(visit), tid: 'nonsense' }),
      await sign({ sid: visit.sessionId, kh: 'nonsense' }),
      await sign({ sid: visit.sessionId, kh: 'A'.repeat(43) }),
      await new SignJWT(claimsOf(visit))
        .setProtectedHeader({ alg: 'HS256', typ: 'ticket+jwt' })
        .setAudience('qr-session/ticket')
        .sign(secret),
      new UnsecuredJWT(claimsOf(visit)).setAudience('qr-session/ticket').setExpirationTime('5m').encode(),
      `${head}.${body}.`,
      `${head}.${body}`,
      `${head}.${Buffer.from(Buffer.from(body, 'base64url').toString().replace('"sub"', '"sux"')).toString('base64url')}.${mac}`,
      `${good}x`,
    ];
    const answers = await Promise.all(bad.map((ticket) => refused(follow(visit.sessionId, ticket))));
    expect(answers).toEqual(bad.map(() => unauthenticated));
  });

  test('of the secret before is accepted; the present one signs', async () => {
    const visit = await sitDown(api);
    const stream = await follow(
      visit.sessionId,
      await sign(claimsOf(visit), { key: new TextEncoder().encode(previousSecret) }),
    );
    expect(stream.status).toBe(200);
    stream.cut();
    const { payload } = await jwtVerify(await ticketOf(visit.sessionId, visit.phone), secret, { typ: 'ticket+jwt' });
    expect(Object.keys(payload).sort()).toEqual(['aud', 'exp', 'lid', 'sid', 'sub', 'tid']);
  });

  test('has no secret in it: of a key only a hash', async () => {
    const visit = await sitDown(api);
    const key = await newKey(api);
    const ticket = await ticketOf(visit.sessionId, key);
    const { payload } = await jwtVerify(ticket, secret, { typ: 'ticket+jwt' });
    expect(Object.keys(payload).sort()).toEqual(['aud', 'exp', 'kh', 'sid']);
    expect(JSON.stringify(payload)).not.toContain(key);
    expect(api.logLines.filter((line) => JSON.stringify(line).includes(ticket))).toEqual([]);
  });
});

describe('the end of a ticket', () => {
  test('comes after ten minutes, for open streams within five seconds', async () => {
    const visit = await sitDown(api);
    const endsAt = Math.ceil(Date.now() / 1000) * 1000 + 1_000;
    const ticket = await ticketUntil(visit, endsAt);
    const stream = await follow(visit.sessionId, ticket);
    await stream.count(2);
    expect(await stream.ended).toBe('whole');
    expect(Date.now()).toBeGreaterThanOrEqual(endsAt);
    expect(Date.now()).toBeLessThan(endsAt + 5_000);
    expect(await refused(follow(visit.sessionId, ticket))).toEqual(unauthenticated);
    const next = await follow(visit.sessionId, await ticketOf(visit.sessionId, visit.phone), {
      headers: { 'last-event-id': '1' },
    });
    expect((await next.count(1))[0]?.id).toBe('2');
    next.cut();
  });

  test('comes with the end of its key', async () => {
    const visit = await sitDown(api);
    const key = await newKey(api);
    const ticket = await ticketOf(visit.sessionId, key);
    const stream = await follow(visit.sessionId, ticket);
    await stream.count(2);
    await api.sql`UPDATE api_keys SET revoked_at = now() WHERE key_hash = sha256(convert_to(${key}, 'UTF8'))`;
    const revoked = performance.now();
    expect(await stream.ended).toBe('whole');
    expect(performance.now() - revoked).toBeLessThan(5_000);
    await eventually(async () => (await follow(visit.sessionId, ticket)).status === 401);
  });

  test('comes with the removal of its phone', async () => {
    const visit = await sitDown(api);
    const ticket = await ticketOf(visit.sessionId, visit.phone);
    const stream = await follow(visit.sessionId, ticket);
    await api.rest(`DELETE /sessions/${visit.sessionId}/devices/${visit.deviceId}`, { as: demo.staff });
    expect(await stream.ended).toBe('whole');
    expect(JSON.parse(stream.messages.at(-1)?.data ?? '')).toMatchObject({ event_type: 'device_removed' });
    expect(await refused(follow(visit.sessionId, ticket))).toEqual(unauthenticated);
  });

  test('is no matter of the session: what has ended is still told, and then 204', async () => {
    const visit = await sitDown(api);
    await api.rest(`POST /sessions/${visit.sessionId}/close`, { as: demo.staff, body: { reason: 'they left' } });
    const ticket = await ticketOf(visit.sessionId, visit.phone);
    const stream = await follow(visit.sessionId, ticket);
    expect([await stream.ended, stream.messages.length]).toEqual(['whole', 3]);
    expect((await follow(visit.sessionId, ticket, { headers: { 'last-event-id': '3' } })).status).toBe(204);
  });
});
