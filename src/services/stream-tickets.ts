import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { asId, type DeviceId, isUuid, type LocationId, type SessionId, type TenantId } from '../domain/ids.js';
import type { DeviceScope } from '../domain/scope.js';

/** For whom a ticket stands: a phone, or a key by its hash, so that the ticket ends with the key. */
export type TicketHolder = { readonly device: DeviceScope } | { readonly keyHash: string };

/** Lets its holder follow one session where no header can be sent; good for nothing else, and for a short time. */
export interface StreamTicket {
  readonly holder: TicketHolder;
  readonly sessionId: SessionId;
  /** Milliseconds since 1970, by the clock of whoever signs and reads. */
  readonly expiresAt: number;
}

/** Signs tickets, and reads what it has signed. */
export interface StreamTickets {
  mint(holder: TicketHolder, sessionId: SessionId): Promise<{ readonly ticket: string; readonly expiresAt: number }>;
  /** Undefined where it is not one of ours, or its time is over. */
  read(ticket: string): Promise<StreamTicket | undefined>;
  readonly now: () => number;
}

const audience = 'qr-session/ticket';
const type = 'ticket+jwt';
const algorithm = 'HS256';
const lifeMs = 600_000;

const uuid = z.string().refine(isUuid);
const claims = z.union([
  z.object({ sid: uuid, exp: z.number(), sub: uuid, tid: uuid, lid: uuid }),
  z.object({ sid: uuid, exp: z.number(), kh: z.string().regex(/^[\w-]{43}$/) }),
]);

/** `secret` signs; `previous` is still accepted while secrets are being rotated. */
export function createStreamTickets(
  secret: string,
  previous: string | undefined,
  now: () => number = Date.now,
): StreamTickets {
  const keys = (previous ? [secret, previous] : [secret]).map((text) => new TextEncoder().encode(text));
  return {
    now,
    async mint(holder, sessionId) {
      const expires = Math.floor((now() + lifeMs) / 1000);
      const ticket = await new SignJWT({ sid: sessionId, ...claimsOf(holder) })
        .setProtectedHeader({ alg: algorithm, typ: type })
        .setAudience(audience)
        .setExpirationTime(expires)
        .sign(keys[0] ?? new Uint8Array());
      return { ticket, expiresAt: expires * 1000 };
    },
    async read(ticket) {
      for (const key of keys) {
        const rules = { algorithms: [algorithm], audience, typ: type, currentDate: new Date(now()) };
        const verified = await jwtVerify(ticket, key, rules).catch(() => undefined);
        const parsed = claims.safeParse(verified?.payload);
        if (parsed.success) return toTicket(parsed.data);
      }
      return undefined;
    },
  };
}

function claimsOf(holder: TicketHolder): Record<string, string> {
  if ('keyHash' in holder) return { kh: holder.keyHash };
  const { deviceId, tenantId, locationId } = holder.device;
  return { sub: deviceId, tid: tenantId, lid: locationId };
}

function toTicket(read: z.infer<typeof claims>): StreamTicket {
  const sessionId = asId<SessionId>(read.sid);
  const ticket = { sessionId, expiresAt: read.exp * 1000 };
  if ('kh' in read) return { ...ticket, holder: { keyHash: read.kh } };
  const device: DeviceScope = {
    kind: 'device',
    sessionId,
    deviceId: asId<DeviceId>(read.sub),
    tenantId: asId<TenantId>(read.tid),
    locationId: asId<LocationId>(read.lid),
  };
  return { ...ticket, holder: { device } };
}
