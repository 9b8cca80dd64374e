/** What one more node of the installation would work with, on the database and the simulator of a running server. */
import { randomUUID } from 'node:crypto';
import { v7 } from 'uuid';
import { afterAll, beforeAll } from 'vitest';
import { loadConfig, sealingTexts } from '../../src/config.js';
import { connect, type Database } from '../../src/db/connect.js';
import { createEventLog } from '../../src/event-log/event-log.js';
import type { Deps } from '../../src/services/deps.js';
import { createMenus } from '../../src/services/menus.js';
import { createOpenStreams } from '../../src/services/open-streams.js';
import { createSecretBox } from '../../src/services/secret-box.js';
import { createSessionTokens } from '../../src/services/session-tokens.js';
import { createSingleFlight } from '../../src/services/single-flight.js';
import { createStreamTickets } from '../../src/services/stream-tickets.js';
import { wirePayments } from '../../src/wire-payments.js';
import { pino } from 'pino';
import { type Api, authSecret } from './api.js';

/** Deps of a node of its own; use them inside hooks and tests only. */
export function useOtherNode(api: Api): { readonly deps: Deps } {
  let database: Database | undefined;
  let deps: Deps | undefined;
  beforeAll(() => {
    database = connect({ url: api.databaseUrl, poolSize: 4, prepare: true });
    deps = nodeOn(api, database);
  });
  afterAll(async () => {
    await deps?.log.drain();
    await database?.close();
  });
  return {
    get deps(): Deps {
      if (!deps) throw new Error('the other node runs only inside hooks and tests');
      return deps;
    },
  };
}

function nodeOn(api: Api, database: Database): Deps {
  const config = loadConfig({ NODE_ENV: 'test', DEMO: '1', DATABASE_URL: api.databaseUrl });
  const address = () => api.address;
  const probe = { batch: () => undefined, missed: () => undefined, failed: () => undefined };
  const box = createSecretBox(sealingTexts(config, authSecret));
  return {
    box,
    ...wirePayments({
      config,
      orm: database.orm,
      box,
      address,
      publicUrl: address,
      log: pino({ level: 'silent' }),
    }),
    log: createEventLog({
      ...{ writer: database.writer, reader: database.reader, graceSeconds: 3600, node: randomUUID(), newId: v7, probe },
    }),
    orm: database.orm,
    menus: createMenus(database.orm, () => undefined),
    tokens: createSessionTokens(authSecret),
    tickets: createStreamTickets(authSecret, undefined),
    singleFlight: createSingleFlight(),
    streams: createOpenStreams({ isLimited: false, opened: () => () => undefined }),
    now: Date.now,
    newId: v7,
    publicUrl: address,
    defaultTtlSeconds: 14_400,
  };
}
