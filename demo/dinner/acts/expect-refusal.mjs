import { Refusal } from '../http.mjs';

/** @import { Tap } from '../types.js' */

/**
 * Sends a tap that must be refused with this code, and tells so.
 * @param {import('../evening.mjs').Evening} evening
 * @param {{ phone: import('../phone.mjs').Phone, tap: Tap }} attempt
 * @param {string} code
 */
export async function expectRefusal({ story }, { phone, tap }, code) {
  const outcome = await phone.send(tap).catch((error) => error);
  if (!(outcome instanceof Refusal) || outcome.code !== code) {
    throw new Error(`${phone.name} should have been refused with ${code}`, { cause: outcome });
  }
  phone.forget(tap);
  story.tell(phone.name, `is refused: ${outcome.message}`);
}
