import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { dong, methodName } from '../dinner/amounts.mjs';
import { orderDish } from './order.mjs';

/** @import { Act } from '../dinner/gateway.mjs' */
/** @import { Phone } from '../dinner/phone.mjs' */
/** @import { Intent, Method, PaymentWish } from '../dinner/types.js' */
/** @import { Evening, Style, Visit } from './types.js' */

/** The party settles what it owes, in its own way, until the table is free. @param {Evening} evening @param {Visit} visit */
export async function pay(evening, visit) {
  const { plan, phones } = visit;
  const [first] = phones;
  if (!first) throw new Error('nobody is left to pay');
  if (plan.quirk === 'discount') await giveDiscount(evening, visit);
  if (plan.quirk === 'hurry') await takeAway(evening, visit, first);
  await ways[plan.style](evening, visit, first);
  await leaveNothing(evening, visit);
}

/** @type {Record<Style, (evening: Evening, visit: Visit, first: Phone) => Promise<void>>} */
const ways = {
  cash: (evening, visit, first) => payCash(evening, visit, first),
  momo: (evening, visit, phone) => payPart(evening, visit, { phone, method: 'momo', split: all, act: 'pay' }),
  zalopay: (evening, visit, phone) => payPart(evening, visit, { phone, method: 'zalopay', split: all, act: 'pay' }),
  vnpay: (evening, visit, phone) => payPart(evening, visit, { phone, method: 'vnpay', split: all, act: 'pay_twice' }),
  late: (evening, visit, phone) => payPart(evening, visit, { phone, method: 'vnpay', split: all, act: 'pay_late' }),
  async shares(evening, visit) {
    const parts = visit.phones.length;
    await Promise.all(
      visit.phones.map((phone, index) => {
        const split = /** @type {const} */ ({ type: 'share', parts });
        return payPart(evening, visit, {
          phone,
          method: methodOf(index),
          split,
          act: index === 1 ? 'pay_twice' : 'pay',
        });
      }),
    );
  },
  async lines(evening, visit, first) {
    const { items } = await evening.staff.snapshot(visit.sessionId);
    const split = /** @type {const} */ ({ type: 'lines' });
    const payers = visit.phones.filter(({ seat }) =>
      items.some(({ added_by, line_total }) => added_by.id === seat.deviceId && line_total > 0),
    );
    await Promise.all(
      payers.map((phone, index) => payPart(evening, visit, { phone, method: methodOf(index), split, act: 'pay' })),
    );
    const { due } = await evening.staff.snapshot(visit.sessionId);
    if (due > 0) await payCash(evening, visit, first);
  },
  async amount(evening, visit, first) {
    const { due } = await evening.staff.snapshot(visit.sessionId);
    const split = /** @type {const} */ ({ type: 'amount', amount: Math.ceil(due / 2 / 10_000) * 10_000 });
    await payPart(evening, visit, { phone: first, method: 'zalopay', split, act: 'pay_twice' });
    await payCash(evening, visit, visit.phones[1] ?? first);
  },
  async failure(evening, visit, phone) {
    await payPart(evening, visit, { phone, method: 'momo', split: all, act: 'fail' });
    await evening.clock.wait(1);
    await payPart(evening, visit, { phone, method: 'zalopay', split: all, act: 'pay' });
  },
  async forged(evening, visit, phone) {
    const intent = await start(evening, visit, { phone, method: 'momo', split: all });
    const { deliveries } = await evening.gateway.act(intent, 'forged');
    const { paid } = await evening.staff.snapshot(visit.sessionId);
    if (paid !== 0) throw new Error(`after a forged notice ${paid} is paid`);
    const status = deliveries.find(({ forged }) => forged)?.answer.status;
    const where = { table: visit.table.name, who: 'somebody' };
    evening.story.tell(
      evening.clock.minute,
      where,
      `forges a notice of MoMo: answered ${String(status)}, nothing is paid`,
    );
    await perform(evening, visit, { phone, intent, act: 'pay' });
  },
  async 'not at all'(evening, visit, first) {
    const { cashier, clock, restaurant, staff, story, waiters } = evening;
    await clock.wait(2);
    const { due } = await staff.snapshot(visit.sessionId);
    const [waiter] = waiters;
    visit.givenUp = 'guests left without paying';
    await restaurant.close(waiter?.name ?? '', visit.sessionId, visit.givenUp);
    const where = { table: visit.table.name, who: waiter?.name ?? '' };
    story.tell(
      clock.minute,
      where,
      `finds the table empty: ${first.name} has left without paying ${dong(due)}; closes it`,
    );
    await restaurant.writeOff(visit.sessionId, visit.givenUp);
    story.tell(clock.minute, { table: visit.table.name, who: cashier.name }, `writes ${dong(due)} off`);
  },
};

const all = /** @type {const} */ ({ type: 'all' });
/** @type {readonly Method[]} */
const methods = ['momo', 'vnpay', 'zalopay'];
const methodOf = (/** @type {number} */ index) => methods[index % methods.length] ?? 'momo';

