import { type IncomingMessage, request } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** What belongs to one connection, and not to the message. */
const hopHeaders = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'proxy-connection', 'te', 'trailer'];

/** Passes everything below `/demo/gateway` on to the process that plays the providers for all processes of this server. */
export function forwardSimulator(server: FastifyInstance, base: string): void {
  void server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, body, done) => done(null, body));
    const handler = (request: FastifyRequest, reply: FastifyReply) => forward(request, reply, base);
    for (const url of ['/demo/gateway', '/demo/gateway/*']) scope.route({ method: ['GET', 'POST'], url, handler });
  });
}

async function forward({ raw, id }: FastifyRequest, reply: FastifyReply, base: string): Promise<FastifyReply> {
  try {
    const answer = await ask(`${base}${raw.url}`, raw, id);
    return await reply
      .status(answer.statusCode ?? 502)
      .headers(ofMessage(answer.headers))
      .send(answer);
  } catch {
    const detail = 'the simulated payment providers do not answer';
    return reply.status(502).type('application/problem+json').send({ status: 502, detail });
  }
}

function ask(url: string, raw: IncomingMessage, id: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { ...ofMessage(raw.headers), 'x-request-id': id };
    const passed = request(url, { method: raw.method, headers }, resolve);
    passed.on('error', reject);
    raw.pipe(passed);
  });
}

function ofMessage(headers: IncomingMessage['headers']): IncomingMessage['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopHeaders.includes(name)));
}
