import type { z } from 'zod';
import type { Actor } from '../actor.js';
import type { Bill } from '../bill.js';
import type { EventId, Seq } from '../ids.js';
import type { Menu } from '../menu.js';
import { invalid } from '../rejection.js';

/** What an event says besides its payload. */
export interface EventMeta {
  readonly seq: Seq;
  readonly actor: Actor;
  /** Milliseconds since 1970 by the database's clock. */
  readonly createdAt: number;
}

/** What a rule may look at. It has no clock of its own: `now` is the database's time as the writer last learned it. */
export interface RuleContext {
  readonly bill: Bill;
  readonly actor: Actor;
  /** Milliseconds since 1970. Only for computing a new expiry, never for refusing a write. */
  readonly now: number;
  /** The menu at this moment, for events that price something. */
  readonly menu: () => Menu;
  /** The database says that the session's time is over. */
  readonly isPast: boolean;
  /** A fresh UUIDv7. */
  readonly newId: () => string;
}

/** Answer of a rule when the state already is what was asked for: nothing is written, the caller gets a success. */
export const unchanged = Symbol('unchanged');

/**
 * When the database lets an event be written: `live`, while the session has not expired; `due`, only once it has;
 * `any`, always.
 */
export type Gate = 'live' | 'due' | 'any';

/** One event type: everything there is to know of it is here and in its GraphQL class. */
export interface EventDefinition<Type extends string, Input, Payload extends object> {
  readonly type: Type;
  /** Version of the payload; a reader folds every version ever written. */
  readonly version: number;
  readonly summary: string;
  /** Who may append it: guests' phones and staff, staff only, cashiers only, or only the server by an act of its own. */
  readonly sender: 'guest' | 'staff' | 'cashier' | 'server';
  readonly gate: Gate;
  /** Where what was decided rests on the time: the gate that proves it when it is written. The type's own otherwise. */
  readonly gateOf?: (payload: Payload) => Gate;
  /** Payload fields that may name or describe a person: hashed as salted digests, so that they can be erased. */
  readonly personal: readonly (keyof Payload & string)[];
  /** What the caller sends; strict, so that unknown fields are refused. */
  readonly input: z.ZodType<Input>;
  /** The rule: turns input into what is stored, or throws a Rejection. */
  readonly decide: (input: Input, context: RuleContext) => Payload | typeof unchanged;
  /** Folds the event into the bill. Never fails: what is in the log has happened. */
  readonly apply: (bill: Bill, payload: Payload, meta: EventMeta) => Bill;
  /** Stored payloads as they look, for the documentation and the tests. */
  readonly examples: readonly { readonly input: unknown; readonly payload: Payload }[];
}

/** Keeps the exact types of a definition. */
export function defineEvent<Type extends string, Input, Payload extends object>(
  definition: EventDefinition<Type, Input, Payload>,
): EventDefinition<Type, Input, Payload> {
  return definition;
}

/** An event as the log has it. */
export interface StoredEvent extends EventMeta {
  readonly id: EventId;
  readonly type: string;
  readonly version: number;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Checks a caller's input against the definition; VALIDATION_FAILED names each bad field as `payload.field`, or below `at`. */
export function parseInput<Input>(
  definition: { readonly input: z.ZodType<Input> },
  input: unknown,
  at: readonly string[] = ['payload'],
): Input {
  const result = definition.input.safeParse(input);
  if (result.success) return result.data;
  throw invalid(
    result.error.issues.map((issue) => ({ path: [...at, ...issue.path].join('.'), message: issue.message })),
  );
}