/** @typedef {{ phone: Phone, method: Method, split: PaymentWish['split'] }} Wish */

/** @param {Evening} evening @param {Visit} visit @param {Wish & { act: Act }} wish */
async function payPart(evening, visit, { act, ...wish }) {
  await perform(evening, visit, { phone: wish.phone, intent: await start(evening, visit, wish), act });
}

/** @param {Evening} evening @param {Visit} visit @param {Wish} wish */
async function start({ clock, gateway, story }, { table }, { phone, method, split }) {
  const intent = await phone.startPayment(method, split);
  await gateway.arrive(intent);
  const part = { all: 'the whole bill', lines: 'what was ordered here', share: 'a share', amount: 'a part' }[
    split.type
  ];
  const what = `wants to pay ${part} through ${methodName(method)}: ${dong(intent.amount)}`;
  story.detail(clock.minute, { table: table.name, who: phone.name }, what);
  return intent;
}

/** @type {Record<Act, string>} */
const told = {
  pay: '',
  pay_twice: ', told twice, counted once',
  pay_late: ', told late',
  fail: '',
  forged: '',
};

/** The guest pays, or does not; the provider tells. @param {Evening} evening @param {Visit} visit @param {{ phone: Phone, intent: Intent, act: Act }} payment */
async function perform({ clock, gateway, staff, story }, { sessionId, table }, { phone, intent, act }) {
  await gateway.act(intent, act);
  const where = { table: table.name, who: phone.name };
  const name = methodName(intent.method);
  if (act === 'fail')
    return story.tell(clock.minute, where, `tries ${name}, which fails: ${dong(intent.amount)} is free again`);
  await settled(staff, sessionId, intent);
  story.tell(clock.minute, where, `pays ${dong(intent.amount)} through ${name}${told[act]}`);
}

const PATIENCE_MS = 15_000;

/** @param {Evening['staff']} staff @param {string} sessionId @param {Intent} intent */
async function settled(staff, sessionId, { paymentId, reference }) {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await pause(50)) {
    const log = await staff.log(sessionId);
    const found = log.some(
      ({ event_type, payload }) => event_type === 'payment_settled' && payload.payment_id === paymentId,
    );
    if (found) return;
  }
  throw new Error(`the money of ${reference} never arrived`);
}

/** They ask for the bill, a waiter brings it, the cashier takes the money. @param {Evening} evening @param {Visit} visit @param {Phone} payer */
async function payCash({ cashier, clock, staff, story }, { sessionId, table }, payer) {
  const where = { table: table.name, who: payer.name };
  story.detail(clock.minute, where, 'asks for the bill');
  await payer.tap('request_service', { kind: 'bill' });
  for (let waited = 0; (await staff.snapshot(sessionId)).service_calls.length > 0; waited += 1) {
    if (waited === 30) throw new Error(`${table.name} has waited 30 minutes for the bill`);
    await clock.wait(1);
  }
  const { due } = await staff.snapshot(sessionId);
  const tendered = Math.ceil(due / 50_000) * 50_000;
  const { amount, change } = await cashier.takeCash(sessionId, { key: randomUUID(), tendered });
  if (amount + change !== tendered) throw new Error(`of ${tendered}, ${amount} was taken and ${change} given back`);
  const back = change === 0 ? 'exactly' : `of ${dong(tendered)}: ${dong(change)} back`;
  story.tell(clock.minute, where, `pays ${dong(amount)} in cash, ${back}`);
}

/** @param {Evening} evening @param {Visit} visit */
async function giveDiscount({ cashier, clock, restaurant, staff, story }, { sessionId, table }) {
  await restaurant.adjust(sessionId, { kind: 'discount', basis_points: 1_000, reason: 'waited too long' });
  const { discount } = await staff.snapshot(sessionId);
  const where = { table: table.name, who: cashier.name };
  story.tell(clock.minute, where, `takes 10 % off, ${dong(discount)}: waited too long`);
}

/** Ordered and paid at once: the payment sends it to the kitchen. @param {Evening} evening @param {Visit} visit @param {Phone} phone */
async function takeAway(evening, visit, phone) {
  const [dish] = evening.menu.sides;
  if (!dish) return;
  await orderDish(evening, visit, { phone, dish });
  const where = { table: visit.table.name, who: phone.name };
  evening.story.tell(evening.clock.minute, where, `adds ${dish.name} to take away: paying will send it`);
}

/** Paid line by line the table stays theirs; then a waiter ends the visit. @param {Evening} evening @param {Visit} visit */
async function leaveNothing({ clock, restaurant, staff, story, waiters }, { sessionId, table }) {
  const { status, due } = await staff.snapshot(sessionId);
  if (status !== 'open') return;
  if (due !== 0) throw new Error(`${table.name} is about to leave, and ${due} is due`);
  const waiter = waiters[1]?.name ?? '';
  await restaurant.close(waiter, sessionId);
  story.tell(clock.minute, { table: table.name, who: waiter }, 'sees that each has paid their own, and ends the visit');
}
