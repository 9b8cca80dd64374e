import { createServer } from 'node:net';

/** The preferred port of 127.0.0.1 when it is free, else any free one. */
export async function findFreePort(preferred: number | undefined): Promise<number> {
  if (preferred !== undefined && (await tryListen(preferred)) === preferred) return preferred;
  const port = await tryListen(0);
  if (port === undefined) throw new Error('No free port on 127.0.0.1.');
  return port;
}

async function tryListen(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}
