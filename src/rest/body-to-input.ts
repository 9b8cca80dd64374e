import {
  getNamedType,
  getNullableType,
  type GraphQLEnumType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
} from 'graphql';
import type { FieldError } from '../domain/rejection.js';
import { camelWord, snakeWord } from '../domain/words.js';

/**
 * Turns a JSON body into a GraphQL input, led by the input's type: names from snake_case to camelCase, enum words to their
 * names, `{event_type, payload}` to the one-of input. Fields that the type does not have, words that an enum does not have,
 * and what is no list are reported in `errors`; other values are left for GraphQL to check.
 */
export function bodyToInput(
  type: GraphQLInputType,
  json: unknown,
  place: { path: string; errors: FieldError[] },
): unknown {
  const nullable = getNullableType(type);
  if (json === null || json === undefined) return json;
  if (isListType(nullable)) {
    // GraphQL would take a single value for a list of it.
    if (!Array.isArray(json)) return void place.errors.push({ path: place.path, message: 'must be a list' });
    return json.map((item, index) =>
      bodyToInput(nullable.ofType, item, { ...place, path: join(place.path, String(index)) }),
    );
  }
  if (isEnumType(nullable)) {
    return enumName(nullable, json) ?? void place.errors.push({ path: place.path, message: oneOfWords(nullable) });
  }
  if (!isInputObjectType(nullable) || typeof json !== 'object' || Array.isArray(json)) return json;
  return objectToInput(nullable, json, place);
}

function objectToInput(type: GraphQLInputObjectType, json: object, place: { path: string; errors: FieldError[] }) {
  const input: Record<string, unknown> = {};
  const fields = type.getFields();
  const members = 'event' in fields ? withOneOf(json, fields.event?.type, place) : Object.entries(json);
  for (const [word, value] of members) {
    const field = fields[camelWord(word)];
    const path = word === 'event' ? join(place.path, 'payload') : join(place.path, word);
    if (!field || snakeWord(field.name) !== word)
      place.errors.push({ path, message: 'is not a field of this request' });
    else if (word === 'event') input[field.name] = value;
    else input[field.name] = bodyToInput(field.type, value, { ...place, path });
  }
  return input;
}

/** `event_type` and `payload` of REST are one member of the one-of input in GraphQL. */
function withOneOf(
  json: object,
  type: GraphQLInputType | undefined,
  { path, errors }: { path: string; errors: FieldError[] },
) {
  const { event_type: word, payload, ...rest } = json as Record<string, unknown>;
  const oneOf = type && getNamedType(type);
  if (!oneOf || !isInputObjectType(oneOf)) return Object.entries(rest);
  const problem = (name: string, message: string) => errors.push({ path: join(path, name), message });
  const field = typeof word === 'string' ? oneOf.getFields()[camelWord(word)] : undefined;
  if (word === undefined) problem('event_type', 'is required');
  else if (!field || snakeWord(field.name) !== word)
    problem('event_type', `${JSON.stringify(word)} is not an event type that clients append`);
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload))
    problem('payload', 'must be an object');
  if (!field || errors.length > 0) return Object.entries(rest);
  const input = bodyToInput(field.type, payload, { path: join(path, 'payload'), errors });
  return Object.entries({ ...rest, event: { [field.name]: input } });
}

/** The GraphQL name of a word of REST. The name itself is no word of REST. */
export function enumName(type: GraphQLEnumType, word: unknown): string | undefined {
  return type.getValues().find(({ value }) => value === word)?.name;
}

/** What is said of a value that is none of an enum's words. */
export function oneOfWords(type: GraphQLEnumType): string {
  return `must be one of ${type
    .getValues()
    .map(({ value }) => String(value))
    .join(', ')}`;
}

function join(path: string, name: string): string {
  return path ? `${path}.${name}` : name;
}
