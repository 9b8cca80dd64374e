import type { Orm } from './connect.js';

/** A query that drizzle puts together once per connection pool, and not at every call: that costs more than to send it. */
export function preparedFor<Query extends object>(build: (orm: Orm) => Query): (orm: Orm) => Query {
  const built = new WeakMap<Orm, Query>();
  return (orm) => {
    const known = built.get(orm);
    if (known) return known;
    const query = build(orm);
    built.set(orm, query);
    return query;
  };
}
