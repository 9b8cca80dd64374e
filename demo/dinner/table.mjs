import { pad, widthOf } from './story.mjs';

/**
 * The lines of an aligned table: its head, and its parts with a rule above each.
 * @param {{ head: readonly string[], parts: readonly (readonly string[][])[], figures: readonly number[] }} content
 *   `figures`: the columns that stand at the right
 * @returns {string[]}
 */
export function table({ head, parts, figures }) {
  const widths = head.map((_, column) => Math.max(...[head, ...parts.flat()].map((row) => widthOf(row[column] ?? ''))));
  const rule = widths.map((width) => '─'.repeat(width)).join('──');
  const toLine = (/** @type {readonly string[]} */ row) =>
    row
      .map((cell, column) => align(cell, widths[column] ?? 0, figures.includes(column)))
      .join('  ')
      .trimEnd();
  const bodies = parts.filter((part) => part.length > 0);
  return [toLine(head), ...bodies.flatMap((part) => [rule, ...part.map(toLine)])];
}

/** @param {string} cell @param {number} width @param {boolean} isFigure */
function align(cell, width, isFigure) {
  return isFigure ? ' '.repeat(width - widthOf(cell)) + cell : pad(cell, width);
}
