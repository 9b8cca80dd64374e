import { dishes, table } from '../demo-restaurant.mjs';
import { expectRefusal } from './expect-refusal.mjs';

/** The visit is over without anybody's doing; from then on phones read, but order nothing. @param {import('../evening.mjs').Evening} evening */
export async function leave(evening) {
  const { story, staff, phones } = evening;
  story.act('They leave');
  const [lan] = phones;
  if (!lan) throw new Error('a guest is missing');
  const tap = lan.newTap('add_item', { menu_item_id: dishes.traDa, quantity: 1 });
  await expectRefusal(evening, { phone: lan, tap }, 'SESSION_NOT_OPEN');
  const left = await staff.sessionAt(table.id);
  if (left) throw new Error(`everything is paid, and table ${table.name} is still taken by ${left}`);
  story.tell('staff', `had nothing to do: table ${table.name} is free again`);
}
