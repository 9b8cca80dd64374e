/**
 * Why a feed gives nothing more: what it follows is `over`, its reader was `removed` from it, it was `closed` by its owner,
 * or the server is `draining` and the reader goes on at another node.
 */
export type FeedEnd = 'over' | 'removed' | 'closed' | 'draining';

/**
 * One reader's way through a log: first what is already there, then what comes, in order, without a gap and without a
 * repeat. It holds a position and no queue: a slow reader costs no more than a quick one.
 */
export interface Feed<Item> {
  /** The next items, at least one; or why there are none any more. One call at a time. */
  next(): Promise<readonly Item[] | FeedEnd>;
  /** Lets go; a call of `next` that waits gets `closed`. */
  close(): void;
}

/** Whoever waits for something new at one place: woken by the place, or ended. */
interface Waiting {
  /** Resolves when something may be new. */
  readonly pause: () => Promise<void>;
  readonly wake: () => void;
}

/** A place to wait that leaves nothing behind: neither a timer nor a reaction on a promise that others share. */
function createWaiting(): Waiting {
  let waiter: (() => void) | undefined;
  let isWoken = false;
  return {
    pause: () =>
      new Promise((resolve) => {
        if (!isWoken) {
          waiter = resolve;
          return;
        }
        isWoken = false;
        resolve();
      }),
    wake() {
      const resolve = waiter;
      waiter = undefined;
      if (resolve) resolve();
      else isWoken = true;
    },
  };
}

/** A feed as the place that it follows sees it. */
export interface OpenFeed<Item> extends Feed<Item> {
  wake(): void;
  end(why: FeedEnd): void;
}

/** How one reader goes through what it follows. */
export interface Reading<Item> {
  /** What stands behind the reader, as far as it can be had now. */
  readonly look: () => readonly Item[] | Promise<readonly Item[]>;
  /** Moves the reader behind these items, and gives those of them that it may see. */
  readonly pass: (items: readonly Item[]) => readonly Item[];
  /** Nothing can come any more. */
  readonly isOver: () => boolean;
}

/** A feed that looks, and waits where there is nothing. `release` is called once, when nobody reads any more. */
export function createFeed<Item>({ look, pass, isOver }: Reading<Item>, release: () => void): OpenFeed<Item> {
  let ended: FeedEnd | undefined;
  const waiting = createWaiting();
  const end = (why: FeedEnd): void => {
    if (ended !== undefined) return;
    ended = why;
    release();
    waiting.wake();
  };
  return {
    async next() {
      for (;;) {
        if (ended !== undefined) return ended;
        const seen = look();
        // Most readers find in memory what they were woken for, and need no further turn for it.
        const items = seen instanceof Promise ? await seen : seen;
        if (items.length > 0 && !isGone(ended)) return pass(items);
        if (isOver()) end('over');
        else await waiting.pause();
      }
    },
    close: () => end('closed'),
    wake: waiting.wake,
    end,
  };
}

/** Gone while the log was being read; a server that drains still gives what was read. */
function isGone(ended: FeedEnd | undefined): boolean {
  return ended !== undefined && ended !== 'draining';
}
