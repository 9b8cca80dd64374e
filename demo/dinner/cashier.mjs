import { cashierKey } from './demo-restaurant.mjs';
import { ask } from './protocols/rest.mjs';

/** @import { Payment } from './types.js' */

/**
 * The person at the till, whose name stands under what she takes.
 * @typedef {ReturnType<typeof createCashier>} Cashier
 * @param {string} base
 */
export function createCashier(base) {
  const who = { token: cashierKey, actorName: 'Mai' };
  return {
    name: who.actorName,
    /** Takes all that is due. @param {string} sessionId @param {{ key: string, tendered: number }} cash @returns {Promise<Payment & { change: number }>} */
    async takeCash(sessionId, { key, tendered }) {
      const body = { session_id: sessionId, tendered, idempotency_key: key };
      return (await ask(`${base}/api/v1/admin/payments/cash`, { ...who, body })).body;
    },
    /** @param {string} sessionId @returns {Promise<Payment[]>} */
    async payments(sessionId) {
      const url = `${base}/api/v1/sessions/${sessionId}/payments`;
      return (await ask(url, { ...who, method: 'GET' })).body.payments;
    },
  };
}
