import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { unavailable } from '../domain/rejection.js';

/** How a server comes to its end without breaking what it has begun. */
export interface Drain {
  /** From now on every answer asks its client to come back on another connection. */
  start(): void;
  readonly isBegun: boolean;
  /** Takes no new connection, answers what it has read, and ends all connections. */
  finish(): Promise<void>;
}

/** After so long a request that still waits for its answer is told to come again, and a client that is slow is cut off. */
const patience = { answerMs: 1_800, cutMs: 2_000 } as const;
/** Kept-alive connections fall idle one by one, after the server has closed those that were idle when it began. */
const lookEveryMs = 50;
/** A connection on which nothing has come by then was opened in advance, and is closed like an idle one. */
const silentMs = 300;

/** To be called before the first route is mounted, so that it sees every request. */
export function mountDrain(app: FastifyInstance): Drain {
  const sockets = watchSockets(app.server);
  const unanswered = new Set<FastifyReply>();
  let isBegun = false;
  app.addHook('onRequest', (_request, reply, done) => {
    unanswered.add(reply);
    reply.raw.once('close', () => unanswered.delete(reply));
    if (isBegun) sendAway(reply);
    done();
  });
  return {
    start() {
      isBegun = true;
      for (const reply of unanswered) sendAway(reply);
    },
    get isBegun() {
      return isBegun;
    },
    async finish() {
      const began = performance.now();
      const look = setInterval(() => {
        app.server.closeIdleConnections();
        if (performance.now() - began > silentMs) closeSilent(sockets);
      }, lookEveryMs);
      const answer = setTimeout(() => tellAll(unanswered), patience.answerMs);
      const cut = setTimeout(() => sockets.forEach((socket) => socket.destroy()), patience.cutMs);
      try {
        await app.close();
      } finally {
        clearInterval(look);
        clearTimeout(answer);
        clearTimeout(cut);
      }
    },
  };
}

/** All connections, also those that have become WebSockets, which the server itself forgets. */
function watchSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

function closeSilent(sockets: ReadonlySet<Socket>): void {
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
}

/** Its answer is the last one on its connection. */
function sendAway(reply: FastifyReply): void {
  if (!reply.raw.headersSent) reply.raw.setHeader('Connection', 'close');
}

/** A request that was read whole gets an answer, whatever it waits for: to a repeat with its key another node says what came of it. */
function tellAll(unanswered: ReadonlySet<FastifyReply>): void {
  for (const reply of unanswered) {
    if (!reply.sent && !reply.raw.headersSent && reply.request.raw.complete) {
      void reply.send(unavailable('the server is shutting down'));
    }
  }
}
