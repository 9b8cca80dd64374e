import { dishes } from '../demo-restaurant.mjs';
import { expectRefusal } from './expect-refusal.mjs';

/** Staff end the visit; from then on phones read, but order nothing. @param {import('../evening.mjs').Evening} evening */
export async function leave(evening) {
  const { story, staff, sessionId, phones } = evening;
  story.act('They leave');
  await staff.close(sessionId, 'the dinner demonstration ends');
  await evening.catchUp();
  const [lan] = phones;
  if (!lan) throw new Error('a guest is missing');
  const tap = lan.newTap('add_item', { menu_item_id: dishes.traDa, quantity: 1 });
  await expectRefusal(evening, { phone: lan, tap }, 'SESSION_NOT_OPEN');
}
