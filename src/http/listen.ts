import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { HttpConfig } from '../config.js';

/** The server cannot listen where it was told to; the message is one line for the person at the terminal. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** Listens where the configuration says. */
export async function listen(app: FastifyInstance, { host, port }: HttpConfig): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw explain(error, host, port);
  }
}

/** The port that several processes are to listen on together: the configured one if it is free, or any free one. */
export async function findPort({ host, port }: HttpConfig): Promise<number> {
  const probe = createServer();
  try {
    await once(probe.listen({ host, port }), 'listening');
    return (probe.address() as AddressInfo).port;
  } catch (error) {
    throw explain(error, host, port);
  } finally {
    probe.close();
  }
}

/** How this machine reaches what listens there. A host that listens everywhere is reached on the loopback. */
export function addressOf(host: string, port: number): string {
  const reachable = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

function explain(error: unknown, host: string, port: number): unknown {
  const reason = reasons[error instanceof Error && 'code' in error ? String(error.code) : ''];
  return reason ? new ListenError(reason(host, port), { cause: error }) : error;
}

const reasons: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (host, port) => `PORT: ${port} at ${host} is taken by another program; example: PORT=${port + 1}`,
  EACCES: (host, port) => `PORT: this user may not listen on ${port} at ${host}; example: PORT=8080`,
  EADDRNOTAVAIL: (host) => `HOST: ${host} is no address of this machine; example: HOST=0.0.0.0`,
  ENOTFOUND: (host) => `HOST: ${host} is no name that this machine knows; example: HOST=0.0.0.0`,
};
