import { setTimeout as pause } from 'node:timers/promises';
import { dishes } from '../demo-restaurant.mjs';

/** @import { Tap } from '../types.js' */

/** The line breaks after the request was sent: the same key again, and nothing is doubled. @param {import('../evening.mjs').Evening} evening */
export async function dropAnswer(evening) {
  evening.story.act('The network drops answers');
  const [lan, minh, hoa, tuan] = evening.phones;
  if (!lan || !minh || !hoa || !tuan) throw new Error('a guest is missing');
  await loseAnswer(evening, hoa, hoa.newTap('add_item', { menu_item_id: dishes.cheBaMau, quantity: 1 }));
  await loseAnswer(evening, minh, minh.newTap('add_item', { menu_item_id: dishes.goiCuon, quantity: 1 }));
  await tapTwice(evening, tuan, tuan.newTap('add_item', { menu_item_id: dishes.traDa, quantity: 1 }));
}

/**
 * @param {import('../evening.mjs').Evening} evening
 * @param {import('../phone.mjs').Phone} phone
 * @param {Tap} tap
 */
async function loseAnswer(evening, phone, tap) {
  const { story } = evening;
  const others = evening.phones.filter((other) => other !== phone);
  await phone.sendAndHangUp(tap);
  story.tell(phone.name, `(${phone.label}) sends an order, and the line breaks before the answer`);
  await arrivalOf(phone, others);
  await evening.catchUp(others);
  const { seq, replayed } = await phone.send(tap);
  if (!replayed) throw new Error(`${phone.name}'s order was in the log, but the repeat was told that it is new`);
  story.tell(phone.name, 'sends it again with the same key: replayed, the first answer', seq);
  await evening.catchUp();
}

/**
 * One impatient finger: the same key twice at the same instant.
 * @param {import('../evening.mjs').Evening} evening
 * @param {import('../phone.mjs').Phone} phone
 * @param {Tap} tap
 */
async function tapTwice(evening, phone, tap) {
  const answers = await Promise.all([phone.send(tap), phone.send(tap)]);
  const news = answers.filter(({ replayed }) => !replayed).length;
  if (news !== 1) throw new Error(`a double tap wrote ${news} events`);
  await evening.catchUp();
  evening.story.tell(
    phone.name,
    'sent that twice at the same instant with one key: one is new, one replayed',
    answers[0].seq,
  );
}

const PATIENCE_MS = 10_000;

/** Waits until the others see a new event of this phone. @param {import('../phone.mjs').Phone} phone @param {readonly import('../phone.mjs').Phone[]} others */
async function arrivalOf({ name, seat }, [witness]) {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await pause(20)) {
    const news = (await witness?.reader.catchUp()) ?? [];
    if (news.some(({ actor }) => actor.id === seat.deviceId)) return;
  }
  throw new Error(`the order that ${name} sent before the line broke never arrived`);
}
