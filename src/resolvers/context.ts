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
}
