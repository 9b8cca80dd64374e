import type { Bells, BellsProbe } from './bells.js';
import { createPostgresBells } from './postgres.js';
import { createRedisBells } from './redis.js';

export interface BellsOptions {
  readonly databaseUrl: string;
  /** Past a pooler; undefined: `databaseUrl` is direct, unless nothing can be prepared there. */
  readonly directUrl: string | undefined;
  readonly prepare: boolean;
  /** Undefined: bells go through Postgres. */
  readonly redisUrl: string | undefined;
  readonly probe: BellsProbe;
}

/** The bells that the configuration allows: where a pooler is the only way to Postgres, none can be heard through it. */
export function createBells({ databaseUrl, directUrl, prepare, redisUrl, probe }: BellsOptions): Bells {
  if (redisUrl !== undefined) return createRedisBells({ url: redisUrl, probe });
  const listenUrl = directUrl ?? (prepare ? databaseUrl : undefined);
  return createPostgresBells({ url: databaseUrl, prepare, listenUrl, probe });
}
