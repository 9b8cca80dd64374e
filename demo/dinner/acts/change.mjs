import { dishes } from '../demo-restaurant.mjs';
import { expectRefusal } from './expect-refusal.mjs';

/** Changes of the same line count both; what cannot be had is refused and leaves no trace. @param {import('../evening.mjs').Evening} evening */
export async function change(evening) {
  const { story, phones } = evening;
  story.act('They change their minds');
  const [lan, minh, hoa, tuan] = phones;
  if (!lan || !minh || !hoa || !tuan) throw new Error('a guest is missing');
  const tea = (await evening.lineOf(dishes.traDa)).line_id;
  await Promise.all([
    hoa.tap('modify_qty', { line_id: tea, delta: 1 }),
    tuan.tap('modify_qty', { line_id: tea, delta: 1 }),
    lan.tap('modify_qty', { line_id: (await evening.lineOf(dishes.goiCuon)).line_id, quantity: 3 }),
    minh.tap('remove_item', { line_id: (await evening.lineOf(dishes.bunCha)).line_id }),
  ]);
  await evening.catchUp();
  const { quantity } = await evening.lineOf(dishes.traDa);
  if (quantity !== 3) throw new Error(`two phones tapped + on 1 iced tea, and there are ${quantity}`);
  story.tell('Hoa', 'and Tuấn both tapped + at once, and both count: 1 became 3');
  const tap = lan.newTap('add_item', { menu_item_id: dishes.chaCa, quantity: 1 });
  await expectRefusal(evening, { phone: lan, tap }, 'ITEM_UNAVAILABLE');
}
