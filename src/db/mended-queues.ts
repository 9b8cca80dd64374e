import type { Sql } from 'postgres';

/** Where the driver keeps its connections, by what they do: idle, busy and so on. */
interface Queue {
  readonly length: number;
  push(connection: object): object;
  shift(): object | undefined;
  remove(connection: object): object | null;
}

const everyMs = 10_000;

/**
 * The driver (3.4.9) takes connections by turns from lists that it begins anew only when it takes the last one. While some
 * are left idle, or all are busy, a list grows by 8 bytes with each statement, and each statement searches all of it: after
 * 300,000 they cost twice the time. So its lists are exchanged, as they are met. The answer ends that.
 */
export function mendQueues(pools: readonly Sql[]): () => void {
  const underWay = new Set<Sql>();
  const timer = setInterval(() => {
    for (const pool of pools) {
      if (underWay.has(pool)) continue;
      underWay.add(pool);
      // Where the database is away, a later round meets them.
      void mendQueuesOf(pool)
        .catch(() => undefined)
        .finally(() => underWay.delete(pool));
    }
  }, everyMs).unref();
  return () => clearInterval(timer);
}

/** A statement shows the list from which its connection came, the one where it is meanwhile, and the one behind it. */
export async function mendQueuesOf(pool: Sql): Promise<void> {
  let mend = (): void => undefined;
  const onexecute = (connection: { readonly queue?: Queue }): true => {
    mend = () => mendQueue(connection.queue);
    mend();
    queueMicrotask(mend);
    return true;
  };
  // Not among the driver's public options: its transactions learn their connection that way.
  await pool.unsafe('SELECT 1', [], { onexecute } as object);
  mend();
}

const mended = new WeakSet<Queue>();

/** Has the queue do the same as before with a list that holds nothing but what is in it. */
function mendQueue(queue: Queue | undefined): void {
  if (!queue || mended.has(queue)) return;
  mended.add(queue);
  const items: object[] = [];
  while (queue.length > 0) items.push(queue.shift() as object);
  Object.defineProperty(queue, 'length', { get: () => items.length });
  const better: Omit<Queue, 'length'> = {
    push(connection) {
      items.push(connection);
      return connection;
    },
    shift: () => items.shift(),
    remove(connection) {
      const at = items.indexOf(connection);
      if (at < 0) return null;
      items.splice(at, 1);
      return connection;
    },
  };
  Object.assign(queue, better);
}
