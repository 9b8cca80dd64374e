import type { Actor } from './actor.js';
import { worker } from './actor.js';
import { type Bill, findDevice } from './bill.js';
import { type RuleContext, type StoredEvent, unchanged } from './events/define.js';
import { eventDefinition, type EventType } from './events/index.js';
import { fold } from './fold.js';
import { asId, type DeviceId, type EventId, type LocationId, type Seq, type SessionId, type TenantId } from './ids.js';
import type { KeptNotice } from './inbox.js';
import type { Menu } from './menu.js';
import { invalid, Rejection } from './rejection.js';
import { hasRole, type SessionScope } from './scope.js';
import { maxEvents } from './session.js';

/** Who sends a command: a credential of the session, a phone that is just joining it, or a background job. */
export type Caller =
  | SessionScope
  | {
      readonly kind: 'joining';
      readonly deviceId: DeviceId;
      readonly name: string | null;
      readonly locationId: LocationId | null;
    }
  | { readonly kind: 'worker' }
  /** A payment provider, by what it signed or answered. */
  | { readonly kind: 'provider'; readonly name: string }
  /** The server, finishing what somebody began who was allowed to. */
  | { readonly kind: 'acting'; readonly actor: Actor };

/** One event that a command wants appended; `input` has been through the type's parser. */
export interface Append {
  readonly key: string;
  readonly fingerprint: string;
  readonly type: EventType;
  readonly input: unknown;
  /** Goes only together with the append of this key: left out when that one was written before, or came to nothing. */
  readonly onlyWith?: string;
  /** Left out once the session is over. */
  readonly whileOpen?: boolean;
}

/** One request to write to one session: all its appends, or none. */
export interface Command {
  readonly tenantId: TenantId;
  readonly sessionId: SessionId;
  readonly caller: Caller;
  readonly appends: readonly Append[];
  readonly expectedSeq?: Seq | undefined;
  readonly menu?: (() => Menu) | undefined;
  /** A webhook that is kept by the same statement as the events that it leads to. */
  readonly inbox?: KeptNotice | undefined;
}

/** An event of the log with the key and fingerprint it was written under. */
export interface KeyedEvent {
  readonly event: StoredEvent;
  readonly key: string;
  readonly fingerprint: string;
}

/** What a decision may look at besides the command. Status and time are as the database last told them. */
export interface Situation {
  readonly bill: Bill;
  /** The database says that the session's time is over, whether or not that is written yet. */
  readonly isPast: boolean;
  /** The database says that the grace period after the end is over too. */
  readonly isGraceOver: boolean;
  readonly findKey: (key: string) => KeyedEvent | undefined;
  readonly now: number;
  readonly newId: () => string;
}

/** One append's place in the answer: an event that is to be written, or one that was written before. */
export interface Decided extends KeyedEvent {
  readonly replayed: boolean;
}

/** What a command comes to; `bill` is the fold with its new events. Empty `decided`: everything already was so. */
export interface Decision {
  readonly decided: readonly Decided[];
  readonly bill: Bill;
}

/**
 * Decides a command. Order matters: access, then replay, then status, `expected_seq` and limits, then the type's own rule.
 * Throws a Rejection; a rejected command leaves no trace and consumes no key.
 */
export function decideCommand(command: Command, situation: Situation): Decision {
  checkAccess(command.caller, situation);
  const seen = command.appends.map((append, index) => atIndex(command, index, () => replayOf(append, situation)));
  if (seen.every((replay) => replay !== undefined)) return { decided: seen, bill: situation.bill };
  const actor = actorOf(command.caller, situation.bill);
  let bill = situation.bill;
  const decided: Decided[] = [];
  command.appends.forEach((append, index) => {
    if (isLeftOut({ command, append, seen, decided })) return undefined;
    if (append.whileOpen && seen[index] === undefined && !isOpen(bill, situation)) return undefined;
    const replay =
      seen[index] ??
      atIndex(command, index, () =>
        replayOf(append, { findKey: (key) => decided.find((earlier) => earlier.key === key) }),
      );
    if (replay) return decided.push(replay);
    const event = atIndex(command, index, () => decideAppend({ command, append, actor, bill }, situation));
    if (!event) return undefined;
    bill = fold(bill, [event]);
    return decided.push({ event, key: append.key, fingerprint: append.fingerprint, replayed: false });
  });
  return { decided, bill };
}

function isOpen({ status }: Bill, { isPast }: Situation): boolean {
  return status === 'open' && !isPast;
}

interface Following {
  readonly command: Command;
  readonly append: Append;
  readonly seen: readonly (Decided | undefined)[];
  readonly decided: readonly Decided[];
}

/** What goes before its lead is left out when that was written before; what goes after it, when that wrote nothing now. */
function isLeftOut({ command: { appends }, append, seen, decided }: Following): boolean {
  if (append.onlyWith === undefined) return false;
  const lead = appends.findIndex(({ key }) => key === append.onlyWith);
  const mine = appends.indexOf(append);
  if (seen[mine] !== undefined) return false;
  if (mine < lead) return seen[lead] !== undefined;
  return !decided.some(({ key, replayed }) => key === append.onlyWith && !replayed);
}

