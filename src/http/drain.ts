import type { FastifyInstance } from 'fastify';

/** A client that has not sent its whole request, or not read its answer, by then is cut off. */
const patienceMs = 8_000;
/** Kept-alive connections fall idle one by one, after the server has closed those that were idle when it began. */
const lookEveryMs = 50;

/** Takes no new request, finishes those under way, and ends all connections. */
export async function drainServer(app: FastifyInstance): Promise<void> {
  const look = setInterval(() => app.server.closeIdleConnections(), lookEveryMs);
  const cut = setTimeout(() => app.server.closeAllConnections(), patienceMs);
  try {
    await app.close();
  } finally {
    clearInterval(look);
    clearTimeout(cut);
  }
}
