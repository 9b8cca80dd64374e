/** @import { Evidence } from './types.js' */

/**
 * Everything that was seen: by staff who read the log from its start, by every phone, at the till and by the providers,
 * and the bill at every seq.
 * @param {import('./evening.mjs').Evening} evening
 * @returns {Promise<Evidence>}
 */
export async function collectEvidence({ staff, cashier, gateway, sessionId, phones, snapshots }) {
  const log = await staff.log(sessionId);
  const intents = phones.flatMap((phone) => phone.intents);
  const past = [];
  for (const { event_seq } of log) past.push(await staff.snapshot(sessionId, event_seq));
  return {
    log,
    snapshots: [...snapshots, ...past],
    views: await Promise.all(phones.map((phone) => phone.view())),
    taps: phones.flatMap(({ taps }) => taps),
    intents,
    payments: await cashier.payments(sessionId),
    orders: await Promise.all(intents.map((intent) => gateway.order(intent))),
  };
}
