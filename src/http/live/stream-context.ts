import type { FastifyRequest } from 'fastify';
import type { ResolverContext } from '../../resolvers/context.js';
import { openStreamTicket } from '../../services/open-stream-ticket.js';
import { contextFor, contextOf, type RequestContext } from '../context.js';
import { withDeadline } from '../deadline.js';

/** What a stream's request asks with: a header as everywhere, or a ticket for a session where none can be sent. */
export interface StreamAsked {
  readonly ticket: string | undefined;
  readonly sessionId: string;
}

/** Who follows. A header counts before a ticket. */
export async function streamContextOf(
  deps: ResolverContext['deps'],
  request: FastifyRequest,
  { ticket, sessionId }: StreamAsked,
): Promise<RequestContext> {
  if (ticket === undefined || request.headers.authorization !== undefined) return contextOf(deps, request);
  return contextFor(deps, request, await withDeadline(openStreamTicket(deps, { ticket, sessionId })));
}
