import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeData } from '../src/db/embedded/data-home.js';
import { startEmbedded } from '../src/db/embedded/start-embedded.js';
import { migrateUp } from '../src/db/migrate.js';

/** The database of this url, which has the project's tables, or a new embedded one with its usual, durable settings. */
export async function openDatabase(url: string | undefined): Promise<{ url: string; stop(): Promise<void> }> {
  if (url) return { url, stop: async () => undefined };
  const dataDir = await mkdtemp(join(tmpdir(), 'qr-session-bench-'));
  const server = await startEmbedded({ dataDir, log: () => undefined });
  await migrateUp(server.url, { log: () => undefined });
  return { url: server.url, stop: () => server.stop().finally(() => removeData(dataDir)) };
}
