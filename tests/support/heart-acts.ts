/** One node of the heart, and the few acts that most of its tests and benchmarks need. */
import { v7 } from 'uuid';
import { connect, type Database } from '../../src/db/connect.js';
import { server } from '../../src/domain/actor.js';
import type { Append, Caller, Decided } from '../../src/domain/decide.js';
import { parseInput } from '../../src/domain/events/define.js';
import { eventDefinition, type EventType } from '../../src/domain/events/index.js';
import type { DeviceId, LineId, LocationId, SessionId, TableId, TenantId } from '../../src/domain/ids.js';
import type { Menu, MenuItem } from '../../src/domain/menu.js';
import type { SessionSettings } from '../../src/domain/session.js';
import type { Bells } from '../../src/event-log/bells/bells.js';
import { createEventLog, type EventLog, type EventLogOptions } from '../../src/event-log/event-log.js';
import { fingerprintOf } from '../../src/event-log/fingerprint.js';
import type { Outcome } from '../../src/event-log/lane.js';
import { expiredFingerprint } from '../../src/event-log/expiry.js';
import { serverKeys } from '../../src/event-log/server-keys.js';

export const tenantId = '01900000-0000-7000-8000-000000000001' as TenantId;
export const locationId = '01900000-0000-7000-8000-000000000010' as LocationId;

/** One process's worth of event log, and what its probe was told. */
export interface HeartNode {
  readonly name: string;
  readonly log: EventLog;
  readonly db: Database;
  readonly seen: { batches: number; events: number; missed: number; failures: unknown[] };
  stop(): Promise<void>;
}

export interface NodeOptions {
  readonly limits?: EventLogOptions['limits'];
  /** Closed with the node. */
  readonly bells?: Bells | undefined;
}

export function startNode(url: string, name: string, { limits = {}, bells }: NodeOptions = {}): HeartNode {
  const db = connect({ url, poolSize: 4, prepare: true });
  const seen: HeartNode['seen'] = { batches: 0, events: 0, missed: 0, failures: [] };
  const log = createEventLog({
    writer: db.writer,
    reader: db.reader,
    graceSeconds: 3600,
    node: name,
    newId: v7,
    limits,
    ...(bells && { bells }),
    probe: {
      batch: ({ events }) => {
        seen.batches += 1;
        seen.events += events;
      },
      missed: (sessions) => (seen.missed += sessions),
      failed: (error) => seen.failures.push(error),
    },
  });
  const stop = async (): Promise<void> => {
    log.endFeeds();
    await log.drain();
    await bells?.close();
    await db.close();
  };
  return { name, log, db, seen, stop };
}

export const defaultSettings: SessionSettings = {
  admission: 'open',
  tax_inclusive: true,
  service_bps: 0,
  sliding: false,
  ttl_seconds: 3600,
  on_paid: 'end',
  pay_first: false,
  cash_rounding: 1,
  expiry_event: true,
  timezone: 'UTC',
};

export const pho = item('Phở bò tái', {
  price: 75_000,
  optionGroups: [
    {
      name: 'Tô',
      min: 0,
      max: 1,
      options: [option('Tô thường', 0), option('Tô lớn', 15_000)],
    },
    { name: 'Thêm', min: 0, max: 3, options: [option('Trứng', 8_000), option('Quẩy', 5_000)] },
  ],
});
export const beer = item('Bia Sài Gòn', { price: 22_000, taxBps: 1000 });
export const tea = item('Trà đá', { price: 5_000, taxBps: 800 });
export const soldOut = item('Chả cá', { price: 120_000, available: false });

export const menu: Menu = menuOf([pho, beer, tea, soldOut]);

export function menuOf(items: readonly MenuItem[], ordering: Menu['ordering'] = 'open'): Menu {
  const byId = new Map(items.map((each) => [each.menuItemId, each]));
  return { locationId, currency: 'VND', version: 1, ordering, categories: [], items, byId };
}

export function item(name: string, facts: Partial<MenuItem>): MenuItem {
  return {
    menuItemId: v7() as MenuItem['menuItemId'],
    ...{ name, description: null, categoryId: v7() as MenuItem['categoryId'], category: 'Món' },
    ...{
      price: 1_000,
      taxBps: 0,
      available: true,
      optionGroups: [],
      translations: {},
      pictureUrl: null,
      allergens: [],
    },
    ...facts,
  };
}

function option(name: string, price: number) {
  return {
    option_id: v7() as MenuItem['optionGroups'][number]['options'][number]['option_id'],
    name,
    price,
    available: true,
  };
}

export const waiter: Caller = {
  kind: 'key',
  tenantId,
  locationId: null,
  keyId: 'key-1',
  role: 'staff',
  name: 'Lan',
  isShared: false,
  isNamed: false,
};
const timekeeper: Caller = { kind: 'worker' };

/** A new session at a table that nobody else uses, unless one is named. */
export async function open(
  node: HeartNode,
  wanted: { tableId?: TableId; settings?: Partial<SessionSettings> } = {},
): Promise<SessionId> {
  return (await openOrFind(node, wanted)).sessionId;
}

