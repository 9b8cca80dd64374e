import type { Command } from '../domain/decide.js';
import { fingerprintOf } from './fingerprint.js';
import { worker } from '../domain/actor.js';
import type { LogName } from './read-events.js';
import { serverKeys } from './server-keys.js';

/** The fingerprint of time's end, whoever notices it first. */
export const expiredFingerprint = fingerprintOf({ operation: 'expire', actor: worker.id, content: {} });

/** Writes `session_expired` into the log of a session whose time is over: once, however many ask for it. */
export function expiryOf({ tenantId, sessionId }: LogName): Command {
  return {
    tenantId,
    sessionId,
    caller: { kind: 'worker' },
    appends: [{ key: serverKeys.expired, fingerprint: expiredFingerprint, type: 'session_expired', input: {} }],
  };
}
