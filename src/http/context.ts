import type { FastifyRequest } from 'fastify';
import { invalid } from '../domain/rejection.js';
import type { Scope } from '../domain/scope.js';
import type { ResolverContext } from '../resolvers/context.js';
import { unauthenticated } from '../services/access.js';
import { withDeadline } from './deadline.js';

/** The only place that authenticates: turns a request's credential into a scope. */
export async function contextOf(deps: ResolverContext['deps'], request: FastifyRequest): Promise<RequestContext> {
  const scope = await scopeOf(deps, request);
  return { deps, scope, requestId: request.id, address: request.ip, log: request.log };
}

/** A resolver's context with the request's log. */
export interface RequestContext extends ResolverContext {
  readonly log: FastifyRequest['log'];
}

async function scopeOf({ credentials }: ResolverContext['deps'], request: FastifyRequest): Promise<Scope> {
  const { authorization } = request.headers;
  if (authorization === undefined) return { kind: 'nobody' };
  const [, token] = /^Bearer +([^\s]{1,2048})$/i.exec(authorization) ?? [];
  const scope = token ? await withDeadline(credentials.ofBearer(token)) : undefined;
  if (!scope) throw unauthenticated();
  const name = actorName(request.headers['x-actor-name']);
  return scope.kind === 'key' && name ? { ...scope, name, isNamed: true } : scope;
}

/** Header bytes may be UTF-8, or percent-encoded where a browser's `fetch` takes nothing beyond Latin-1. */
function actorName(header: string | string[] | undefined): string | undefined {
  if (typeof header !== 'string') return undefined;
  const name = decoded(header).trim();
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
