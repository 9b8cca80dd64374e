import type { ServerResponse } from 'node:http';
import type { Outlet } from './pump.js';

/** An open response of Server-Sent Events. */
export interface SseOutlet extends Outlet {
  /** Says a line that no client shows, unless the client is behind anyway. */
  readonly beat: () => void;
  /** Says the last words; a client that does not take them in time is cut off as well. */
  readonly end: (words: string) => void;
}

/** A comment: readers skip it. */
const heartbeat = Buffer.from(':\n\n');

/** Writes into a response whose head is out. A client that takes nothing for `patienceMs` is `dropped`. */
export function createSseOutlet(response: ServerResponse, patienceMs: number, dropped: () => void): SseOutlet {
  let behind: Promise<void> | undefined;
  const isOpen = () => !response.destroyed && !response.writableEnded;
  const patience = () =>
    setTimeout(() => {
      dropped();
      response.destroy();
    }, patienceMs);
  const caughtUp = () =>
    new Promise<void>((resolve) => {
      const timer = patience();
      const done = () => {
        clearTimeout(timer);
        response.off('drain', done).off('close', done);
        behind = undefined;
        resolve();
      };
      response.once('drain', done).once('close', done);
    });
  return {
    isOpen,
    write(message) {
      if (!isOpen() || response.write(message)) return undefined;
      behind ??= caughtUp();
      return behind;
    },
    beat() {
      if (isOpen() && !behind && !response.write(heartbeat)) behind = caughtUp();
    },
    end(words) {
      if (!isOpen()) return;
      const timer = patience();
      response.once('close', () => clearTimeout(timer));
      response.end(words);
    },
  };
}
