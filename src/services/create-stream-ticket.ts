import type { SessionId } from '../domain/ids.js';
import type { Scope } from '../domain/scope.js';
import { requireSession, unauthenticated } from './access.js';
import type { Deps } from './deps.js';
import { seeSession } from './seats.js';

/** A ticket for whoever may read the session's events: for clients that cannot send a header. */
export async function createStreamTicket(
  deps: Deps,
  scope: Scope,
  { sessionId, keyHash }: { readonly sessionId: SessionId; readonly keyHash: string | undefined },
): Promise<{ readonly ticket: string; readonly expiresAt: number }> {
  const caller = requireSession(scope, sessionId);
  await seeSession(deps, caller, sessionId);
  if (caller.kind === 'device') return deps.tickets.mint({ device: caller }, sessionId);
  // A key that is known only by a ticket of its own gets no further one.
  if (!keyHash) throw unauthenticated();
  return deps.tickets.mint({ keyHash }, sessionId);
}
