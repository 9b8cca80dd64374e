/**
 * The value as Postgres gives a jsonb back: members without a value left out, shorter names first and equally long ones by
 * their bytes. So an event reads the same, byte for byte, from memory and from the log.
 */
export function asJsonb<T>(value: T): T {
  // Arrays and objects keep their type; only the order of members is another.
  return (Array.isArray(value) ? value.map(asJsonb) : isObject(value) ? inOrder(value) : value) as T;
}

function inOrder(value: Readonly<Record<string, unknown>>): object {
  const ordered: Record<string, unknown> = {};
  for (const name of orderOf(Object.keys(value))) {
    const member = value[name];
    if (member !== undefined) ordered[name] = isObject(member) ? asJsonb(member) : member;
  }
  return ordered;
}

/** Events of a type have the same members in the same order, so their sorting is remembered: it is on the way of every write. */
const orders = new Map<string, readonly string[]>();
const maxOrders = 500;

function orderOf(names: readonly string[]): readonly string[] {
  const shape = `${names.length}\n${names.join('\n')}`;
  const known = orders.get(shape);
  if (known) return known;
  const sorted = names.map((name) => ({ name, bytes: Buffer.from(name) }));
  sorted.sort((a, b) => a.bytes.length - b.bytes.length || Buffer.compare(a.bytes, b.bytes));
  const order = sorted.map(({ name }) => name);
  if (orders.size >= maxOrders) orders.clear();
  orders.set(shape, order);
  return order;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
