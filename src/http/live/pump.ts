import type { Feed, FeedEnd } from '../../services/follow-session.js';

/** Where a subscriber's messages go. */
export interface Outlet {
  /** False once nobody takes messages there any more. */
  readonly isOpen: () => boolean;
  /** Sends; the promise, if there is one, resolves when the client has caught up enough to be sent more. */
  write(message: Buffer): Promise<void> | undefined;
}

/** Turns an item into the bytes that all who asked the same way get. */
export type Render = (item: object) => Buffer | Promise<Buffer>;

/**
 * Carries a feed to an outlet until one of the two ends. A client that does not keep up makes only its own feed wait, which
 * meanwhile holds nothing but its position.
 */
export async function pump(feed: Feed<object>, render: Render, outlet: Outlet): Promise<FeedEnd> {
  try {
    for (;;) {
      const items = await feed.next();
      if (typeof items === 'string') return items;
      for (const item of items) {
        const message = render(item);
        const isFull = outlet.write(message instanceof Promise ? await message : message);
        if (isFull) await isFull;
        if (!outlet.isOpen()) return 'closed';
      }
    }
  } finally {
    feed.close();
  }
}
