import type { FastifyRequest } from 'fastify';
import { invalid } from '../domain/rejection.js';
import type { ResolverContext } from '../resolvers/context.js';
import { unauthenticated } from '../services/access.js';
import { withDeadline } from './deadline.js';

/** The only place that authenticates: turns a request's credential into a scope. */
export async function contextOf(deps: ResolverContext['deps'], request: FastifyRequest): Promise<RequestContext> {
  const { authorization } = request.headers;
  const name = actorName(request.headers['x-actor-name']);
  return contextFor(deps, request, await readCredential(deps, { authorization, name }));
}

/** The context of a request whose credential is known. */
export function contextFor(
  deps: ResolverContext['deps'],
  request: FastifyRequest,
  credential: Credential,
): RequestContext {
  return {
    ...{ deps, ...credential, requestId: request.id, address: request.ip, log: request.log },
    get gone() {
      return goneSignal(request);
    },
  };
}

/** A resolver's context with the request's log. */
export interface RequestContext extends ResolverContext {
  readonly log: FastifyRequest['log'];
}

/** Who asks, and whether that still holds. */
export type Credential = Pick<ResolverContext, 'scope' | 'isStanding' | 'keyHash'>;

/** `Bearer ...` as a scope; none at all is nobody, a bad one UNAUTHENTICATED. `name` is the person who uses a key. */
export async function readCredential(
  { credentials }: ResolverContext['deps'],
  { authorization, name }: { readonly authorization: string | undefined; readonly name?: string | undefined },
): Promise<Credential> {
  if (authorization === undefined) return { scope: { kind: 'nobody' } };
  const [, token] = /^Bearer +([^\s]{1,2048})$/i.exec(authorization) ?? [];
  const scope = token ? await withDeadline(credentials.ofBearer(token)) : undefined;
  if (!scope || !token) throw unauthenticated();
  if (scope.kind === 'device') return { scope };
  const isStanding = async () => (await credentials.ofBearer(token)) !== undefined;
  if (scope.kind !== 'key') return { scope, isStanding };
  const keyHash = credentials.hashOf(token);
  return { scope: name ? { ...scope, name, isNamed: true } : scope, isStanding, keyHash };
}

const goneSignals = new WeakMap<object, AbortSignal>();

/** One for all requests of a connection: whoever copies a context reads it, and each listener would stay until the end. */
function goneSignal({ raw: { socket } }: FastifyRequest): AbortSignal {
  const known = goneSignals.get(socket);
  if (known) return known;
  const gone = new AbortController();
  goneSignals.set(socket, gone.signal);
  if (socket.destroyed) gone.abort();
  else socket.once('close', () => gone.abort());
  return gone.signal;
}

/** Header bytes may be UTF-8, or percent-encoded where a browser's `fetch` takes nothing beyond Latin-1. */
function actorName(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? personName(decoded(header)) : undefined;
}

/** The name of the person who uses a key. */
export function personName(given: string): string {
  const name = given.trim();
  if (name.length < 1 || name.length > 60 || /\p{Cc}/u.test(name)) {
    throw invalid([{ path: 'X-Actor-Name', message: 'must be 1 to 60 characters' }]);
  }
  return name;
}

function decoded(header: string): string {
  if (/%[0-9a-f]{2}/i.test(header)) {
    try {
      return decodeURIComponent(header);
    } catch {
      return header;
    }
  }
  const utf8 = Buffer.from(header, 'latin1').toString('utf8');
  return utf8.includes('\ufffd') ? header : utf8;
}
