import type { Append, Command } from '../domain/decide.js';
import { noSuchSession } from '../domain/decide.js';
import { type AnyEventDefinition, eventDefinition, eventDefinitions, type EventType } from '../domain/events/index.js';
import { parseInput } from '../domain/events/define.js';
import type { LocationId, Seq, SessionId } from '../domain/ids.js';
import type { Menu } from '../domain/menu.js';
import { publicEvent } from '../domain/public-event.js';
import { invalid, Rejection } from '../domain/rejection.js';
import type { Scope, SessionScope } from '../domain/scope.js';
import { fingerprintOf } from '../event-log/fingerprint.js';
import type { Outcome } from '../event-log/lane.js';
import { noSuchLocation, requirePerson, requireSession } from './access.js';
import type { Deps } from './deps.js';
import { checkKey } from './idempotency-key.js';

/** One event as a client sends it; `input` is not parsed yet. */
export interface WantedEvent {
  readonly idempotencyKey: string;
  readonly type: string;
  readonly input: unknown;
}

export interface AppendEvents {
  readonly sessionId: SessionId;
  readonly events: readonly WantedEvent[];
  /** The write is refused with SEQ_CONFLICT unless this is the session's last seq. */
  readonly expectedSeq?: Seq | undefined;
}

/** Most events in one batch. */
const maxBatch = 50;

/** Most missed events that a SEQ_CONFLICT tells. */
const maxMissed = 500;

/** Appends a client's events to a session, all or none, each under its own idempotency key. */
export async function appendEvents(deps: Deps, scope: Scope, wanted: AppendEvents): Promise<Outcome> {
  const caller = requireSession(scope, wanted.sessionId);
  const appends = parseAppends(caller, wanted.events);
  if (appends.some(({ type }) => type === 'adjust_bill')) requirePerson(scope, 'cashier');
  const session = { tenantId: caller.tenantId, sessionId: wanted.sessionId };
  const menu = appends.some(({ type }) => pricedTypes.has(type)) ? await menuOf(deps, caller, session) : undefined;
  const command: Command = { ...session, caller, appends, expectedSeq: wanted.expectedSeq, menu };
  return deps.log.submit(command).catch(async (error: unknown) => {
    throw error instanceof Rejection && error.code === 'SEQ_CONFLICT' ? await withMissed(deps, command, error) : error;
  });
}

/** The event types that look at the menu. */
const pricedTypes: ReadonlySet<EventType> = new Set<EventType>(['add_item', 'modify_qty', 'submit_round']);

function parseAppends(caller: SessionScope, events: readonly WantedEvent[]): readonly Append[] {
  if (events.length < 1 || events.length > maxBatch) {
    throw invalid([{ path: 'events', message: `must be 1 to ${maxBatch} events` }]);
  }
  const keys = new Set(events.map(({ idempotencyKey }) => idempotencyKey));
  if (keys.size < events.length) throw invalid([{ path: 'events', message: 'an idempotency key is used twice' }]);
  return events.map((event, index) => {
    try {
      return parseAppend(caller, event);
    } catch (error) {
      if (error instanceof Rejection && events.length > 1)
        throw new Rejection(error.code, error.message, { ...error.extra, index });
      throw error;
    }
  });
}

function parseAppend(caller: SessionScope, { idempotencyKey, type, input }: WantedEvent): Append {
  checkKey(idempotencyKey);
  const definition = clientDefinition(type);
  const parsed = parseInput(definition, input);
  const actor = caller.kind === 'key' ? `staff:${caller.keyId}` : `device:${caller.deviceId}`;
  const fingerprint = fingerprintOf({ operation: 'append_event', actor, content: { type, input: parsed } });
  return { key: idempotencyKey, fingerprint, type: definition.type as EventType, input: parsed };
}

/** The definition of a type that clients may append; the server's own acts are refused like unknown ones. */
function clientDefinition(type: string): AnyEventDefinition {
  const known = Object.hasOwn(eventDefinitions, type) ? eventDefinition(type) : undefined;
  if (known && known.sender !== 'server') return known;
  const why = known ? 'is appended by the server only' : 'is not an event type';
  throw invalid([{ path: 'event_type', message: `"${type}" ${why}` }]);
}

/** The menu of the session's location, at most a second old, and newer still should the decision have to wait. */
async function menuOf(
  deps: Deps,
  caller: SessionScope,
  session: Pick<Command, 'tenantId' | 'sessionId'>,
): Promise<() => Menu> {
  const { tenantId } = session;
  const locationId = caller.kind === 'device' ? caller.locationId : await locationOf(deps, session);
  const menu = await deps.menus.get(tenantId, locationId);
  if (!menu) throw noSuchLocation();
  return () => deps.menus.peek(tenantId, locationId) ?? menu;
}

async function locationOf(deps: Deps, session: Pick<Command, 'tenantId' | 'sessionId'>): Promise<LocationId> {
  const state = deps.log.peek(session) ?? (await deps.log.current(session));
  if (!state) throw noSuchSession();
  return state.bill.locationId;
}

/** Tells what was missed, so that the client rebases in one trip. */
async function withMissed(deps: Deps, command: Command, conflict: Rejection): Promise<Rejection> {
  const after = command.expectedSeq ?? 0;
  const { events, hasMore } = await deps.log.page(command, { after, limit: maxMissed });
  return new Rejection(conflict.code, conflict.message, {
    ...conflict.extra,
    events: events.map(publicEvent),
    has_more: hasMore,
  });
}
