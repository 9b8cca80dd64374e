import { setTimeout as pause } from 'node:timers/promises';
import { Refusal } from '../dinner/http.mjs';
import { timesOf } from './ticket-times.mjs';

/** @import { Phone } from '../dinner/phone.mjs' */
/** @import { Change } from '../dinner/types.js' */
/** @import { Dish, Evening, Random, Visit } from './types.js' */

const notes = ['không hành', 'ít đường', 'thêm ớt', 'ít đá', 'nhiều rau'];

/** Everybody chooses at the same time. @param {Evening} evening @param {Visit} visit @param {'first' | 'more'} course */
export async function order(evening, visit, course) {
  const { phones, random } = visit;
  const chosen = phones.map((phone) => ({ phone, dishes: choose(evening, random, course) }));
  await Promise.all(
    chosen.map(async ({ phone, dishes }) => {
      for (const dish of dishes) await orderDish(evening, visit, { phone, dish });
    }),
  );
}

/** @param {Evening} evening @param {Random} random @param {'first' | 'more'} course @returns {Dish[]} */
function choose({ menu }, random, course) {
  if (course === 'more') return random.chance(0.45) ? [random.pick(menu.sides)] : [];
  const main = random.chance(0.3) ? menu.scarce : random.pick(menu.mains);
  return [main, ...(random.chance(0.6) ? [random.pick(menu.sides)] : [])];
}

/** @param {Evening} evening @param {Visit} visit @param {{ phone: Phone, dish: Dish }} wish @returns {Promise<void>} */
export async function orderDish(evening, visit, { phone, dish }) {
  const { attempts, clock, menu, soldOut, story } = evening;
  const { random, table } = visit;
  const payload = {
    ...{ menu_item_id: dish.menu_item_id, quantity: random.chance(0.15) ? 2 : 1 },
    options: dish.option_groups.flatMap(({ min, options }) =>
      random
        .shuffle(options.filter(({ available }) => available))
        .slice(0, min)
        .map(({ option_id }) => option_id),
    ),
    ...(random.chance(0.2) ? { note: random.pick(notes) } : {}),
  };
  const where = { table: table.name, who: phone.name };
  const wasSoldOut = soldOut.has(dish.menu_item_id);
  const refusal = await tap(phone, ['add_item', payload], { losesAnswer: random.chance(0.1) });
  // It may have come back while this was under way.
  if (wasSoldOut && soldOut.has(dish.menu_item_id))
    attempts.push({ what: 'sold out', who: phone.name, code: refusal?.code });
  if (!refusal) return story.detail(clock.minute, where, `orders ${payload.quantity} × ${dish.name}`);
  if (refusal.code !== 'ITEM_UNAVAILABLE') throw refusal;
  const instead = random.pick(menu.mains);
  story.tell(clock.minute, where, `wants ${dish.name}, is refused (sold out), and takes ${instead.name}`);
  await orderDish(evening, visit, { phone, dish: instead });
}

/**
 * A tap, of which the answer may get lost on the way: then the same key is sent again. Returns the refusal, if there was one.
 * @param {Phone} phone
 * @param {[Change['type'], Change['payload']]} change
 * @param {{ losesAnswer?: boolean }} luck
 * @returns {Promise<Refusal | undefined>}
 */
export async function tap(phone, [type, payload], { losesAnswer = false } = {}) {
  const made = phone.newTap(type, payload);
  try {
    if (losesAnswer) {
      await phone.sendAndHangUp(made);
      await pause(5);
    }
    await phone.send(made);
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    phone.forget(made);
    return error;
  }
}

/** Somebody presses "send", or two at once: it is one ticket. True if something went to the kitchen. @param {Evening} evening @param {Visit} visit @returns {Promise<boolean>} */
export async function send(evening, visit) {
  const { clock, story } = evening;
  const { random, table } = visit;
  const [first, second] = random.shuffle(visit.phones);
  if (!first) return false;
  const pressing = second && random.chance(0.2) ? [first, second] : [first];
  const losesAnswer = random.chance(0.15);
  const refusals = await Promise.all(pressing.map((phone) => tap(phone, ['submit_round', {}], { losesAnswer })));
  const sender = pressing[refusals.indexOf(undefined)];
  const where = { table: table.name, who: sender?.name ?? first.name };
  if (sender) {
    const twice = pressing.length === 2 ? ', pressed by two at the same moment' : '';
    story.tell(clock.minute, where, `sends ${await noteRound(evening, sender)} to the kitchen${twice}`);
    return true;
  }
  const [refusal] = refusals;
  if (refusal?.code === 'NO_DRAFT_LINES') return false;
  if (refusal?.code !== 'ITEM_UNAVAILABLE') throw refusal ?? new Error('a round was neither taken nor refused');
  // Sold out between the choice and the button: what cannot be had comes off, the rest is sent.
  for (const line_id of refusal.problem.line_ids) await tap(first, ['remove_item', { line_id }]);
  story.tell(clock.minute, where, 'is told that a chosen dish has just run out, and takes it off');
  return send(evening, visit);
}

/** Notes when the newest round was sent, and has it in words. @param {Evening} evening @param {Phone} phone */
async function noteRound(evening, { reader, seat }) {
  await reader.catchUp();
  const last = reader.seen.findLast(({ event_type }) => event_type === 'submit_round');
  const lines = /** @type {string[]} */ (last?.payload.line_ids ?? []);
  const session_id = seat.sessionId;
  timesOf(evening, { session_id, ticket_id: `${session_id}-${String(last?.payload.round)}` });
  return `round ${String(last?.payload.round)} (${lines.length} ${lines.length === 1 ? 'line' : 'lines'})`;
}
