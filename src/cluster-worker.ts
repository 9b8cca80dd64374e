import type { FastifyBaseLogger } from 'fastify';
import { lingerMs, startApp } from './app.js';
import type { Line } from './cluster-line.js';
import { tellFirst } from './cluster-messages.js';
import type { Config } from './config.js';
import type { Shutdown } from './shutdown.js';

interface WorkerOptions {
  readonly config: Config;
  readonly log: FastifyBaseLogger;
  readonly shutdown: Shutdown;
  /** To the first process. */
  readonly line: Line;
}

/** One of several processes on one port: serves like a node of its own. */
export async function runWorker({ config, log, shutdown, line }: WorkerOptions): Promise<void> {
  shutdown.add(line.tellFigures);
  const { databaseUrl, authSecret, port, simulator } = await line.plan;
  const http = { ...config.http, port };
  const fellows = { simulator, join: line.join };
  const app = await startApp({ config: { ...config, http }, databaseUrl, authSecret, log, fellows });
  shutdown.add(() => app.close(lingerMs));
  await tellFirst({ kind: 'ready' });
}
