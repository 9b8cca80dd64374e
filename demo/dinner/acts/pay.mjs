import { randomUUID } from 'node:crypto';
import { dong, methodName } from '../amounts.mjs';
import { differences } from '../check/differences.mjs';
import { dishes } from '../demo-restaurant.mjs';
import { refusalOf } from './expect-refusal.mjs';

/** @import { Intent } from '../types.js' */
/** @import { Evening } from '../evening.mjs' */
/** @import { Phone } from '../phone.mjs' */

/** Three share the bill: two through providers, whose notices come forged and twice, and one in cash. @param {Evening} evening */
export async function pay(evening) {
  evening.story.act('They pay, a third each');
  const [lan, minh, , tuan, sau] = evening.phones;
  if (!lan || !minh || !tuan || !sau) throw new Error('a guest is missing');
  const third = /** @type {const} */ ({ type: 'share', parts: 3 });
  const throughMomo = await lan.startPayment('momo', third);
  const throughZalopay = await tuan.startPayment('zalopay', third);
  await evening.catchUp();
  await wantAll(evening, minh);
  await forge(evening, throughMomo);
  await payAndTellTwice(evening, throughMomo);
  await orderMore(evening, sau);
  await evening.gateway.act(throughZalopay, 'pay');
  await evening.catchUp();
  await expectPaid(evening, throughMomo.amount + throughZalopay.amount);
  await payCash(evening);
}

/** What others are paying is theirs: nobody pays it a second time. @param {Evening} evening @param {Phone} phone */
async function wantAll({ story, staff, sessionId }, phone) {
  const { due, claims } = await staff.snapshot(sessionId);
  const free = claims.reduce((rest, { amount }) => rest - amount, due);
  const refusal = await refusalOf(phone.startPayment('momo', { type: 'amount', amount: due }), 'BILL_CLAIMED');
  const { available } = refusal.problem;
  if (available !== free) throw new Error(`${free} is unclaimed, and ${phone.name} was told ${available}`);
  story.tell(phone.name, `wants to pay all ${dong(due)} and is refused: ${refusal.message}`);
  story.tell(phone.name, `is told what nobody is paying yet: ${dong(available)}`);
}

/** A notice that is signed with another secret. @param {Evening} evening @param {Intent} intent */
async function forge({ story, staff, gateway, sessionId }, intent) {
  const before = await staff.snapshot(sessionId);
  const { deliveries } = await gateway.act(intent, 'forged');
  const forged = deliveries.filter((delivery) => delivery.forged);
  const changes = differences(before, await staff.snapshot(sessionId));
  if (forged.length !== 1 || changes.length > 0) {
    throw new Error(`after ${forged.length} forged notices the bill is another`, { cause: changes });
  }
  const told = `“${dong(intent.amount)} are paid”`;
  const { status } = forged[0]?.answer ?? {};
  story.tell(
    'a stranger',
    `forges a notice of ${methodName(intent.method)}, ${told}: answered ${status}, nothing changes`,
  );
}

/** @param {Evening} evening @param {Intent} intent */
async function payAndTellTwice(evening, intent) {
  const { deliveries } = await evening.gateway.act(intent, 'pay_twice');
  const [first, second, ...more] = deliveries.filter(({ forged }) => !forged);
  if (!first || first.body !== second?.body || more.length > 0) {
    throw new Error('the provider should have told the same twice', { cause: deliveries });
  }
  await evening.catchUp();
  await expectPaid(evening, intent.amount);
  const answers = `${first.answer.status} and ${second.answer.status}`;
  evening.story.tell(methodName(intent.method), `tells that twice, byte for byte: answered ${answers}, counted once`);
}

/** What is ordered after somebody has paid is owed on top. @param {Evening} evening @param {Phone} phone */
async function orderMore(evening, phone) {
  const { story, staff, sessionId } = evening;
  const { due: before } = await staff.snapshot(sessionId);
  await phone.tap('add_item', { menu_item_id: dishes.traDa, quantity: 1 });
  await evening.catchUp();
  const { due, added_since_payment: added } = await staff.snapshot(sessionId);
  if (added?.lines !== 1 || added.amount !== due - before) {
    throw new Error(`one line for ${due - before} was added, and the bill says otherwise`, { cause: added });
  }
  story.tell(
    'the bill',
    `has grown since Lan paid, by ${added.lines} line and ${dong(added.amount)}: ${dong(due)} are due`,
  );
}

const largestNote = 500_000;

/** The cashier takes what is left, rounded as cash is; that ends the session. @param {Evening} evening */
async function payCash(evening) {
  const { cashier, staff, sessionId } = evening;
  const { due } = await staff.snapshot(sessionId);
  const tendered = Math.ceil(due / largestNote) * largestNote;
  evening.story.tell(
    'Hoa',
    `pays the rest in cash: hands ${cashier.name}, the cashier, ${dong(tendered)} for ${dong(due)}`,
  );
  const { amount, change } = await cashier.takeCash(sessionId, { key: randomUUID(), tendered });
  if (amount + change !== tendered) throw new Error(`of ${tendered}, ${amount} was taken and ${change} given back`);
  await evening.catchUp();
  const { status, paid, total } = await staff.snapshot(sessionId);
  if (status !== 'paid' || paid !== total) {
    throw new Error(`${paid} of ${total} is paid, and the session is ${status}`);
  }
}

/** @param {Evening} evening @param {number} amount */
async function expectPaid({ staff, sessionId }, amount) {
  const { paid } = await staff.snapshot(sessionId);
  if (paid !== amount) throw new Error(`${amount} should be paid by now, and it is ${paid}`);
}
