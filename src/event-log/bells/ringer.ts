import type { BellsProbe, SessionNews } from './bells.js';
import { addNews, encodeBeat, encodeRings, type WaitingNews } from './payload.js';

/** Sends what this node has to tell: one ring at a time, and what comes meanwhile goes together in the next. */
export interface Ringer {
  ring(news: SessionNews): void;
  /** Sends a ring that tells of nothing. */
  beat(): void;
  /** On the monotonic clock, in milliseconds: when the last ring went out. */
  readonly sentAt: number;
  /** Resolves when nothing waits any more. */
  whenQuiet(): Promise<void>;
}

export interface RingerOptions {
  /** This node's name in every ring. */
  readonly node: string;
  readonly send: (payload: string) => Promise<void>;
  readonly probe: BellsProbe;
  /** A ring went out whose sending began at `startedAt`. */
  readonly sent: (startedAt: number) => void;
  /** A ring did not go out. */
  readonly unsent: () => void;
}

export function createRinger({ node, send, probe, sent, unsent }: RingerOptions): Ringer {
  const waiting: WaitingNews = new Map();
  let isBeatWanted = false;
  let sentAt = Number.NEGATIVE_INFINITY;
  let flight: Promise<void> | undefined;

  const take = (): readonly string[] => {
    const payloads = encodeRings(node, waiting.values());
    const isOnlyBeat = isBeatWanted && payloads.length === 0;
    waiting.clear();
    isBeatWanted = false;
    return isOnlyBeat ? [encodeBeat(node)] : payloads;
  };

  const sendAll = async (payloads: readonly string[]): Promise<void> => {
    for (const payload of payloads) {
      const startedAt = performance.now();
      await send(payload);
      sentAt = performance.now();
      probe.rung();
      sent(startedAt);
    }
  };

  /** What cannot be sent is dropped: it would be old news by the time it could, and feeds look by themselves. */
  const fly = async (): Promise<void> => {
    // News of one batch arrive in one turn of the event loop, and go together.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.size > 0 || isBeatWanted) {
      try {
        await sendAll(take());
      } catch (error) {
        probe.failed(error);
        unsent();
      }
    }
    flight = undefined;
  };
  const start = (): void => {
    flight ??= fly();
  };

  return {
    ring(news) {
      addNews(waiting, news);
      start();
    },
    beat() {
      isBeatWanted = true;
      start();
    },
    get sentAt() {
      return sentAt;
    },
    whenQuiet: () => flight ?? Promise.resolve(),
  };
}