export function openOrFind(
  node: HeartNode,
  { tableId = v7() as TableId, settings = {} }: { tableId?: TableId; settings?: Partial<SessionSettings> } = {},
) {
  return node.log.open({
    tenantId,
    locationId,
    tableId,
    currency: 'VND',
    settings: { ...defaultSettings, ...settings },
    actor: server,
  });
}

/** What most tests leave to chance: a fresh key, the waiter, the usual menu. */
export interface Manner {
  readonly key?: string;
  readonly caller?: Caller;
  readonly expectedSeq?: number;
  readonly menu?: Menu;
  /** Skips the parser, as no service does. */
  readonly raw?: boolean;
}

export function freshKey(): string {
  return `key-${v7()}`;
}

/** One append as a service would make it: parsed, with the fingerprint of its actor and content. */
export function appendOf(
  type: EventType,
  input: unknown,
  { key = freshKey(), caller = waiter, raw = false }: Manner = {},
): Append {
  const parsed = raw ? input : parseInput(eventDefinition(type), input);
  const actor =
    caller.kind === 'key' ? `staff:${caller.keyId}` : 'deviceId' in caller ? `device:${caller.deviceId}` : caller.kind;
  return {
    key,
    type,
    input: parsed,
    fingerprint: fingerprintOf({ operation: 'append', actor, content: { type, input: parsed } }),
  };
}

export function submit(
  node: HeartNode,
  sessionId: SessionId,
  appends: readonly Append[],
  manner: Manner = {},
): Promise<Outcome> {
  const { caller = waiter, expectedSeq } = manner;
  return node.log.submit({ tenantId, sessionId, caller, appends, expectedSeq, menu: () => manner.menu ?? menu });
}

/** Appends one event and gives what it came to; `undefined` where everything already was so. */
export async function append(
  node: HeartNode,
  sessionId: SessionId,
  { type, input, ...manner }: Manner & { type: EventType; input: unknown },
): Promise<Decided | undefined> {
  const { decided } = await submit(node, sessionId, [appendOf(type, input, manner)], manner);
  return decided[0];
}

export async function add(
  node: HeartNode,
  sessionId: SessionId,
  {
    quantity = 1,
    dish = pho,
    input = {},
    ...manner
  }: Manner & { quantity?: number; dish?: MenuItem; input?: object } = {},
): Promise<Decided & { lineId: LineId }> {
  const wanted = { menu_item_id: dish.menuItemId, quantity, ...input };
  const decided = await append(node, sessionId, { type: 'add_item', input: wanted, ...manner });
  if (!decided) throw new Error('an added item is never there already');
  return { ...decided, lineId: decided.event.payload.line_id as LineId };
}

export function remove(node: HeartNode, sessionId: SessionId, { lineId, ...manner }: Manner & { lineId: LineId }) {
  return append(node, sessionId, { type: 'remove_item', input: { line_id: lineId }, ...manner });
}

export function modify(
  node: HeartNode,
  sessionId: SessionId,
  { lineId, change, ...manner }: Manner & { lineId: LineId; change: { quantity: number } | { delta: number } },
) {
  return append(node, sessionId, { type: 'modify_qty', input: { line_id: lineId, ...change }, ...manner });
}

/** A phone joins the table; gives its credential. */
export async function join(
  node: HeartNode,
  sessionId: SessionId,
  name: string | null = 'Minh',
): Promise<Caller & { deviceId: DeviceId }> {
  const deviceId = v7() as DeviceId;
  const caller: Caller = { kind: 'joining', deviceId, name, locationId };
  await append(node, sessionId, {
    type: 'device_joined',
    input: { device_id: deviceId, name },
    key: serverKeys.joined(deviceId),
    caller,
  });
  return { kind: 'device', tenantId, locationId, sessionId, deviceId };
}

export function close(node: HeartNode, sessionId: SessionId, reason = 'guests left') {
  return append(node, sessionId, { type: 'session_closed', input: { reason }, key: serverKeys.closed });
}

export function extend(node: HeartNode, sessionId: SessionId, seconds: number) {
  return append(node, sessionId, { type: 'session_extended', input: { ttl_seconds: seconds } });
}

/** As the job does it when time is up. */
export async function expire(node: HeartNode, sessionId: SessionId): Promise<Decided | undefined> {
  const expiry: Append = {
    key: serverKeys.expired,
    fingerprint: expiredFingerprint,
    type: 'session_expired',
    input: {},
  };
  const { decided } = await submit(node, sessionId, [expiry], { caller: timekeeper });
  return decided[0];
}

export async function billOf(node: HeartNode, sessionId: SessionId) {
  const state = await node.log.current({ tenantId, sessionId });
  if (!state) throw new Error(`there is no session ${sessionId}`);
  return state.bill;
}

/** The code of the rejection that a promise comes to; `undefined` when it succeeds. An Error that is ours is thrown. */
export async function refusalOf(promise: Promise<unknown>): Promise<string | undefined> {
  const { code } = (await refusal(promise)) ?? {};
  return code;
}

/** Code and extra members of the rejection. */
export async function refusal(
  promise: Promise<unknown>,
): Promise<{ code: string; extra: Record<string, unknown> } | undefined> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    if (error instanceof Error && error.name === 'Rejection')
      return error as Error & { code: string; extra: Record<string, unknown> };
    throw error;
  }
}
