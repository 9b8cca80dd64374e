import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { locatePackage, prepareBinaries } from './binaries.js';
import { moveWithinReach, openHome } from './data-home.js';
import { EmbeddedDatabaseError } from './embedded-error.js';
import { DATABASE, ensureDatabase } from './ensure-database.js';
import { findFreePort } from './free-port.js';
import { ensureCluster, ROLE } from './init-cluster.js';
import { endOrphan } from './orphan-server.js';
import { claimOwnership, releaseOwnership } from './owner-file.js';
import { launchServer, type ServerPlan, type ServerProcess } from './server-process.js';
import { chooseServerUser } from './server-user.js';

export interface EmbeddedOptions {
  readonly dataDir: string;
  readonly log: (line: string) => void;
  /** Preferred port; a taken one is replaced by a free one. Default: the one of the last run. */
  readonly port?: number;
  /** Extra server settings, e.g. { fsync: 'off' } for tests. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  /** Of the database `qr_session`, with its password. */
  readonly url: string;
  /** Fast shutdown; resolves when the server is gone and the directory is free. Idempotent. */
  stop(): Promise<void>;
}

const RETRY_MS = 10_000;
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '128MB',
  synchronous_commit: 'on',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
};

/**
 * Starts the Postgres server from the npm package on the data under `dataDir`, creating it the first time. Whatever an
 * earlier run left behind (a killed owner, an orphan server, half an initialisation) is put in order first.
 * Throws EmbeddedDatabaseError with a plain message; DataDirectoryInUseError when another process runs on this data.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const firstHome = await openHome(options.dataDir);
  await claimOwnership(firstHome, options.dataDir);
  let home = firstHome;
  try {
    const user = await chooseServerUser(join(home, 'data'));
    await endOrphan(join(home, 'data'), user, options.log);
    home = await moveWithinReach(home, options.dataDir, user);
    if (home !== firstHome) options.log(`the database lies in ${home}: the user ${user.name} cannot reach DATA_DIR`);
    const binaries = await prepareBinaries(await locatePackage(), user, home);
    const settings = { ...SETTINGS, ...options.settings };
    const durable = options.settings?.['fsync'] !== 'off';
    const password = await ensureCluster({ home, user, binaries, durable });
    const { server, port } = await startServer({ home, user, binaries, settings }, options);
    const url = `postgres://${ROLE}:${password}@127.0.0.1:${port}/${DATABASE}`;
    await ensureDatabase(url).catch(async (error: unknown) => {
      await server.stop();
      throw error;
    });
    return running(url, server, { home, log: options.log });
  } catch (error) {
    await releaseOwnership(home);
    throw error;
  }
}

function running(
  url: string,
  server: ServerProcess,
  place: { readonly home: string; readonly log: (line: string) => void },
): EmbeddedPostgres {
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await server.stop();
    await releaseOwnership(place.home);
  };
  void server.gone.then(() => {
    if (stopped === undefined)
      place.log(`the database server ended unexpectedly: see ${join(place.home, 'server.log')}`);
  });
  return { url, stop: () => (stopped ??= stop()) };
}

async function startServer(
  plan: ServerPlan,
  options: EmbeddedOptions,
): Promise<{ readonly server: ServerProcess; readonly port: number }> {
  const portFile = join(plan.home, 'port');
  const preferred = options.port ?? (Number(await readFile(portFile, 'utf8').catch(() => '')) || undefined);
  const deadline = Date.now() + RETRY_MS;
  for (;;) {
    const port = await findFreePort(preferred);
    const result = await launchServer({ ...plan, settings: { ...plan.settings, port: String(port) } });
    if (result.state === 'ready') {
      await writeFile(portFile, `${port}\n`);
      if (options.port !== undefined && options.port !== port) {
        options.log(`port ${options.port} is taken: the database listens on ${port}`);
      }
      return { server: result.server, port };
    }
    if (!mayPass(result.log) || Date.now() > deadline) throw failedStart(plan.home, result.log);
    // An orphan that was still starting when we looked first has its lock file by now.
    await endOrphan(join(plan.home, 'data'), plan.user, options.log);
    await pause(100);
  }
}

/** Faults that go away: backends of a killed server that still end, and a port that was taken since we looked. */
function mayPass(log: string): boolean {
  return /lock file "postmaster\.pid"|pre-existing shared memory block|could not bind|could not create any TCP/.test(
    log,
  );
}

function failedStart(home: string, log: string): EmbeddedDatabaseError {
  const reason = log.split('\n').find((line) => /FATAL|PANIC/.test(line)) ?? log.trim().split('\n').at(-1);
  return new EmbeddedDatabaseError(`The database server did not start: ${reason} (see ${join(home, 'server.log')})`);
}
