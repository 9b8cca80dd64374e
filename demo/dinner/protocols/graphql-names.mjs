/** REST and GraphQL use the same words: snake_case there, camelCase and UPPER_SNAKE enum values here. */

/** Fields whose value is an enum. `type` of an event and of an actor is one, too. */
const enums = new Set(['type', 'kind', 'status', 'state', 'paymentStatus']);
/** Stored JSON: the same in both. */
const opaque = new Set(['payload']);

/**
 * From a GraphQL answer to the words of REST.
 * @param {unknown} value
 * @returns {any}
 */
export function toRestWords(value) {
  if (Array.isArray(value)) return value.map(toRestWords);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (opaque.has(name)) return [name, inner];
      if (enums.has(name) && typeof inner === 'string') return [snake(name), inner.toLowerCase()];
      return [snake(name), toRestWords(inner)];
    }),
  );
}

/**
 * From an event of REST to the `@oneOf` input of GraphQL.
 * @param {string} type
 * @param {Readonly<Record<string, unknown>>} payload
 */
export function toEventInput(type, payload) {
  const fields = Object.entries(payload).map(([name, value]) => [
    camel(name),
    enums.has(name) && typeof value === 'string' ? toEnum(value) : value,
  ]);
  return { [camel(type)]: Object.fromEntries(fields) };
}

/** An enum value. @param {string} value */
export const toEnum = (value) => value.toUpperCase();

const snake = (/** @type {string} */ name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const camel = (/** @type {string} */ name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
