/** What the subscribers of all four kinds have in common: they write down what comes, and go on from there. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Entry } from './live-history.js';

export type LiveKind = 'websocket' | 'sse' | 'long poll' | 'cursor';

/** Where a subscriber reads, and as whom. */
export interface LivePlace {
  readonly address: string;
  readonly sessionId: string;
  readonly token: string;
  /** Begins behind this seq. */
  readonly after: number;
  /** Most events of one page, for those who ask for pages. */
  readonly limit: number;
}

export interface Receipt extends Entry {
  readonly type: string;
  /** On the monotonic clock, in milliseconds. */
  readonly at: number;
}

export interface LiveSubscriber {
  readonly kind: LiveKind;
  readonly place: LivePlace;
  /** When it began, on the monotonic clock, in milliseconds. */
  readonly since: number;
  /** All that came, in order, over all connections. */
  readonly received: readonly Receipt[];
  /** Connections and requests that ended without a word, though nobody cut them. */
  readonly losses: number;
  /** Pages that came empty although the session went on: for who asked the server to wait for news. */
  readonly empties: number;
  /** Destroys what connects it to the server just now; it begins anew behind the last event that it has. */
  readonly cut: () => void;
  stop(): void;
  /** Resolves when the server has said that nothing more comes, or after `stop`; rejects at an answer that must not be. */
  readonly ended: Promise<void>;
}

/**
 * What became of a connection: the server said `over`; it ended it in order (`finished`), which another try must confirm;
 * there is `more` to ask for, or nothing yet (`empty`); or it was `lost`.
 */
export type Outcome = 'over' | 'finished' | 'more' | 'empty' | 'lost';

export interface Connection {
  readonly outcome: Promise<Outcome>;
  readonly cut: () => void;
}

/** Makes one connection that gives what is behind the seq. */
export type Connect = (position: number, receive: (event: Omit<Receipt, 'at'>) => void) => Connection;

/** Connects again and again until nothing more comes. */
export function createSubscriber(kind: LiveKind, place: LivePlace, connect: Connect): LiveSubscriber {
  const received: Receipt[] = [];
  let [losses, empties] = [0, 0];
  let isStopped = false;
  let cutNow = (): void => undefined;

  const once = async (): Promise<{ outcome: Outcome; isCut: boolean }> => {
    let isCut = false;
    const position = received.at(-1)?.seq ?? place.after;
    const connection = connect(position, (event) => {
      if (!isCut) received.push({ ...event, at: performance.now() });
    });
    cutNow = () => {
      isCut = true;
      connection.cut();
    };
    return { outcome: await connection.outcome, isCut };
  };

  const run = async (): Promise<void> => {
    let isFinished = false;
    while (!isStopped) {
      const { outcome, isCut } = await once();
      if (isStopped || outcome === 'over') return;
      if (isCut) continue;
      // A stream that ends must be over; else it has dropped its reader.
      if (outcome === 'lost' || isFinished) losses += 1;
      isFinished = outcome === 'finished';
      if (outcome === 'empty') empties += 1;
      if (outcome === 'lost') await pause(50);
    }
  };

  const ended = run();
  // Whoever waits for it is told; until then it must not end the process.
  ended.catch(() => undefined);
  return {
    kind,
    place,
    since: performance.now(),
    received,
    get losses() {
      return losses;
    },
    get empties() {
      return empties;
    },
    cut: () => cutNow(),
    stop() {
      isStopped = true;
      cutNow();
    },
    ended,
  };
}
