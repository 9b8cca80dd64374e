import type { FastifyBaseLogger } from 'fastify';
import type { Config } from './config.js';
import { sqlCode } from './db/sql-errors.js';
import type { Bells } from './event-log/bells/bells.js';
import { createBells } from './event-log/bells/create-bells.js';
import type { Metrics } from './http/metrics.js';

interface BellsWiring {
  readonly config: Config;
  readonly databaseUrl: string;
  readonly metrics: Metrics;
  readonly log: FastifyBaseLogger;
}

/** What this server tells other nodes, and how it hears of theirs. Addresses hold passwords: of an error only its code is told. */
export function wireBells({ config, databaseUrl, metrics, log }: BellsWiring): Bells {
  const { rung, heard, failed, watch } = metrics.bells;
  const changed = (isHearing: boolean, error?: unknown): void => {
    const facts = { bells: bells.engine, code: sqlCode(error) };
    if (isHearing) log.info(facts, 'other nodes are heard again');
    else log.warn(facts, 'other nodes are not heard: live readers look for themselves');
  };
  const { directUrl, prepare } = config.database;
  const bells = createBells({
    ...{ databaseUrl, directUrl, prepare, redisUrl: config.redisUrl },
    probe: { rung, heard, failed, changed },
  });
  watch(() => bells.isHearing);
  return bells;
}
