/** The real server over real HTTP, on a database of a test file's own with the demo restaurant in it. */
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll } from 'vitest';
import { type App, type AppOptions, startApp } from '../../src/app.js';
import { loadConfig } from '../../src/config.js';
import { seedDemo } from '../../src/db/seed-demo.js';
import { camelWord } from '../../src/domain/words.js';
import { type AnswerCheck, createAnswerCheck } from './openapi-check.js';
import { createTestDatabase, type TestDatabase } from './database.js';

/** Whatever JSON says; the tests say what they expect. */
export type Json = ReturnType<typeof JSON.parse>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed; undefined when the answer is no JSON. */
  readonly body: Json;
}

export interface Ask {
  /** Bearer token; null: no credential. */
  readonly as?: string | null;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is. */
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Api {
  readonly address: string;
  readonly databaseUrl: string;
  /** Any SQL, past the server. */
  readonly sql: Sql;
  /** Lines of the log so far, parsed. */
  readonly logLines: readonly Json[];
  /** `POST /api/v1/...`; the prefix may be left out. Every JSON answer is held against /openapi.json. */
  rest(request: string, ask?: Ask): Promise<Answer>;
  graphql(query: string, variables?: object, ask?: Ask): Promise<Answer>;
  /** Any request. */
  http(method: string, path: string, ask?: Ask): Promise<Answer>;
}

export const authSecret = 'a-secret-that-only-tests-know-0123456789';

export interface ApiOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Instead of a database of its own. */
  readonly databaseUrl?: string;
  readonly logLimits?: AppOptions['logLimits'];
  readonly sseLimits?: AppOptions['sseLimits'];
  readonly socketLimits?: AppOptions['socketLimits'];
}

export interface RunningApi extends Api {
  stop(): Promise<void>;
}

/** One server for a test file; use it inside hooks and tests only. */
export function useApi(options: ApiOptions = {}): Api {
  let api: RunningApi | undefined;
  let database: TestDatabase | undefined;
  beforeAll(async () => {
    database = options.databaseUrl ? undefined : await createTestDatabase();
    api = await startApi({ ...options, databaseUrl: options.databaseUrl ?? database?.url ?? '' });
  });
  afterAll(async () => {
    await api?.stop();
    await database?.drop();
  });
  const started = (): RunningApi => {
    if (!api) throw new Error('the server runs only inside hooks and tests');
    return api;
  };
  return {
    get address() {
      return started().address;
    },
    get databaseUrl() {
      return started().databaseUrl;
    },
    get sql() {
      return started().sql;
    },
    get logLines() {
      return started().logLines;
    },
    rest: (request, ask) => started().rest(request, ask),
    graphql: (query, variables, ask) => started().graphql(query, variables, ask),
    http: (method, path, ask) => started().http(method, path, ask),
  };
}

/** A server on a migrated database, with the demo restaurant seeded. */
export async function startApi({
  env = {},
  databaseUrl = '',
  logLimits,
  sseLimits,
  socketLimits,
}: ApiOptions & { databaseUrl: string }): Promise<RunningApi> {
  // No sweep comes in between: expiry must be seen without it.
  const defaults = { NODE_ENV: 'test', PORT: '0', DEMO: '1', EXPIRY_CRON: '0 0 1 1 *', DATABASE_POOL_SIZE: '4' };
  const config = loadConfig({ ...defaults, DATABASE_URL: databaseUrl, ...env });
  await seedDemo(databaseUrl);
  const logLines: Json[] = [];
  const log = pino({ level: 'info', base: null }, { write: (line: string) => void logLines.push(JSON.parse(line)) });
  const app: App = await startApp({
    config,
    databaseUrl,
    authSecret: config.auth.secret ?? authSecret,
    log,
    logLimits,
    sseLimits,
    socketLimits,
  });
  const sql = postgres(databaseUrl, { max: 3, onnotice: () => undefined });
  const { address } = app;
  const http: Api['http'] = (method, path, ask = {}) => send(`${address}${path}`, method, ask);
  let check: Promise<AnswerCheck> | undefined;
  return {
    ...{ address, databaseUrl, sql, logLines, http },
    async rest(request, ask = {}) {
      const [method = '', path = ''] = request.split(' ');
      const full = path.startsWith('/api/') ? path : `/api/v1${path}`;
      const answer = await http(method, full, ask);
      check ??= http('GET', '/openapi.json').then(({ body }) => createAnswerCheck(body));
      (await check)(method, full, answer);
      return answer;
    },
    graphql: (query, variables = {}, ask = {}) => http('POST', '/graphql', { ...ask, body: { query, variables } }),
    async stop() {
      await app.close();
      await sql.end({ timeout: 5 });
    },
  };
}

