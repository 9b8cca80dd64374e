import { methodName, money } from './amounts.mjs';
import { table } from './table.mjs';

/** @import { Line, Payment, Snapshot } from './types.js' */

/**
 * The bill as lines of an aligned table.
 * @param {Snapshot} snapshot
 * @param {readonly Payment[]} payments
 * @returns {string[]}
 */
export function billTable(snapshot, payments = []) {
  const rows = snapshot.items.map((line) => [
    String(line.quantity),
    describe(line),
    money(line.line_total / line.quantity),
    money(line.line_total),
    line.added_by.name ?? '',
  ]);
  const head = ['Qty', 'Dish', 'Each', 'Amount', 'By'];
  const parts = [sumsOf(snapshot), paymentsOf(payments), [under(`Due (${snapshot.currency})`, snapshot.due)]];
  return table({ head, parts: [rows, ...parts], figures: [0, 2, 3] });
}

/** @param {Snapshot} snapshot */
function sumsOf({ subtotal, adjustments, total }) {
  const changes = adjustments.map(({ kind, amount, reason }) =>
    under(capitalised(reason), (amount ?? 0) * (kind === 'discount' ? -1 : 1)),
  );
  return [...(changes.length === 0 ? [] : [under('Subtotal', subtotal), ...changes]), under('Total', total)];
}

/** @param {readonly Payment[]} payments */
function paymentsOf(payments) {
  const standing = payments.filter(({ status }) => status === 'succeeded');
  return standing.map(({ method, amount, actor }) =>
    under(`Paid ${method === 'cash' ? 'in' : 'through'} ${methodName(method)}`, amount, actor.name ?? ''),
  );
}

/** A row under the dishes. @param {string} name @param {number} amount @param {string} by */
function under(name, amount, by = '') {
  return ['', name, '', money(amount), by];
}

const capitalised = (/** @type {string} */ text) => text.charAt(0).toUpperCase() + text.slice(1);

/** @param {Line} line */
function describe({ name, options, note }) {
  const chosen = options.length === 0 ? '' : ` (${options.map((option) => option.name).join(', ')})`;
  return `${name}${chosen}${note ? ` “${note}”` : ''}`;
}
