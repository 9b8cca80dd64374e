import type { Feed } from '../services/follow-session.js';

/** What a subscription gives to GraphQL; who delivers by himself takes the feed out of it. */
export interface FeedIterable<Item> extends AsyncIterableIterator<Item, undefined> {
  readonly feed: Feed<Item>;
  /** An item looks the same to everybody who may see it. */
  readonly isSameForAll: boolean;
}

/** One item at a time, as GraphQL wants it. */
export function iterate<Item>(feed: Feed<Item>, { isSameForAll = false } = {}): FeedIterable<Item> {
  let items: readonly Item[] = [];
  let used = 0;
  const over = (): Promise<IteratorResult<Item, undefined>> => {
    feed.close();
    return Promise.resolve({ done: true, value: undefined });
  };
  const iterable: FeedIterable<Item> = {
    feed,
    isSameForAll,
    async next() {
      while (used >= items.length) {
        const next = await feed.next();
        if (typeof next === 'string') return over();
        items = next;
        used = 0;
      }
      const value = items[used] as Item;
      used += 1;
      return { done: false, value };
    },
    return: over,
    [Symbol.asyncIterator]: () => iterable,
  };
  return iterable;
}
