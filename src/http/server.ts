import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import Fastify, {
  type FastifyServerOptions,
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { HttpConfig } from '../config.js';
import { Rejection } from '../domain/rejection.js';
import { errorHeaders, problemOf, publicError } from './errors.js';
import { UnknownDocument } from './graphql-errors.js';
import { isTold } from './told-errors.js';

/** Largest request body, in bytes. */
const bodyLimit = 100_000;

/** The bare HTTP server: ids, bodies, headers, and errors as problem+json. Routes are mounted on it. */
export async function createServer(config: HttpConfig, log: FastifyBaseLogger): Promise<FastifyInstance> {
  const options: FastifyServerOptions<Server> = {
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit,
    trustProxy: trustProxy(config.trustProxy),
    requestIdHeader: false,
    genReqId: (request) => requestId(request.headers['x-request-id']),
    forceCloseConnections: 'idle',
    // A request that was read before its connection is closed is served like any other.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 200 },
  };
  const app = Fastify(options);
  readJsonOnly(app);
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('X-Request-Id', request.id);
    done();
  });
  app.setErrorHandler((error, request, reply) => {
    sendError(error, { request, reply });
  });
  app.setNotFoundHandler((request) => {
    throw new Rejection('NOT_FOUND', `there is no route ${request.method} ${request.url.split('?')[0]}`);
  });
  await app.register(helmet, { contentSecurityPolicy: false, crossOriginEmbedderPolicy: false });
  await app.register(cors, {
    origin: config.corsOrigins === '*' ? '*' : [...config.corsOrigins],
    methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    exposedHeaders: ['ETag', 'Idempotency-Replayed', 'Next-Cursor', 'Retry-After', 'X-Request-Id'],
  });
  return app;
}

/** A number means so many hops; the others are as Fastify takes them. */
function trustProxy(trusted: HttpConfig['trustProxy']): NonNullable<FastifyServerOptions['trustProxy']> {
  if (typeof trusted === 'number') return (_address, hop) => hop < trusted;
  return typeof trusted === 'boolean' ? trusted : [...trusted];
}

/** The caller's id, if it sent a sane one. */
function requestId(given: string | string[] | undefined): string {
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}

/** JSON only; no body at all is fine, and `__proto__` is refused. */
function readJsonOnly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else void parse(request, body as string, done);
  });
}

function sendError(error: unknown, { request, reply }: { request: FastifyRequest; reply: FastifyReply }): void {
  if (error instanceof UnknownDocument) {
    void reply.status(error.status).send({ errors: [{ message: error.message, extensions: { code: error.code } }] });
    return;
  }
  const known = publicError(error, request.id);
  if (known.isOurs && !isTold(error)) request.log.error({ err: error, code: known.code }, 'request failed');
  void reply.status(known.status).headers(errorHeaders(known)).type('application/problem+json').send(problemOf(known));
}
