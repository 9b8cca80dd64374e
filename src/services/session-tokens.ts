import { createHmac, timingSafeEqual } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { asId, type DeviceId, isUuid, type LocationId, type SessionId, type TenantId } from '../domain/ids.js';
import type { DeviceScope } from '../domain/scope.js';

/**
 * The tokens that belong to a session. A device token says which phone it is; a join token lets a phone in. Neither has an
 * expiry of its own: both end with their session, by the database's clock.
 */
export interface SessionTokens {
  mintDeviceToken(device: DeviceScope): Promise<string>;
  /** The phone that the token proves, or nothing if it is not one of ours. */
  readDeviceToken(token: string): Promise<DeviceScope | undefined>;
  /** The same session always has the same join token, so a QR code shown twice is the same code. */
  joinToken(tenantId: TenantId, sessionId: SessionId): string;
  /** The tenant, if this is the session's join token. */
  readJoinToken(token: string, sessionId: SessionId): TenantId | undefined;
}

const audience = 'qr-session/device';
const type = 'device+jwt';
const algorithm = 'HS256';

/** Verified tokens that are remembered, so that a busy phone's is verified once. */
const maxRemembered = 20_000;

const uuid = z.string().refine(isUuid);
const claims = z.object({ sub: uuid, sid: uuid, tid: uuid, lid: uuid });

/** `secret` signs; `previous` is still accepted while secrets are being rotated. */
export function createSessionTokens(secret: string, previous?: string): SessionTokens {
  const secrets = previous ? [secret, previous] : [secret];
  const keys = secrets.map((text) => new TextEncoder().encode(text));
  const remembered = new Map<string, DeviceScope>();

  async function verify(token: string): Promise<DeviceScope | undefined> {
    for (const key of keys) {
      const verified = await jwtVerify(token, key, { algorithms: [algorithm], audience, typ: type }).catch(
        () => undefined,
      );
      const parsed = claims.safeParse(verified?.payload);
      if (parsed.success) return toScope(parsed.data);
    }
    return undefined;
  }

  return {
    mintDeviceToken: ({ deviceId, sessionId, tenantId, locationId }) =>
      new SignJWT({ sid: sessionId, tid: tenantId, lid: locationId })
        .setProtectedHeader({ alg: algorithm, typ: type })
        .setSubject(deviceId)
        .setAudience(audience)
        .sign(keys[0] ?? new Uint8Array()),
    async readDeviceToken(token) {
      const known = remembered.get(token);
      if (known) return known;
      const scope = await verify(token);
      if (scope) {
        if (remembered.size >= maxRemembered) remembered.clear();
        remembered.set(token, scope);
      }
      return scope;
    },
    joinToken: (tenantId, sessionId) => joinTokenOf(secret, tenantId, sessionId),
    readJoinToken(token, sessionId) {
      const bytes = Buffer.from(token, 'base64url');
      if (bytes.length !== 32) return undefined;
      const tenantId = uuidOf(bytes.subarray(0, 16)) as TenantId;
      const isOurs = secrets.some((text) =>
        timingSafeEqual(bytes, Buffer.from(joinTokenOf(text, tenantId, sessionId), 'base64url')),
      );
      return isOurs ? tenantId : undefined;
    },
  };
}

function toScope({ sub, sid, tid, lid }: z.infer<typeof claims>): DeviceScope {
  return {
    kind: 'device',
    deviceId: asId<DeviceId>(sub),
    sessionId: asId<SessionId>(sid),
    tenantId: asId<TenantId>(tid),
    locationId: asId<LocationId>(lid),
  };
}

/** 16 bytes of tenant, 16 bytes of HMAC-SHA256: 43 characters, short enough for a QR code. */
function joinTokenOf(secret: string, tenantId: TenantId, sessionId: SessionId): string {
  const mac = createHmac('sha256', secret).update(`join\n${tenantId}\n${sessionId}`).digest().subarray(0, 16);
  return Buffer.concat([Buffer.from(tenantId.replaceAll('-', ''), 'hex'), mac]).toString('base64url');
}

function uuidOf(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
