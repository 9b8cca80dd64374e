import { pad, widthOf } from './story.mjs';

/** @import { Line, Snapshot } from './types.js' */

/**
 * The bill as lines of an aligned table.
 * @param {Snapshot} snapshot
 * @returns {string[]}
 */
export function billTable({ items, total, paid, due, currency }) {
  const rows = items.map((line) => [
    String(line.quantity),
    describe(line),
    money(line.line_total / line.quantity),
    money(line.line_total),
    line.added_by.name ?? '',
  ]);
  const head = ['Qty', 'Dish', 'Each', 'Amount', 'Added by'];
  const foot = [
    ['Total', total],
    ['Paid', paid],
    [`Due (${currency})`, due],
  ].map(([name, amount]) => ['', String(name), '', money(Number(amount)), '']);
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows, ...foot].map((row) => widthOf(row[column] ?? ''))),
  );
  const rule = widths.map((width) => '─'.repeat(width)).join('──');
  const toLine = (/** @type {string[]} */ row) =>
    row
      .map((cell, column) => align(cell, widths[column] ?? 0, column))
      .join('  ')
      .trimEnd();
  return [toLine(head), rule, ...rows.map(toLine), rule, ...foot.map(toLine)];
}

/** @param {Line} line */
function describe({ name, options, note }) {
  const chosen = options.length === 0 ? '' : ` (${options.map((option) => option.name).join(', ')})`;
  return `${name}${chosen}${note ? ` “${note}”` : ''}`;
}

/** Figures stand at the right. @param {string} cell @param {number} width @param {number} column */
function align(cell, width, column) {
  const isFigure = column === 0 || column === 2 || column === 3;
  return isFigure ? ' '.repeat(width - widthOf(cell)) + cell : pad(cell, width);
}

const money = (/** @type {number} */ amount) => new Intl.NumberFormat('vi-VN').format(amount);
