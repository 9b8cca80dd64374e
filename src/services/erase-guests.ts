import { eraseGuests, listNamedSessions, type NamedSession, type NamesKept } from '../db/guest-data.js';
import { eventDefinitions } from '../domain/events/index.js';
import type { SessionId } from '../domain/ids.js';
import type { Deps } from './deps.js';

/** Sessions that are looked up at a time. */
const viewSize = 200;

const personal: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.values(eventDefinitions).map((definition) => [definition.type, definition.personal]),
);

/**
 * Erases names and phones of guests whose visit ended long enough ago, of all tenants, session by session. Any number of nodes
 * may do this at the same time: each session is erased once. One that cannot be erased does not hold up the others. It ends
 * early, between two sessions, when the server stops. Gives the number of sessions that this call erased.
 */
export async function eraseOldGuests(
  { orm }: Pick<Deps, 'orm'>,
  kept: NamesKept,
  { onFailure, stopping }: { onFailure: (error: unknown, sessionId: SessionId) => void; stopping: AbortSignal },
): Promise<number> {
  let erased = 0;
  for (let after: NamedSession | undefined; ; ) {
    const view = await listNamedSessions(orm, kept, { after, limit: viewSize });
    for (const session of view) {
      if (stopping.aborted) return erased;
      try {
        if (await eraseGuests(orm, session, { kept, personal })) erased += 1;
      } catch (error) {
        onFailure(error, session.sessionId);
      }
    }
    after = view.at(-1);
    if (view.length < viewSize) return erased;
  }
}
