import { dong, methodName } from './amounts.mjs';

/** @import { Actor, LogEvent } from './types.js' */

/** Who it was; a provider has no name of its own. @param {Actor} actor */
export function whoIs({ name, type, id }) {
  return name ?? (type === 'provider' ? methodName(id) : type);
}

/**
 * An event in plain words.
 * @param {LogEvent} event
 * @param {readonly LogEvent[]} log
 * @returns {string}
 */
export function wordsOf({ event_type, payload }, log) {
  /** @type {any} */
  const { name, quantity, delta, options = [], note, line_id, round, line_ids } = payload;
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
    case 'submit_round':
      return `sends round ${round} to the kitchen: ${countOf(line_ids, 'line')}`;
    case 'payment_started':
      return startOf(payload);
    case 'payment_settled':
      return settlementOf(payload, log);
    case 'session_paid':
      return 'and with that everything is paid: the session ends';
    default:
      return event_type.replaceAll('_', ' ');
  }
}

/** @param {string} lineId @param {readonly LogEvent[]} log */
function nameOf(lineId, log) {
  const added = log.find(({ event_type, payload }) => event_type === 'add_item' && payload.line_id === lineId);
  return /** @type {string | undefined} */ (added?.payload.name) ?? lineId;
}

/** @param {any} list @param {string} noun */
function countOf(list, noun) {
  return `${list.length} ${noun}${list.length === 1 ? '' : 's'}`;
}

/** @param {any} payload */
function startOf({ amount, method, split }) {
  const part = split?.type === 'share' ? `, part ${split.part + 1} of ${split.parts}` : '';
  return `wants to pay ${dong(amount)} through ${methodName(method)}${part}`;
}

/** @param {any} payload @param {readonly LogEvent[]} log */
function settlementOf({ payment_id, method, amount, rounding, tendered, change }, log) {
  if (method !== 'cash') {
    const start = log.find(
      ({ event_type, payload }) => event_type === 'payment_started' && payload.payment_id === payment_id,
    );
    return `has ${dong(amount)}${start ? ` from ${whoIs(start.actor)}` : ''}`;
  }
  const rounded = rounding === 0 ? '' : ` (${dong(amount - rounding)}, rounded)`;
  return `takes ${dong(amount)} in cash${rounded}${tendered === null ? '' : ` and gives ${dong(change)} back`}`;
}
