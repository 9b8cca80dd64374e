import { Refusal } from '../http.mjs';

/** @import { Tap } from '../types.js' */

/**
 * Sends a tap that must be refused with this code, and tells so.
 * @param {import('../evening.mjs').Evening} evening
 * @param {{ phone: import('../phone.mjs').Phone, tap: Tap }} attempt
 * @param {string} code
 */
export async function expectRefusal({ story }, { phone, tap }, code) {
  const refusal = await refusalOf(phone.send(tap), code);
  phone.forget(tap);
  story.tell(phone.name, `is refused: ${refusal.message}`);
}

/**
 * The refusal that an attempt must meet.
 * @param {Promise<unknown>} attempt
 * @param {string} code
 * @returns {Promise<Refusal>}
 */
export async function refusalOf(attempt, code) {
  const outcome = await attempt.catch((error) => error);
  if (outcome instanceof Refusal && outcome.code === code) return outcome;
  throw new Error(`this should have been refused with ${code}`, { cause: outcome });
}
