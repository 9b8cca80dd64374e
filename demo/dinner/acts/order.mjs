import { dishes, options } from '../demo-restaurant.mjs';

/** Everybody orders at once, with options and notes. @param {import('../evening.mjs').Evening} evening */
export async function order(evening) {
  evening.story.act('Everybody orders at once');
  const [lan, minh, hoa, tuan] = evening.phones;
  await Promise.all([
    lan?.tap('add_item', {
      menu_item_id: dishes.pho,
      quantity: 1,
      options: [options.large, options.egg, options.quay],
      note: 'không hành, nhiều giá',
    }),
    lan?.tap('add_item', { menu_item_id: dishes.goiCuon, quantity: 2 }),
    minh?.tap('add_item', { menu_item_id: dishes.pho, quantity: 1, options: [options.regular] }),
    minh?.tap('add_item', { menu_item_id: dishes.caPhe, quantity: 1, note: 'ít đường' }),
    hoa?.tap('add_item', { menu_item_id: dishes.bunCha, quantity: 1 }),
    hoa?.tap('add_item', { menu_item_id: dishes.traDa, quantity: 1 }),
    tuan?.tap('add_item', { menu_item_id: dishes.banhXeo, quantity: 2, note: 'thêm rau sống' }),
    tuan?.tap('add_item', { menu_item_id: dishes.caPhe, quantity: 2 }),
  ]);
  await evening.catchUp();
}
