import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseInput } from '../../../src/domain/events/define.js';
import { eventDefinition, eventDefinitions } from '../../../src/domain/events/index.js';
import { Rejection } from '../../../src/domain/rejection.js';

const uuid = '01900000-0000-7000-8000-00000000e001';
const types = Object.keys(eventDefinitions);
/** These have no callers: the server makes their content, and the compiler checks it. */
const made = [
  'session_opened',
  'payment_started',
  'payment_ended',
  'payment_settled',
  'payment_refunded',
  'session_paid',
];
const parsed = types.filter((type) => !made.includes(type));

describe('the parser of every event type', () => {
  test.each(parsed)('%s takes its own examples, and gives the same when it reads its answer', (type) => {
    const definition = eventDefinition(type);
    expect(definition.examples.length).toBeGreaterThan(0);
    for (const { input } of definition.examples) {
      const once = parseInput(definition, input);
      expect(parseInput(definition, JSON.parse(JSON.stringify(once)))).toEqual(once);
    }
  });

  test.each(parsed)('%s refuses a field that it does not know, whatever its name', (type) => {
    const definition = eventDefinition(type);
    const [example] = definition.examples;
    for (const name of ['surprise', '__proto__', 'constructor', 'Quantity', '']) {
      const input = JSON.parse(`{${JSON.stringify(name)}: 1}`) as object;
      const whole = Object.defineProperties({ ...(example?.input as object) }, Object.getOwnPropertyDescriptors(input));
      expect(pathsOf(type, whole)).toContain('payload');
    }
  });

  test.each(parsed)('%s refuses everything that is no object', (type) => {
    for (const input of [null, undefined, 1, 'x', true, [], [1], Number.NaN]) {
      expect(pathsOf(type, input).length).toBeGreaterThan(0);
    }
  });

  test.each(parsed)(
    '%s answers any JSON with its value or with VALIDATION_FAILED, never with another error',
    (type) => {
      fc.assert(
        fc.property(
          fc.jsonValue(),
          fc.constantFrom('menu_item_id', 'line_id', 'quantity', 'note', 'reason', 'ttl_seconds'),
          (value, field) => {
            for (const input of [value, { [field]: value }]) pathsOf(type, input);
          },
        ),
        { numRuns: 100 },
      );
    },
  );
});

const add = { menu_item_id: uuid, quantity: 1 };
const modify = { line_id: uuid };
const long = (length: number) => 'x'.repeat(length);

describe('a bad field is named by its path', () => {
  test.each<[string, string, unknown, string]>([
    ['NUL in a note', 'add_item', { ...add, note: 'a\u0000b' }, 'payload.note'],
    ['half a surrogate pair in a note', 'add_item', { ...add, note: '\ud83d' }, 'payload.note'],
    ['the other half', 'add_item', { ...add, note: 'x\udc00y' }, 'payload.note'],
    ['a note of 201 characters', 'add_item', { ...add, note: long(201) }, 'payload.note'],
    ['a note that is a number', 'add_item', { ...add, note: 7 }, 'payload.note'],
    ['no quantity', 'add_item', { menu_item_id: uuid }, 'payload.quantity'],
    ['half a portion', 'add_item', { ...add, quantity: 1.5 }, 'payload.quantity'],
    ['NaN portions', 'add_item', { ...add, quantity: Number.NaN }, 'payload.quantity'],
    ['endless portions', 'add_item', { ...add, quantity: Number.POSITIVE_INFINITY }, 'payload.quantity'],
    ['portions as text', 'add_item', { ...add, quantity: '1' }, 'payload.quantity'],
    ['more portions than an integer holds', 'add_item', { ...add, quantity: 2 ** 53 }, 'payload.quantity'],
    ['a price from the phone', 'add_item', { ...add, unit_price: 1 }, 'payload'],
    ['an item id that is none', 'add_item', { ...add, menu_item_id: 'pho' }, 'payload.menu_item_id'],
    ['an item id with a line break', 'add_item', { ...add, menu_item_id: `${uuid}\n` }, 'payload.menu_item_id'],
    ['a bad option', 'add_item', { ...add, options: [uuid, 'x'] }, 'payload.options.1'],
    ['51 options', 'add_item', { ...add, options: Array(51).fill(uuid) }, 'payload.options'],
    ['a bad guest', 'add_item', { ...add, for_device_id: 1 }, 'payload.for_device_id'],
    ['neither quantity nor delta', 'modify_qty', modify, 'payload.quantity'],
    ['quantity and delta', 'modify_qty', { ...modify, quantity: 1, delta: 1 }, 'payload.quantity'],
    ['a delta of 100', 'modify_qty', { ...modify, delta: 100 }, 'payload.delta'],
    ['a delta of -100', 'modify_qty', { ...modify, delta: -100 }, 'payload.delta'],
    ['an empty reason', 'remove_item', { line_id: uuid, reason: '' }, 'payload.reason'],
    ['a reason of 201 characters', 'remove_item', { line_id: uuid, reason: long(201) }, 'payload.reason'],
    ['NUL in a reason', 'session_closed', { reason: '\u0000' }, 'payload.reason'],
    ['a name of 61 characters', 'device_joined', { device_id: uuid, name: long(61) }, 'payload.name'],
    ['a TTL of 0', 'session_extended', { ttl_seconds: 0 }, 'payload.ttl_seconds'],
    ['a negative TTL', 'session_extended', { ttl_seconds: -5 }, 'payload.ttl_seconds'],
    ['a TTL past a day', 'session_extended', { ttl_seconds: 86_401 }, 'payload.ttl_seconds'],
  ])('%s', (_, type, input, path) => {
    expect(pathsOf(type, input)).toContain(path);
  });

  test('and every bad field is named, not only the first', () => {
    expect(pathsOf('add_item', { menu_item_id: 1, quantity: 'x', note: 2 })).toEqual([
      'payload.menu_item_id',
      'payload.quantity',
      'payload.note',
    ]);
  });
});

test('ids are read in either case and kept in lower case; null is the same as left out', () => {
  const definition = eventDefinition('add_item');
  const plain = parseInput(definition, add);
  expect(parseInput(definition, { ...add, menu_item_id: uuid.toUpperCase() })).toEqual(plain);
  expect(JSON.stringify(parseInput(definition, { ...add, note: null, options: null }))).toBe(JSON.stringify(plain));
});

test('the longest allowed note with all kinds of signs is taken as it is', () => {
  const note = `${'🍜'.repeat(50)}${'ơ'.repeat(50)}${' "\\\n\t'.repeat(10)}`.slice(0, 200);
  expect(parseInput(eventDefinition('add_item'), { ...add, note })).toMatchObject({ note });
});

/** The paths that VALIDATION_FAILED names; none when the input is taken. */
function pathsOf(type: string, input: unknown): readonly string[] {
  try {
    parseInput(eventDefinition(type), input);
    return [];
  } catch (error) {
    if (!(error instanceof Rejection) || error.code !== 'VALIDATION_FAILED') throw error;
    return (error.extra.errors as { path: string }[]).map(({ path }) => path);
  }
}