async function send(url: string, method: string, { as, body, raw, headers = {} }: Ask): Promise<Answer> {
  const content = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: {
      ...(as && { Authorization: `Bearer ${as}` }),
      ...(content !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(content !== undefined && { body: content }),
  });
  const text = await response.text();
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '') && text !== '';
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
}

/** The demo restaurant of the contract. */
export const demo = {
  tenant: uuid(1),
  location: uuid(10),
  table: (n: number) => uuid(`10${n}`),
  otherTenant: uuid(2),
  otherLocation: uuid(20),
  otherTable: uuid(121),
  pho: uuid(201),
  rolls: uuid(202),
  coffee: uuid(203),
  soldOut: uuid(204),
  otherItem: uuid(221),
  regular: uuid(301),
  large: uuid(302),
  egg: uuid(303),
  quay: uuid(304),
  staff: 'demo-staff-key',
  cashier: 'demo-cashier-key',
  manager: 'demo-manager-key',
  operator: 'demo-operator-key',
  otherStaff: 'demo-other-staff-key',
} as const;

/** The demo's ids end in a few digits. */
function uuid(suffix: number | string): string {
  return `01900000-0000-7000-8000-${String(suffix).padStart(12, '0')}`;
}

export interface Place {
  readonly locationId: string;
  readonly tableId: string;
  /** Of the table's printed code. */
  readonly token: string;
}

/** A table of its own for a test, at the demo's location or another one. */
export async function newTable({ sql }: Pick<Api, 'sql'>, locationId: string = demo.location): Promise<Place> {
  const [tableId, token] = [randomUUID(), `table-${randomUUID()}`];
  await sql`
    WITH made AS (
      INSERT INTO dining_tables (tenant_id, id, location_id, name)
      SELECT tenant_id, ${tableId}, id, ${`X ${tableId}`} FROM locations WHERE id = ${locationId} RETURNING tenant_id, id
    )
    INSERT INTO table_tokens (token_hash, tenant_id, table_id)
    SELECT sha256(convert_to(${token}, 'UTF8')), tenant_id, id FROM made`;
  return { locationId, tableId, token };
}

/** A location of the demo's tenant with settings of its own; its one dish is `itemId`, 50,000. */
export async function newLocation(
  { sql }: Pick<Api, 'sql'>,
  settings: Readonly<Record<string, string | number | boolean>> = {},
): Promise<Place & { readonly itemId: string }> {
  const [locationId, itemId, categoryId] = [randomUUID(), randomUUID(), randomUUID()];
  const row = {
    ...{ tenant_id: demo.tenant, id: locationId, name: 'Elsewhere', currency: 'VND', timezone: 'Asia/Ho_Chi_Minh' },
    ...{ admission: 'open', ...settings },
  };
  await sql`INSERT INTO locations ${sql(row)}`;
  await sql`
    INSERT INTO menu_categories (tenant_id, id, location_id, position, name)
    VALUES (${demo.tenant}, ${categoryId}, ${locationId}, 0, 'Món')`;
  await sql`
    INSERT INTO menu_items (tenant_id, id, location_id, position, category_id, name, price)
    VALUES (${demo.tenant}, ${itemId}, ${locationId}, 0, ${categoryId}, 'Cơm', 50000)`;
  return { ...(await newTable({ sql }, locationId)), itemId };
}

