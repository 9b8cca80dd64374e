import { setTimeout as pause } from 'node:timers/promises';

/** @import { Evening } from './types.js' */

/** Every node has heard of it by then. */
const WORD_GOES_ROUND_MS = 2_000;
const [from, to] = [34, 80];

/** A dish runs out in mid evening, and comes back. @param {Evening} evening */
export async function runOut({ clock, menu: { scarce }, restaurant, soldOut, story }) {
  await clock.wait(from);
  await restaurant.setAvailable('Khoa', scarce.menu_item_id, false);
  story.tell(clock.minute, { who: 'Khoa' }, `has no ${scarce.name} left: sold out on every phone`);
  await pause(WORD_GOES_ROUND_MS);
  soldOut.add(scarce.menu_item_id);
  await clock.wait(to - from);
  soldOut.delete(scarce.menu_item_id);
  await restaurant.setAvailable('Khoa', scarce.menu_item_id, true);
  await pause(WORD_GOES_ROUND_MS);
  story.tell(clock.minute, { who: 'Khoa' }, `has ${scarce.name} again`);
}
