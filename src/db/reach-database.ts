import { DataDirectoryInUseError } from './embedded/embedded-error.js';
import { urlOfRunning } from './embedded/running-server.js';
import { startEmbedded } from './embedded/start-embedded.js';

/** Where a tool finds the database that the servers use. */
export interface DatabasePlace {
  /** Undefined: the embedded Postgres under `dataDir`. */
  readonly url: string | undefined;
  /** Past a pooler. */
  readonly directUrl: string | undefined;
  readonly dataDir: string;
}

/** A database that a tool may use until it lets go of it. */
export interface ReachedDatabase {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/**
 * The servers' database, for a tool. A tool that `disturbsNobody` uses the embedded server of a running process along with it;
 * whatever changes the schema wants the data to itself.
 */
export async function reachDatabase(
  { url, directUrl, dataDir }: DatabasePlace,
  { disturbsNobody, log }: { readonly disturbsNobody: boolean; readonly log: (line: string) => void },
): Promise<ReachedDatabase> {
  const reached = directUrl ?? url;
  if (reached !== undefined) return { url: reached, stop: async () => undefined };
  try {
    const embedded = await startEmbedded({ dataDir, log });
    return { url: embedded.url, stop: () => embedded.stop() };
  } catch (error) {
    const isRunning = disturbsNobody && error instanceof DataDirectoryInUseError;
    const running = isRunning ? await urlOfRunning(dataDir) : undefined;
    if (running === undefined) throw error;
    return { url: running, stop: async () => undefined };
  }
}
