import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres, { type Sql } from 'postgres';
import { arrayTypes } from './array-types.js';
import { mendQueues } from './mended-queues.js';

/** The connections of one process. Drizzle changes the client it is given, so it has one of its own. */
export interface Database {
  /** The event writer's small pool, with planner settings that keep its statement's plan cheap at every table size. */
  readonly writer: Sql;
  /** Reads in constant SQL text: heads, logs, pages. */
  readonly reader: Sql;
  /** Tables, menus, credentials: everything that is not the log. */
  readonly orm: Orm;
  /** Answers in milliseconds, or throws. */
  readonly ping: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export type Orm = PostgresJsDatabase<Record<string, never>>;

export interface ConnectOptions {
  readonly url: string;
  /** Connections for reads and for the rest; the writer has four more of its own. */
  readonly poolSize: number;
  /** Off behind PgBouncer in transaction mode. */
  readonly prepare: boolean;
}

/**
 * Forced generic plans: a batch of one would never leave custom plans and cost twice. No sequential scans, hash or merge
 * joins: a plan made while tables were small takes 400 times as long once they are not. A row that somebody else keeps
 * locked is given up after a second, so that it delays the other sessions of its batch only once, and briefly.
 */
const writerSettings = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  lock_timeout: '1000',
} as const;

/**
 * The reader's statements all go by key, and a plan of its own for every call costs more than the read itself: a session's
 * took three times as much. Left to choose, the planner reads a location's whole past to sort it (100 times as long).
 */
const readerSettings = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_bitmapscan: 'off',
} as const;

/** Flights and loads of the writer, and one to spare: the driver pipelines onto a stuck connection. */
const writerConnections = 5;
/** One that listens, one that rings. */
const bellConnections = 2;

/** Connections that one process opens at most. */
export function connectionsOf(poolSize: number): number {
  const { readers, others } = sharesOf(poolSize);
  return writerConnections + readers + others + bellConnections;
}

function sharesOf(poolSize: number): { readonly readers: number; readonly others: number } {
  return { readers: Math.max(2, Math.ceil(poolSize / 2)), others: Math.max(2, Math.floor(poolSize / 2)) };
}

/** Seconds that a pool gets to end its statements when it is closed. */
const closeSeconds = 1;

type Settings = Readonly<Record<string, string>> & { readonly application_name: string };

/** Below the watchdogs on our side. */
const statementTimeoutMs = 4_500;

/** Opens the pools; nothing is sent before the first statement. */
export function connect(options: ConnectOptions): Database {
  const { readers, others } = sharesOf(options.poolSize);
  const writer = pool(options, writerConnections, { application_name: 'qr-session writer', ...writerSettings });
  const reader = pool(options, readers, { application_name: 'qr-session reader', ...readerSettings });
  const rest = pool(options, others, { application_name: 'qr-session' });
  const pools = [writer, reader, rest];
  const stopMending = mendQueues(pools);
  return {
    writer,
    reader,
    orm: drizzle(preparing(rest)),
    ping: async () => {
      await reader`SELECT 1`;
    },
    close: async () => {
      stopMending();
      await Promise.all(pools.map((sql) => sql.end({ timeout: closeSeconds })));
    },
  };
}

/** A connection for a tool that reads much: no statement of it has a deadline. */
export function openForTool(url: string): { readonly sql: Sql; readonly close: () => Promise<void> } {
  const sql = postgres(url, {
    ...{ max: 1, connect_timeout: 5, fetch_types: false, onnotice: () => undefined },
    connection: { application_name: 'qr-session tool' },
  });
  return { sql, close: () => sql.end({ timeout: closeSeconds }) };
}

/** Drizzle runs everything through `unsafe`, which prepares nothing unless it is told to. Its texts are few and constant. */
function preparing(sql: Sql): Sql {
  const unsafe = sql.unsafe.bind(sql);
  sql.unsafe = ((text, parameters, options) =>
    unsafe(text, parameters, { prepare: true, ...options })) as Sql['unsafe'];
  return sql;
}

/** Seconds. The driver would grow this to 20: so long after its return a database would still count as away. */
function reconnectAfter(failures: number): number {
  return Math.min(1, 0.05 * 2 ** failures) * (0.5 + Math.random() / 2);
}

/** To compile a statement of ours for one run costs 300 ms, a hundred times what it then takes. */
const everywhere = { statement_timeout: String(statementTimeoutMs), jit: 'off' } as const;

/** A pooler refuses connections with settings that it does not keep apart; there only the watchdogs on our side count. */
function settingsFor({ prepare }: ConnectOptions, { application_name, ...settings }: Settings): Settings {
  return { application_name, ...(prepare && { ...everywhere, ...settings }) };
}

function pool(options: ConnectOptions, max: number, settings: Settings): Sql {
  const { url, prepare } = options;
  return postgres(url, {
    max,
    prepare,
    connect_timeout: 5,
    backoff: reconnectAfter,
    onnotice: () => undefined,
    fetch_types: false,
    types: arrayTypes,
    connection: settingsFor(options, settings),
  });
}
