/** @import { LogEvent } from './types.js' */

/**
 * An event in plain words.
 * @param {LogEvent} event
 * @param {readonly LogEvent[]} log
 * @returns {string}
 */
export function wordsOf({ event_type, payload }, log) {
  /** @type {any} */
  const { name, quantity, delta, options = [], note, line_id } = payload;
  switch (event_type) {
    case 'add_item': {
      const chosen =
        options.length === 0 ? '' : ` (${options.map((/** @type {any} */ option) => option.name).join(', ')})`;
      return `adds ${quantity} × ${name}${chosen}${note ? `, note “${note}”` : ''}`;
    }
    case 'modify_qty':
      return `${delta ? `taps ${delta > 0 ? '+' : ''}${delta} on` : 'changes'} ${nameOf(line_id, log)}: now ${quantity}`;
    case 'remove_item':
      return `takes ${nameOf(line_id, log)} off`;
    default:
      return event_type.replaceAll('_', ' ');
  }
}

/** @param {string} lineId @param {readonly LogEvent[]} log */
function nameOf(lineId, log) {
  const added = log.find(({ event_type, payload }) => event_type === 'add_item' && payload.line_id === lineId);
  return /** @type {string | undefined} */ (added?.payload.name) ?? lineId;
}
