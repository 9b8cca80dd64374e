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
    const reason = reasons[error instanceof Error && 'code' in error ? String(error.code) : ''];
    throw reason ? new ListenError(reason(host, port), { cause: error }) : error;
  }
}

const reasons: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (host, port) => `PORT: ${port} at ${host} is taken by another program; example: PORT=${port + 1}`,
  EACCES: (host, port) => `PORT: this user may not listen on ${port} at ${host}; example: PORT=8080`,
  EADDRNOTAVAIL: (host) => `HOST: ${host} is no address of this machine; example: HOST=0.0.0.0`,
  ENOTFOUND: (host) => `HOST: ${host} is no name that this machine knows; example: HOST=0.0.0.0`,
};
