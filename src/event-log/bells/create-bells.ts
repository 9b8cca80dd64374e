import type { Bells, BellsProbe } from './bells.js';
import { createPostgresBells } from './postgres.js';

export interface BellsOptions {
  readonly databaseUrl: string;
  /** Past a pooler; undefined: `databaseUrl` is direct, unless nothing can be prepared there. */
  readonly directUrl: string | undefined;
  readonly prepare: boolean;
  readonly probe: BellsProbe;
}

/** The bells that the configuration allows: where the only way to Postgres is a pooler, none can be heard. */
export function createBells({ databaseUrl, directUrl, prepare, probe }: BellsOptions): Bells {
  const listenUrl = directUrl ?? (prepare ? databaseUrl : undefined);
  return createPostgresBells({ url: databaseUrl, prepare, listenUrl, probe });
}
