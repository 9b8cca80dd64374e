import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RestRequest } from '../rest/request-variables.js';
import { isStreamed, type RestRoute, type StreamedRoute } from '../rest/route.js';
import { prepareRoute, type RestResponse } from '../rest/run-route.js';
import { restRoutes } from '../rest/routes.js';
import { sseHandler, type SseOptions } from './live/sse-route.js';
import { streamContextOf } from './live/stream-context.js';
import { refuseOtherMethods } from './refuse-methods.js';

/** Mounts the REST face: every route of the table, and 405 for the other methods of its path. */
export function mountRest(app: FastifyInstance, options: SseOptions): void {
  for (const route of restRoutes) {
    if (isStreamed(route)) mountStream(app, route, options);
    else mountAnswer(app, route, options);
  }
  for (const path of new Set(restRoutes.map((route) => route.path))) {
    const allowed = restRoutes.filter((route) => route.path === path).map(({ method }) => method);
    refuseOtherMethods(app, fastifyPath(path), allowed);
  }
}

function mountAnswer(app: FastifyInstance, route: RestRoute, { schema, documents, deps }: SseOptions): void {
  const run = prepareRoute(schema, documents, route);
  app.route({
    method: route.method,
    url: fastifyPath(route.path),
    ...(route.bodyLimit !== undefined && { bodyLimit: route.bodyLimit }),
    handler: async (request, reply) => {
      const asked = restRequest(request);
      const ticket = route.takesTicket ? asked.query.ticket : undefined;
      const context = await streamContextOf(deps, request, { ticket, sessionId: asked.path.session_id ?? '' });
      return send(request, reply, await run(asked, context));
    },
  });
}

function mountStream(app: FastifyInstance, route: StreamedRoute, options: SseOptions): void {
  const stream = sseHandler(route, options);
  app.route({
    method: ['GET', 'HEAD'],
    url: fastifyPath(route.path),
    handler: (request, reply) => stream({ request, reply }, restRequest(request)),
  });
}

function send(request: FastifyRequest, reply: FastifyReply, { status, headers, body }: RestResponse): FastifyReply {
  reply.headers(headers);
  if (headers.ETag !== undefined && isKnown(request.headers['if-none-match'], headers.ETag))
    return reply.status(304).send();
  return reply.status(status).send(body);
}

/** Weak comparison, as RFC 9110 asks for GET. */
function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}

function restRequest(request: FastifyRequest): RestRequest {
  return {
    path: request.params as RestRequest['path'],
    query: firstOfEach(request.query as Record<string, string | string[]>),
    headers: firstOfEach(request.headers),
    body: request.body,
  };
}

function firstOfEach(values: Record<string, string | string[] | undefined>): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}

/** `{name}` of the contract is `:name` of the router. */
function fastifyPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}
