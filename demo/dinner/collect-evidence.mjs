/** @import { Evidence } from './types.js' */

/**
 * Everything that was seen: by staff who read the log from its start, by every phone, and the bill at every seq.
 * @param {import('./evening.mjs').Evening} evening
 * @returns {Promise<Evidence>}
 */
export async function collectEvidence({ staff, sessionId, phones, snapshots }) {
  const log = await staff.log(sessionId);
  const past = [];
  for (const { event_seq } of log) past.push(await staff.snapshot(sessionId, event_seq));
  return {
    log,
    snapshots: [...snapshots, ...past],
    views: await Promise.all(phones.map((phone) => phone.view())),
    taps: phones.flatMap(({ taps }) => taps),
  };
}
