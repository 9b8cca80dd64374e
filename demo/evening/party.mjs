import { createPhone } from '../dinner/phone.mjs';
import { graphqlProtocol } from '../dinner/protocols/graphql.mjs';
import { restProtocol } from '../dinner/protocols/rest.mjs';
import { order, send } from './order.mjs';
import { pay } from './pay.mjs';
import { mostPhones } from './plan.mjs';
import { askToMove, enter, metStranger } from './quirks.mjs';

/** @import { Evening, Plan, Table, Visit } from './types.js' */

/** A party from the door to the door. @param {Evening} evening @param {Plan} plan */
export async function dine(evening, plan) {
  const { clock, counts, story, tables } = evening;
  await clock.wait(plan.arrival);
  const visit = await sitDown(evening, plan, await waitForTable(evening, plan));
  await clock.wait(visit.random.between(1, 4));
  await order(evening, visit, 'first');
  if (plan.quirk === 'stranger') await metStranger(evening, visit);
  await clock.wait(1);
  await send(evening, visit);
  if (plan.quirk === 'move') await askToMove(evening, visit);
  await eat(evening, visit);
  await order(evening, visit, 'more');
  if (await send(evening, visit)) await eat(evening, visit);
  await pay(evening, visit);
  visit.left = clock.minute;
  counts.parties -= 1;
  enter(evening, -visit.phones.length);
  story.detail(clock.minute, { table: visit.table.name, who: visit.phones[0]?.name ?? '' }, 'and all the others leave');
  tables.giveBack(visit.table);
}

/** @param {Evening} evening @param {Plan} plan @returns {Promise<Table>} */
async function waitForTable(evening, { guests }) {
  const { clock, counts, tables, story } = evening;
  for (let waited = 0; ; waited += 1) {
    const hasRoom = counts.phones + guests.length <= mostPhones;
    const table = hasRoom ? tables.takeForNew() : undefined;
    if (table) {
      enter(evening, guests.length);
      return table;
    }
    if (waited === 0) story.detail(clock.minute, { who: guests[0] ?? '' }, 'and company wait at the door');
    await clock.wait(1);
  }
}

/** All scan the table's code at once; one of them opens the session. @param {Evening} evening @param {Plan} plan @param {Table} table @returns {Promise<Visit>} */
async function sitDown({ base, clock, random, story, visits }, plan, table) {
  const protocols = [restProtocol(base), graphqlProtocol(base, 'text'), graphqlProtocol(base, 'id')];
  const phones = await Promise.all(
    plan.guests.map(async (name, index) => {
      const protocol = protocols[(plan.number + index) % 3] ?? restProtocol(base);
      const seat = await protocol.open({ tableToken: table.token, deviceName: name });
      return createPhone({ name, protocol, seat });
    }),
  );
  const [first, ...others] = phones;
  const openers = phones.filter(({ seat }) => seat.isOpened).length;
  if (!first || openers !== 1 || others.some(({ seat }) => seat.sessionId !== first.seat.sessionId)) {
    throw new Error(
      `${openers} of ${phones.length} phones opened the session of ${table.name}: is somebody else there?`,
    );
  }
  const visit = {
    ...{ plan, table, phones, sessionId: first.seat.sessionId, random: random.branch(plan.number) },
    ...{ removed: [], errand: undefined, sat: clock.minute, left: undefined, givenUp: undefined },
  };
  visits.push(visit);
  story.tell(
    clock.minute,
    { table: table.name, who: first.name },
    `sits down${company(others.map(({ name }) => name))}`,
  );
  return visit;
}

/** @param {readonly string[]} others */
function company(others) {
  return others.length === 0 ? '' : ` with ${others.join(', ')}: ${others.length + 1} phones, one bill`;
}

const longestWait = 60;

/** Until all that was sent is on the table, and some time more. @param {Evening} evening @param {Visit} visit */
async function eat(evening, visit) {
  const { board, clock } = evening;
  await maybeCall(evening, visit);
  for (let waited = 0; waited < longestWait; waited += 1) {
    await clock.wait(1);
    const isWaiting = (await board.kitchen()).some(({ session_id }) => session_id === visit.sessionId);
    if (!isWaiting) {
      await clock.wait(visit.random.between(2, 5));
      return;
    }
  }
  throw new Error(`${visit.table.name} has waited ${longestWait} minutes for its food`);
}

const wishes = ['one more bowl, please', 'a spoon, please', 'more chilli, please', 'a chair for the child, please'];

/** @param {Evening} evening @param {Visit} visit */
async function maybeCall({ clock, story }, { phones, random, table }) {
  const [caller, other] = random.shuffle(phones);
  if (!caller || !random.chance(0.4)) return;
  const note = random.pick(wishes);
  story.tell(clock.minute, { table: table.name, who: caller.name }, `calls a waiter: “${note}”`);
  await caller.tap('request_service', { kind: 'waiter', note });
  // It rings once, however many press.
  if (other && random.chance(0.3)) await other.tap('request_service', { kind: 'waiter' });
}
