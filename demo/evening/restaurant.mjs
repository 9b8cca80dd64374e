import { randomUUID } from 'node:crypto';
import { cashierKey, location, staffKey } from '../dinner/demo-restaurant.mjs';
import { ask } from '../dinner/protocols/rest.mjs';

/** @import { LogEvent } from '../dinner/types.js' */
/** @import { Dish, FloorTable, Ticket } from './types.js' */

/**
 * What staff can do at the demo restaurant, each under their own name.
 * @param {string} base
 */
export function createRestaurant(base) {
  const api = `${base}/api/v1`;
  const at = (/** @type {string} */ sessionId) => `${api}/sessions/${sessionId}`;
  const get = async (/** @type {string} */ url) => (await ask(url, { method: 'GET', token: staffKey })).body;
  const staff = (/** @type {string} */ actorName) => ({ token: staffKey, actorName });
  const cashier = { token: cashierKey, actorName: 'Mai' };
  /** @param {{ token: string, actorName: string }} who @param {string} sessionId @param {readonly [LogEvent['event_type'], object][]} events */
  const append = async (who, sessionId, events) => {
    const body = {
      events: events.map(([event_type, payload]) => ({ idempotency_key: randomUUID(), event_type, payload })),
    };
    return (await ask(`${at(sessionId)}/events/batch`, { ...who, body })).body;
  };
  return {
    /** @returns {Promise<FloorTable[]>} */
    floor: async () => (await get(`${api}/locations/${location}/floor`)).tables,
    /** @returns {Promise<Ticket[]>} */
    kitchen: async () => (await get(`${api}/locations/${location}/kitchen`)).tickets,
    /** @returns {Promise<Dish[]>} */
    dishes: async () => (await get(`${api}/locations/${location}/menu`)).items,
    /** @param {string} who @param {string} ticketId */
    acknowledge: (who, ticketId) => ask(`${api}/tickets/${ticketId}/acknowledge`, staff(who)),
    /** @param {string} who @param {string} sessionId @param {readonly { line_id: string, state: string, reason?: string }[]} lines */
    setLines: (who, sessionId, lines) =>
      append(
        staff(who),
        sessionId,
        lines.map((line) => ['set_line_state', line]),
      ),
    /** @param {string} who @param {string} sessionId @param {{ kind: string, outcome: 'taken' | 'done' }} answer */
    answerCall: (who, sessionId, answer) => append(staff(who), sessionId, [['resolve_service', answer]]),
    /** @param {string} who @param {string} sessionId @param {{ line_id: string, reason: string }} line */
    takeLineOff: (who, sessionId, line) => append(staff(who), sessionId, [['remove_item', line]]),
    /** @param {string} sessionId @param {object} discount */
    adjust: (sessionId, discount) => append(cashier, sessionId, [['adjust_bill', discount]]),
    /** @param {string} who @param {string} sessionId @param {string} tableId */
    move: (who, sessionId, tableId) => ask(`${at(sessionId)}/move`, { ...staff(who), body: { table_id: tableId } }),
    /** @param {string} who @param {string} sessionId @param {string} deviceId */
    removePhone: (who, sessionId, deviceId) =>
      ask(`${at(sessionId)}/devices/${deviceId}`, { ...staff(who), method: 'DELETE' }),
    /** By a phone of the table. @param {string} token @param {string} sessionId @param {string} deviceId */
    approvePhone: (token, sessionId, deviceId) => ask(`${at(sessionId)}/devices/${deviceId}/approve`, { token }),
    /** @param {string} who @param {string} sessionId @param {string} [reason] */
    close: (who, sessionId, reason) =>
      ask(`${at(sessionId)}/close`, { ...staff(who), body: reason === undefined ? {} : { reason } }),
    /** @param {string} sessionId @param {string} reason */
    writeOff: (sessionId, reason) =>
      ask(`${api}/admin/sessions/${sessionId}/write-off`, { ...cashier, body: { reason } }),
    /** @param {string} who @param {string} dish @param {boolean} available */
    setAvailable: (who, dish, available) =>
      ask(`${api}/admin/menu-items/${dish}/availability`, { ...staff(who), body: { available } }),
  };
}
