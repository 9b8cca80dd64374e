import type { ServerResponse } from 'node:http';
import type { FastifyBaseLogger } from 'fastify';
import type { Feed, FeedEnd } from '../../services/follow-session.js';
import type { LiveMetrics } from '../metrics.js';
import { pump, type Render } from './pump.js';
import { retryDelay } from './retry-delay.js';
import { createHeartbeat } from './sse-heartbeat.js';
import { createSseOutlet } from './sse-outlet.js';

export interface SseLimits {
  /** How long a client may take nothing of what was sent, in milliseconds. */
  readonly patienceMs: number;
  /** How long a server that stops waits for clients to take the last words, in milliseconds. */
  readonly drainMs: number;
  /** Between two comments on one quiet stream, in milliseconds. */
  readonly beatMs: number;
}

/** What goes out on one response, and what ends with it. */
export interface Delivery {
  readonly feed: Feed<object>;
  readonly render: Render;
  readonly stops: readonly (() => void)[];
  readonly log: FastifyBaseLogger;
}

/** All open responses of this server. */
export interface SseStreams {
  /** Streams into a response whose head is written, until the feed ends or the client is gone. */
  deliver(response: ServerResponse, delivery: Delivery): void;
  /** Once the feeds have ended: resolves when every response has; clients that take nothing are cut off. */
  drain(): Promise<void>;
}

/** A client that is cut off comes back after this time, in milliseconds. */
const retryMs = 2_000;
const greeting = Buffer.from(`: events follow\nretry: ${retryMs}\n\n`);

export function createSseStreams(metrics: Pick<LiveMetrics, 'dropped'>, wanted: Partial<SseLimits> = {}): SseStreams {
  const limits: SseLimits = { patienceMs: 30_000, drainMs: 2_000, beatMs: 15_000, ...wanted };
  const heartbeat = createHeartbeat(limits.beatMs);
  const open = new Map<ServerResponse, Promise<void>>();
  return {
    deliver(response, { feed, render, stops, log }) {
      const outlet = createSseOutlet(response, limits.patienceMs, () => metrics.dropped('sse', 'slow'));
      const unjoin = heartbeat.join(outlet.beat);
      const gone = goneOf(response).then(() => {
        open.delete(response);
        unjoin();
        for (const stop of stops) stop();
      });
      open.set(response, gone);
      const started = performance.now();
      void outlet.write(greeting);
      pump(feed, render, outlet).then(
        (end) => {
          log.info({ end: response.destroyed ? 'gone' : end, ms: Math.round(performance.now() - started) }, 'stream');
          outlet.end(lastWords(end));
        },
        (error: unknown) => {
          log.error({ err: error }, 'a stream broke');
          response.destroy();
        },
      );
    },
    async drain() {
      const cut = setTimeout(() => {
        for (const response of open.keys()) response.destroy();
      }, limits.drainMs);
      await Promise.all(open.values());
      clearTimeout(cut);
    },
  };
}

/** Resolves when nothing goes out any more; perhaps the client went while its right to be here was looked at. */
function goneOf(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed) resolve();
    else response.once('close', resolve);
  });
}

function lastWords(end: FeedEnd): string {
  return end === 'draining' ? `retry: ${retryDelay()}\n\n` : '';
}
