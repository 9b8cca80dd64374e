/** A way to the test database that can be cut and mended, as a network or a stopped server would. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

export interface CuttableDatabase {
  readonly url: string;
  /** `refuse` answers nobody; `stall` takes what is sent and never answers. */
  cut(how: 'refuse' | 'stall'): void;
  mend(): void;
  stop(): Promise<void>;
}

/** Stands between a server and the database at `databaseUrl`. */
export async function cuttableDatabase(databaseUrl: string): Promise<CuttableDatabase> {
  const target = new URL(databaseUrl);
  const pairs = new Set<readonly [Socket, Socket]>();
  let state: 'open' | 'refuse' | 'stall' = 'open';
  const server: Server = createServer((near) => {
    near.on('error', () => undefined);
    if (state === 'refuse') return near.destroy();
    const far = connect(Number(target.port || 5432), target.hostname);
    const pair = [near, far] as const;
    pairs.add(pair);
    for (const socket of pair) socket.on('error', () => undefined).on('close', () => end(pair));
    if (state === 'stall') return undefined;
    near.pipe(far);
    far.pipe(near);
    return undefined;
  });
  const end = (pair: readonly [Socket, Socket]) => {
    pairs.delete(pair);
    for (const socket of pair) socket.destroy();
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  return {
    url: url.href,
    cut(how) {
      state = how;
      for (const pair of pairs) {
        if (how === 'refuse') end(pair);
        else for (const socket of pair) socket.unpipe().pause();
      }
    },
    mend() {
      state = 'open';
      for (const pair of pairs) end(pair);
    },
    async stop() {
      for (const pair of pairs) end(pair);
      server.close();
      await once(server, 'close');
    },
  };
}
