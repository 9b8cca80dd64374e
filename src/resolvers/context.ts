import type { Scope } from '../domain/scope.js';
import type { Credentials } from '../services/credentials.js';
import type { Deps } from '../services/deps.js';

/** What every resolver gets: the wired parts, and who asks. Made by `http/context`, the only place that authenticates. */
export interface ResolverContext {
  readonly deps: Deps & { readonly credentials: Credentials };
  readonly scope: Scope;
  readonly requestId: string;
  /** Where the request comes from, as far as the server sees. */
  readonly address: string;
  /**
   * Whether the credential still counts: for who holds a request or a connection open. Device tokens end with their session
   * or by their removal from it, which feeds see, so they have none.
   */
  readonly isStanding?: (() => Promise<boolean>) | undefined;
  /** Of the API key that was sent: a ticket is bound to it. */
  readonly keyHash?: string | undefined;
  /** Aborted when the caller has gone away. */
  readonly gone: AbortSignal;
}
