import { inboxEffect } from './effects/inbox.js';
import { adoptionEffect, paymentsEffect } from './effects/payments.js';
import { refundsEffect } from './effects/refunds.js';
import { ticketsEffect } from './effects/tickets.js';
import { writeOffsEffect } from './effects/write-offs.js';
import type { SessionWrite } from './session-write.js';
import type { Cell, RowEffect } from './effects/row-effect.js';

/** Rows of other tables that are written by the same statement as the events they belong to. A new one is one line here. */
const effects: readonly RowEffect[] = [
  ...[paymentsEffect, adoptionEffect, refundsEffect, ticketsEffect, writeOffsEffect, inboxEffect],
];

/** The effects as further parts of the statement; their parameters follow the given one. */
export function effectsSql(lastParameter: number): string {
  let next = lastParameter + 1;
  return effects
    .map(({ name, columns, sql }) => {
      const types = Object.values(columns).map((type) => `$${next++}::${type}[]`);
      const source = `unnest(${types.join(', ')}) r(${Object.keys(columns).join(', ')})`;
      return `, ${name} AS (${sql(source, 'WHERE ((r.tenant_id, r.session_id) IN (SELECT m.tenant_id, m.id FROM moved m)) IS TRUE')})`;
    })
    .join('\n');
}

/** True when one of the writes has rows for other tables. */
export function hasEffects(writes: readonly SessionWrite[]): boolean {
  return writes.some(
    ({ inbox, before: { bill }, after }) =>
      inbox.length > 0 ||
      bill.payments !== after.payments ||
      bill.rounds !== after.rounds ||
      bill.writtenOff !== after.writtenOff,
  );
}

/** The parameters of the effects, column by column. */
export function effectParameters(writes: readonly SessionWrite[]): readonly Cell[][] {
  return effects.flatMap(({ columns, rows }) => {
    const all = writes.flatMap(rows);
    return Object.keys(columns).map((_, column) => all.map((row) => row[column] ?? null));
  });
}