export interface KeySettings {
  readonly role?: string;
  readonly locationId?: string | null;
  readonly shared?: boolean;
}

/** A new key of the demo's tenant. */
export async function newKey({ sql }: Pick<Api, 'sql'>, settings: KeySettings = {}): Promise<string> {
  const { role = 'staff', locationId = null, shared = false } = settings;
  const secret = `key-${randomUUID()}`;
  await sql`
    INSERT INTO api_keys (key_hash, id, tenant_id, location_id, role, name, shared)
    VALUES (sha256(convert_to(${secret}, 'UTF8')), ${randomUUID()}, ${demo.tenant}, ${locationId}, ${role}, 'A key', ${shared})`;
  return secret;
}

export interface Visit extends Place {
  readonly sessionId: string;
  readonly deviceId: string;
  /** The phone's token. */
  readonly phone: string;
}

/** A phone that has opened a session by scanning a table's code. */
export async function sitDown(api: Api, place?: Place): Promise<Visit> {
  const at = place ?? (await newTable(api));
  const answer = await api.rest(`POST /locations/${at.locationId}/qr-sessions`, {
    as: at.token,
    body: { device_name: 'Lan' },
  });
  if (answer.status > 201) throw new Error(`could not sit down: ${answer.text}`);
  const { session_id: sessionId, device_id: deviceId, device_token: phone } = answer.body;
  return { ...at, sessionId, deviceId, phone };
}

export const newEventKey = (): string => `key-${randomUUID()}`;

/** An `add_item` event for one coffee, or as said. */
export function add(payload: Record<string, unknown> = {}): {
  idempotency_key: string;
  event_type: string;
  payload: object;
} {
  return {
    idempotency_key: newEventKey(),
    event_type: 'add_item',
    payload: { menu_item_id: demo.coffee, quantity: 1, ...payload },
  };
}

/** Appends one event that must succeed. */
export async function append(api: Api, visit: Pick<Visit, 'sessionId' | 'phone'>, event: object): Promise<Json> {
  const answer = await api.rest(`POST /sessions/${visit.sessionId}/events`, { as: visit.phone, body: event });
  if (answer.status > 201) throw new Error(`could not append: ${answer.text}`);
  return answer.body;
}

/** Everything that a refused request must leave as it was. */
export async function written({ sql }: Pick<Api, 'sql'>): Promise<Json> {
  const [row] = await sql`
    SELECT (SELECT count(*)::int FROM session_events) AS events,
      (SELECT md5(string_agg(s::text, '|' ORDER BY id)) FROM (
        SELECT id, table_id, status, last_event_seq, expires_at, total, paid, due, ended_at FROM qr_sessions) s) AS heads`;
  return row;
}

/** A JSON body of REST as the input of GraphQL: camelCase names, and the event under its kind. */
export function toInput(body: Json): Json {
  if (Array.isArray(body)) return body.map(toInput);
  if (body === null || typeof body !== 'object') return body;
  const { event_type: type, payload, ...rest } = body;
  const event = type === undefined ? {} : { event: { [camelWord(type)]: toInput(withEnums(payload)) } };
  const members = Object.entries(rest).map(([name, value]) => [camelWord(name), toInput(value)]);
  return { ...Object.fromEntries(members), ...event };
}

/** Words of a payload that are enum names in GraphQL; of a wrong one GraphQL itself makes VALIDATION_FAILED. */
function withEnums(payload: Json): Json {
  const words = Object.entries(payload ?? {}).filter(([name]) => ['state', 'kind', 'outcome'].includes(name));
  return { ...payload, ...Object.fromEntries(words.map(([name, word]) => [name, String(word).toUpperCase()])) };
}
