import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** A connection that a client wants to go on with in WebSocket frames. */
export interface Upgrade {
  readonly request: FastifyRequest;
  readonly socket: Duplex;
  /** Bytes that came behind the request. */
  readonly head: Buffer;
}

export interface UpgradeHandlers {
  /** Throws a Rejection, which is answered as over HTTP, when the request is not let in. */
  readonly check: (request: FastifyRequest) => void;
  readonly take: (upgrade: Upgrade) => void;
}

/**
 * Upgrades go through Fastify like any request, so that ids, the caller's address behind a proxy, and refusals are the same.
 */
export function catchUpgrades(app: FastifyInstance, { check, take }: UpgradeHandlers): void {
  const caught = new WeakMap<IncomingMessage, { readonly socket: Duplex; readonly head: Buffer }>();
  app.server.on('upgrade', (raw: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (raw.headers.upgrade?.toLowerCase() !== 'websocket') {
      handBack(app, { raw, socket, head });
      return;
    }
    socket.on('error', () => socket.destroy());
    const response = new ServerResponse(raw);
    response.shouldKeepAlive = false;
    response.assignSocket(socket as Socket);
    response.once('finish', () => (socket as Socket).destroySoon());
    caught.set(raw, { socket, head });
    app.routing(raw, response);
  });
  app.addHook('onRequest', (request, reply, done) => {
    const upgrade = caught.get(request.raw);
    if (!upgrade) {
      done();
      return;
    }
    check(request);
    reply.hijack();
    reply.raw.removeAllListeners('finish');
    reply.raw.detachSocket(upgrade.socket as Socket);
    take({ request, ...upgrade });
  });
}

/**
 * Some clients offer HTTP/2 with a first request. Node drops the rest of a request that asks for any upgrade, so it is read
 * anew without that wish, which a server may ignore.
 */
function handBack(app: FastifyInstance, { raw, socket, head }: { raw: IncomingMessage; socket: Duplex; head: Buffer }) {
  const lines = [`${raw.method} ${raw.url} HTTP/${raw.httpVersion}`];
  for (let index = 0; index < raw.rawHeaders.length; index += 2) {
    const [name = '', value = ''] = raw.rawHeaders.slice(index, index + 2);
    if (!/^(connection|upgrade|http2-settings)$/i.test(name)) lines.push(`${name}: ${value}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  app.server.emit('connection', socket);
}
