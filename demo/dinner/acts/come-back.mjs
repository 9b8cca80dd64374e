import { dishes, options } from '../demo-restaurant.mjs';

/** A phone that was away resumes at its cursor, in pages, and misses nothing. @param {import('../evening.mjs').Evening} evening */
export async function comeBack(evening) {
  const { story, phones } = evening;
  story.act('Hoa takes a call outside');
  const [lan, minh, hoa, tuan] = phones;
  if (!lan || !minh || !hoa || !tuan) throw new Error('a guest is missing');
  const left = hoa.reader.cursor;
  story.tell('Hoa', `leaves with cursor ${left}`);
  const phos = { menu_item_id: dishes.pho, quantity: 1, options: [options.regular, options.egg] };
  await lan.tap('add_item', phos);
  await minh.tap('modify_qty', { line_id: (await evening.lineOf(dishes.pho)).line_id, delta: 1 });
  await tuan.tap('modify_qty', { line_id: (await evening.lineOf(dishes.banhXeo)).line_id, quantity: 1 });
  await minh.tap('add_item', { menu_item_id: dishes.traDa, quantity: 2 });
  await evening.catchUp([lan, minh, tuan]);
  const missed = await hoa.reader.catchUp(2);
  const isGapless = missed.every(({ event_seq }, index) => event_seq === left + 1 + index);
  if (!isGapless || hoa.reader.cursor !== lan.reader.cursor)
    throw new Error(`Hoa came back to seq ${hoa.reader.cursor} with a gap`);
  story.tell('Hoa', `comes back and reads ${missed.length} events behind cursor ${left}, two at a time`);
}
