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
export interface Waiting {
  /** Resolves when something may be new. */
  readonly pause: () => Promise<void>;
  readonly wake: () => void;
}

/** A place to wait that leaves nothing behind: neither a timer nor a reaction on a promise that others share. */
export function createWaiting(): Waiting {
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
