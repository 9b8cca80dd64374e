import { SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { authSecret, demo, sitDown, startApi, useApi, type Visit } from '../support/api.js';

const api = useApi();

interface Forgery {
  readonly secret?: string;
  readonly type?: string;
  readonly audience?: string;
  readonly claims?: Readonly<Record<string, unknown>>;
}

const forge = ({ sessionId, deviceId }: Visit, forgery: Forgery = {}): Promise<string> => {
  const { secret = authSecret, type = 'device+jwt', audience = 'qr-session/device', claims = {} } = forgery;
  return new SignJWT({ sid: sessionId, tid: demo.tenant, lid: demo.location, sub: deviceId, ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: type })
    .setAudience(audience)
    .sign(new TextEncoder().encode(secret));
};
const codeFor = async ({ sessionId }: Visit, as: string): Promise<string | undefined> =>
  (await api.rest(`GET /sessions/${sessionId}`, { as })).body.code;

describe('a device token', () => {
  test('made by the rules is good', async () => {
    const visit = await sitDown(api);
    expect(await codeFor(visit, await forge(visit))).toBeUndefined();
  });

  test.each<[string, Forgery]>([
    ['with another secret', { secret: 'another-secret-0123456789-0123456789' }],
    ['of another type', { type: 'JWT' }],
    ['for another audience', { audience: 'qr-session/join' }],
    ['without a session', { claims: { sid: undefined } }],
    ['for a device that is no id', { claims: { sub: 'me' } }],
    ['that is over', { claims: { exp: 1 } }],
    ['that is not good yet', { claims: { nbf: 9_999_999_999 } }],
  ])('%s is UNAUTHENTICATED', async (_, forgery) => {
    const visit = await sitDown(api);
    expect(await codeFor(visit, await forge(visit, forgery))).toBe('UNAUTHENTICATED');
  });

  test('for a device that never joined is UNAUTHENTICATED, even with our secret', async () => {
    const visit = await sitDown(api);
    const stranger = await forge(visit, { claims: { sub: demo.table(1) } });
    expect(await codeFor(visit, stranger)).toBe('UNAUTHENTICATED');
  });

  test('that names another tenant finds nothing', async () => {
    const visit = await sitDown(api);
    expect(await codeFor(visit, await forge(visit, { claims: { tid: demo.otherTenant } }))).toBe('NOT_FOUND');
  });
});

test('after a change of the secret the old tokens are good as long as it is named as the previous one', async () => {
  const visit = await sitDown(api);
  const { body } = await api.rest(`GET /sessions/${visit.sessionId}`, { as: visit.phone });
  const joinToken = body.qr_url.split('&j=')[1];
  const AUTH_SECRET = 'the-next-secret-0123456789-0123456789-abc';
  const between = await startApi({
    databaseUrl: api.databaseUrl,
    env: { AUTH_SECRET, AUTH_SECRET_PREVIOUS: authSecret },
  });
  const later = await startApi({ databaseUrl: api.databaseUrl, env: { AUTH_SECRET } });
  try {
    const read = async (at: typeof between) =>
      (await at.rest(`GET /sessions/${visit.sessionId}`, { as: visit.phone })).status;
    const join = async (at: typeof between) =>
      (await at.rest(`POST /sessions/${visit.sessionId}/devices`, { body: { join_token: joinToken } })).status;
    expect([await read(between), await join(between)]).toEqual([200, 201]);
    expect([await read(later), await join(later)]).toEqual([401, 401]);
  } finally {
    await between.stop();
    await later.stop();
  }
});
