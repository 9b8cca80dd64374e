import type { WebSocket } from 'ws';

/** Pings that a client may leave unanswered, one after the other. */
const patience = 2;

/**
 * Pings now and then, and cuts off who does not answer any more: a connection that was lost without a word looks like one
 * on which nothing happens. To be called by a clock.
 */
export function createPulse(ws: WebSocket, everyMs: number, silent: () => void): (now: number) => void {
  // Those who connect at once must not be pinged at once.
  let nextAt = performance.now() + Math.random() * everyMs;
  let unanswered = 0;
  ws.on('pong', () => {
    unanswered = 0;
  });
  return (now) => {
    if (now < nextAt) return;
    nextAt = now + everyMs;
    if (unanswered >= patience) {
      silent();
      ws.terminate();
      return;
    }
    unanswered += 1;
    ws.ping();
  };
}
