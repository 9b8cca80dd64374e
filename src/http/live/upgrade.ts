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
  /** The one place where WebSockets are. */
  readonly path: string;
  /** Throws a Rejection, which is answered as over HTTP, when the request is not let in. */
  readonly check: (request: FastifyRequest) => void;
  readonly take: (upgrade: Upgrade) => void;
}

/**
 * Upgrades go through Fastify like any request, so that ids, the caller's address behind a proxy, and refusals are the same.
 */
export function catchUpgrades(app: FastifyInstance, { path, check, take }: UpgradeHandlers): void {
  const caught = new WeakMap<IncomingMessage, Omit<Upgrade, 'request'>>();
  app.server.on('upgrade', (raw: IncomingMessage, socket: Socket, head: Buffer) => {
    const isOurs = raw.method === 'GET' && raw.url?.split('?')[0] === path;
    if (!isOurs || raw.headers.upgrade?.toLowerCase() !== 'websocket') {
      handBack(app, raw, { socket, head });
      return;
    }
    socket.on('error', () => socket.destroy());
    const response = new ServerResponse(raw);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    // A refusal is the last thing on its connection, whether or not the client ends it too.
    response.once('finish', () => socket.destroySoon());
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
    const { raw: response } = reply.hijack();
    response.detachSocket(upgrade.socket as Socket);
    // Whoever waits for the end of this answer: there will be none.
    response.emit('close');
    take({ request, ...upgrade });
  });
}

/**
 * Some clients offer HTTP/2 with a first request, some ask for sockets where there are none. A server may ignore that, but
 * Node reads nothing more of a request that asks for any upgrade, so it is read anew without that wish.
 */
function handBack(app: FastifyInstance, raw: IncomingMessage, { socket, head }: Omit<Upgrade, 'request'>): void {
  const lines = [`${raw.method} ${raw.url} HTTP/${raw.httpVersion}`];
  for (let index = 0; index < raw.rawHeaders.length; index += 2) {
    const [name = '', value = ''] = raw.rawHeaders.slice(index, index + 2);
    if (!/^(connection|upgrade|http2-settings)$/i.test(name)) lines.push(`${name}: ${value}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  app.server.emit('connection', socket);
}
