import { createCashier } from '../dinner/cashier.mjs';
import { dishes } from '../dinner/demo-restaurant.mjs';
import { createGateway } from '../dinner/gateway.mjs';
import { createStaff } from '../dinner/staff.mjs';
import { createBoard } from './board.mjs';
import { createBooks } from './books.mjs';
import { createClock } from './clock.mjs';
import { createRandom } from './random.mjs';
import { createRestaurant } from './restaurant.mjs';
import { createTables } from './tables.mjs';

/** @import { Evening, Menu, Restaurant, Story } from './types.js' */

/**
 * The restaurant before the first guest: every table free, every dish of the evening to be had.
 * @param {{ base: string, seed: number, story: Story }} place
 * @returns {Promise<Evening>}
 */
export async function open({ base, seed, story }) {
  const gateway = createGateway(base);
  await gateway.mustBeThere();
  const restaurant = createRestaurant(base);
  const clock = createClock(() => story.flush());
  await clearTables(restaurant, story);
  return {
    ...{ base, seed, clock, story, gateway, restaurant, staff: createStaff(base), cashier: createCashier(base) },
    books: createBooks(base),
    ...{ random: createRandom(seed), board: createBoard(restaurant, clock), tables: createTables() },
    menu: await readMenu(restaurant),
    ...{ visits: [], tickets: new Map(), attempts: [], soldOut: new Set() },
    waiters: ['Nam', 'Thu'].map((name) => ({ name, calls: 0, served: 0, errands: 0 })),
    counts: { parties: 0, phones: 0, mostPhones: 0, kitchenOpen: true },
  };
}

/** Whoever still sits at a demo table has to go: it says so. @param {Restaurant} restaurant @param {Story} story */
async function clearTables(restaurant, story) {
  for (const { table_name, session, minutes_open } of await restaurant.floor()) {
    if (!session) continue;
    await restaurant.close('Nam', session.session_id, 'closed for the evening demonstration');
    story.print(`  ${table_name} was taken, for ${minutes_open ?? 0} minutes: closed, with a reason`);
  }
}

/** @param {Restaurant} restaurant @returns {Promise<Menu>} */
async function readMenu(restaurant) {
  // An evening that broke off may have left it sold out.
  await restaurant.setAvailable('Khoa', dishes.bunCha, true);
  const all = await restaurant.dishes();
  const scarce = all.find(({ menu_item_id }) => menu_item_id === dishes.bunCha);
  const others = all.filter(({ available, menu_item_id }) => available && menu_item_id !== dishes.bunCha);
  const sides = others.filter(({ price }) => price < 50_000);
  const mains = others.filter((dish) => !sides.includes(dish));
  if (!scarce || mains.length === 0 || sides.length === 0)
    throw new Error('the menu is not that of the demo restaurant');
  return { mains, sides, scarce };
}
