import type { AddressInfo } from 'node:net';
import type { FastifyBaseLogger } from 'fastify';
import { openCrew } from './cluster-crew.js';
import type { WorkerPlan } from './cluster-messages.js';
import { type Config, publicUrlFor } from './config.js';
import { addressOf, findPort } from './http/listen.js';
import { createServer } from './http/server.js';
import type { Ground } from './prepare-database.js';
import type { Shutdown } from './shutdown.js';
import { mountSimulator } from './simulator/mount.js';
import { simulatorOptions } from './wire-payments.js';

export interface ClusterOptions extends Ground {
  readonly config: Config;
  readonly log: FastifyBaseLogger;
  /** What cannot be mended by another try ends everything. */
  readonly giveUp: (error: Error) => void;
}

/**
 * As many processes as WEB_CONCURRENCY says, all on one port. This one hands out the connections and keeps the others
 * alive; they do the work, and know no more of each other than nodes on different machines do.
 */
export async function startCluster(
  options: ClusterOptions,
  shutdown: Shutdown,
): Promise<{ readonly address: string; readonly publicUrl: string }> {
  const { config, log, databaseUrl, authSecret, giveUp } = options;
  const port = await findPort(config.http);
  const address = addressOf(config.http.host, port);
  const publicUrl = publicUrlFor(config.http, port);
  const simulator = config.demo ? await hostSimulator(config, { address, publicUrl, log }) : undefined;
  if (simulator) shutdown.add(simulator.close);
  const plan: WorkerPlan = { databaseUrl, authSecret, port, simulator: simulator?.url };
  const crew = openCrew({ size: config.webConcurrency, plan, log, giveUp });
  shutdown.add(crew.stop);
  await crew.ready;
  return { address, publicUrl };
}

interface Place {
  readonly address: string;
  readonly publicUrl: string;
  readonly log: FastifyBaseLogger;
}

/** The demo's payment providers keep their books in memory, so they are played here, once for all workers. */
async function hostSimulator(config: Config, { address, publicUrl, log }: Place) {
  const loopback = { host: '127.0.0.1', port: 0 };
  const server = await createServer(config.http, log);
  const { close } = mountSimulator(
    server,
    simulatorOptions({ config, address: () => address, publicUrl: () => publicUrl, log }),
  );
  await server.listen({ ...loopback, listenTextResolver: (at) => `the demo's payment providers are played at ${at}` });
  const { port } = server.server.address() as AddressInfo;
  return {
    url: addressOf(loopback.host, port),
    close: async () => {
      close();
      server.server.closeAllConnections();
      await server.close();
    },
  };
}