function replayOf(append: Append, { findKey }: Pick<Situation, 'findKey'>): Decided | undefined {
  const known = findKey(append.key);
  if (!known) return undefined;
  if (known.fingerprint === append.fingerprint) return { ...known, replayed: true };
  throw new Rejection('IDEMPOTENCY_KEY_REUSED', `key ${append.key} was used for another request`, {
    event_id: known.event.id,
    event_seq: known.event.seq,
  });
}

interface Step {
  readonly command: Command;
  readonly append: Append;
  readonly actor: Actor;
  readonly bill: Bill;
}

function decideAppend({ command, append, actor, bill }: Step, situation: Situation): StoredEvent | undefined {
  const definition = eventDefinition(append.type);
  if (definition.sender === 'cashier') checkCashier(command.caller);
  const repeatsItsEnd = append.type === 'session_closed' && bill.status === 'closed';
  if (!repeatsItsEnd) checkStatus(definition.gate, bill, situation);
  if (definition.gate === 'due' && !(situation.isPast && bill.settings.expiry_event)) return undefined;
  if (bill === situation.bill) checkExpectedSeq(command.expectedSeq, bill);
  checkSender(definition.sender, command.caller, bill);
  // The server's own acts are few, and a full session must still end.
  if (bill.lastSeq >= maxEvents && definition.sender !== 'server') {
    throw invalid([{ path: '', message: `a session takes at most ${maxEvents} events` }]);
  }
  const context: RuleContext = {
    bill,
    actor,
    now: situation.now,
    isPast: situation.isPast,
    newId: situation.newId,
    menu: command.menu ?? noMenu,
  };
  const payload = definition.decide(append.input, context);
  if (payload === unchanged) return undefined;
  const id = asId<EventId>(situation.newId());
  return {
    id,
    seq: bill.lastSeq + 1,
    type: append.type,
    version: definition.version,
    payload,
    actor,
    createdAt: notYet,
  };
}

/** An event has no time before the database has written it; folded so, it slides nothing. */
const notYet = 0;

function noMenu(): never {
  throw new Error('this command came without a menu');
}

/** Keys of another location, and removed devices, are turned away before anything else is looked at. */
export function checkAccess(caller: Caller, { bill, isGraceOver }: Pick<Situation, 'bill' | 'isGraceOver'>): void {
  if (caller.kind === 'worker' || caller.kind === 'provider' || caller.kind === 'acting') return;
  if (caller.kind === 'device') {
    const device = findDevice(bill, caller.deviceId);
    if (!device || device.state === 'removed')
      throw new Rejection('UNAUTHENTICATED', 'this phone was removed from the session');
    if (isGraceOver) throw new Rejection('UNAUTHENTICATED', 'this visit is over');
    return;
  }
  if (caller.locationId && caller.locationId !== bill.locationId) throw noSuchSession();
}

/** The answer for a session that is not there, and for one that the caller may not know of. */
export function noSuchSession(): Rejection {
  return new Rejection('NOT_FOUND', 'there is no such session');
}

function checkStatus(gate: string, bill: Bill, { isPast }: Situation): void {
  if (gate === 'any') return;
  const status = bill.status === 'open' && isPast && gate === 'live' ? 'expired' : bill.status;
  if (status === 'open') return;
  const code = status === 'expired' ? 'SESSION_EXPIRED' : 'SESSION_NOT_OPEN';
  throw new Rejection(code, `the session is ${status}`, { session_status: status });
}

function checkExpectedSeq(expected: Seq | undefined, bill: Bill): void {
  if (expected === undefined || expected === bill.lastSeq) return;
  throw new Rejection('SEQ_CONFLICT', `expected seq ${expected}, but the last is ${bill.lastSeq}`, {
    current_seq: bill.lastSeq,
  });
}

function checkSender(sender: string, caller: Caller, bill: Bill): void {
  if (caller.kind !== 'device') return;
  if (sender === 'staff') throw new Rejection('FORBIDDEN', 'only staff may do that');
  if (findDevice(bill, caller.deviceId)?.state === 'waiting') {
    throw new Rejection('NOT_ADMITTED', 'somebody of the table or the staff has to let this phone in first');
  }
}

function checkCashier(caller: Caller): void {
  if (caller.kind === 'key' && hasRole(caller, 'cashier')) return;
  throw new Rejection('FORBIDDEN', 'this takes a cashier key');
}

/** The actor that is written into the event. */
function actorOf(caller: Caller, bill: Bill): Actor {
  switch (caller.kind) {
    case 'worker':
      return worker;
    case 'acting':
      return caller.actor;
    case 'provider':
      return { type: 'provider', id: caller.name, name: null };
    case 'key':
      return { type: 'staff', id: caller.keyId, name: caller.name };
    case 'joining':
      return { type: 'device', id: caller.deviceId, name: caller.name };
    case 'device':
      return { type: 'device', id: caller.deviceId, name: findDevice(bill, caller.deviceId)?.name ?? null };
  }
}

/** In a batch of several, the rejection says which one it was. */
function atIndex<T>(command: Command, index: number, step: () => T): T {
  if (command.appends.filter(({ onlyWith }) => onlyWith === undefined).length === 1) return step();
  try {
    return step();
  } catch (error) {
    if (error instanceof Rejection) throw new Rejection(error.code, error.message, { ...error.extra, index });
    throw error;
  }
}
