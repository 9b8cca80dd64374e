/**
 * The value as Postgres gives a jsonb back: members without a value left out, shorter names first and equally long ones by
 * their bytes. So an event reads the same, byte for byte, from memory and from the log.
 */
export function asJsonb<T>(value: T): T {
  // Arrays and objects keep their type; only the order of members is another.
  return (Array.isArray(value) ? value.map(asJsonb) : isObject(value) ? inOrder(value) : value) as T;
}

function inOrder(value: object): object {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(
    ([a], [b]) => Buffer.byteLength(a) - Buffer.byteLength(b) || Buffer.compare(Buffer.from(a), Buffer.from(b)),
  );
  return Object.fromEntries(members.map(([name, member]) => [name, asJsonb(member as unknown)]));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
