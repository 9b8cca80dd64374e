import { noSuchSession } from '../domain/decide.js';
import type { Scope } from '../domain/scope.js';
import { unauthenticated } from './access.js';
import type { Credentials } from './credentials.js';
import type { Deps } from './deps.js';

/** Whom a ticket lets in, and whether that still holds. */
export interface OpenedTicket {
  readonly scope: Scope;
  readonly isStanding: () => Promise<boolean>;
}

/** Reads a ticket at the door of the session that it must be for. */
export async function openStreamTicket(
  { tickets, credentials }: Deps & { readonly credentials: Credentials },
  { ticket, sessionId }: { readonly ticket: string; readonly sessionId: string },
): Promise<OpenedTicket> {
  const read = await tickets.read(ticket);
  if (!read) throw unauthenticated();
  const { holder, expiresAt } = read;
  const scopeNow = async () => ('device' in holder ? holder.device : credentials.ofKeyHash(holder.keyHash));
  const scope = await scopeNow();
  if (!scope) throw unauthenticated();
  if (read.sessionId !== sessionId) throw noSuchSession();
  return { scope, isStanding: async () => tickets.now() < expiresAt && (await scopeNow()) !== undefined };
}
