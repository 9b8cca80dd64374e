import { createPhone } from '../dinner/phone.mjs';
import { refusalOf } from '../dinner/acts/expect-refusal.mjs';
import { restProtocol } from '../dinner/protocols/rest.mjs';
import { orderDish, tap } from './order.mjs';

/** @import { Evening, Visit } from './types.js' */

const patience = 30;

/** Phones that come in, or go. @param {Evening} evening @param {number} phones */
export function enter({ counts }, phones) {
  counts.phones += phones;
  counts.mostPhones = Math.max(counts.mostPhones, counts.phones);
}

/** Waits until the waiter has done what was asked for. @param {Evening} evening @param {Visit} visit */
async function errandDone({ clock }, visit) {
  for (let waited = 0; visit.errand; waited += 1) {
    if (waited === patience) throw new Error(`${visit.table.name} has waited ${patience} minutes for a waiter`);
    await clock.wait(1);
  }
}

/** They would sit elsewhere: a waiter moves them, and no phone scans again. @param {Evening} evening @param {Visit} visit */
export async function askToMove(evening, visit) {
  const { clock, restaurant, staff, story, tables, attempts } = evening;
  const { phones, sessionId, table: old } = visit;
  const [caller] = phones;
  if (!caller) return;
  story.tell(clock.minute, { table: old.name, who: caller.name }, 'calls a waiter: “a quieter table, please”');
  await caller.tap('request_service', { kind: 'waiter', note: 'a quieter table, please' });
  tables.wishToMove();
  visit.errand = async (waiter) => {
    const taken = tables.occupied(old);
    if (taken) {
      const { code } = await refusalOf(restaurant.move(waiter, sessionId, taken.id), 'TABLE_OCCUPIED');
      attempts.push({ what: 'occupied table', who: waiter, code });
    }
    const table = tables.takeForMove();
    if (!table) return false;
    await restaurant.move(waiter, sessionId, table.id);
    visit.table = table;
    // Free at once: whoever comes next may sit down there in this very minute.
    tables.giveBack(old);
    const seen = await Promise.all(phones.map(({ label, seat }) => tableOn(evening, { label, seat })));
    if (seen.some((id) => id !== table.id))
      throw new Error(`after the move to ${table.name} a phone shows ${seen.join(', ')}`);
    const { table_id } = await staff.snapshot(sessionId);
    if (table_id !== table.id) throw new Error(`moved to ${table.id}, and the bill says ${String(table_id)}`);
    story.tell(
      clock.minute,
      { table: table.name, who: waiter },
      `moves them from ${old.name}; ${phones.length} phones follow`,
    );
    return true;
  };
  await errandDone(evening, visit);
}

/** The table that a phone shows. @param {Evening} evening @param {Pick<import('../dinner/phone.mjs').Phone, 'label' | 'seat'>} phone */
async function tableOn({ base }, { seat }) {
  return (await restProtocol(base).snapshot(seat)).table_id;
}

/** Somebody at another table has scanned their code. Staff take that phone out; from then on phones need approval. @param {Evening} evening @param {Visit} visit */
export async function metStranger(evening, visit) {
  const { attempts, base, clock, menu, restaurant, story } = evening;
  const { phones, removed, sessionId, table } = visit;
  const protocol = restProtocol(base);
  const [host] = phones;
  if (!host) return;
  const seat = await protocol.open({ tableToken: table.token, deviceName: 'Stranger' });
  const stranger = createPhone({ name: 'Stranger', protocol, seat });
  removed.push(stranger);
  enter(evening, 1);
  const dish = menu.sides[0];
  if (!dish) return;
  await orderDish(evening, visit, { phone: stranger, dish });
  story.tell(clock.minute, { table: table.name, who: host.name }, 'calls a waiter: “we do not know who ordered this”');
  await host.tap('request_service', { kind: 'waiter', note: 'we do not know who ordered this' });
  visit.errand = async (waiter) => {
    await restaurant.removePhone(waiter, sessionId, seat.deviceId);
    enter(evening, -1);
    const refusal = await tap(stranger, ['add_item', { menu_item_id: dish.menu_item_id, quantity: 1 }]);
    attempts.push({ what: 'removed phone', who: 'Stranger', code: refusal?.code });
    const { items } = await evening.staff.snapshot(sessionId);
    const line = items.find(({ added_by, state }) => added_by.id === seat.deviceId && state === 'draft');
    if (line)
      await restaurant.takeLineOff(waiter, sessionId, { line_id: line.line_id, reason: 'ordered by a stranger' });
    story.tell(clock.minute, { table: table.name, who: waiter }, 'takes a stranger’s phone out, and what it ordered');
    return true;
  };
  await errandDone(evening, visit);
  await letFriendIn(evening, visit);
}

/** After that, who comes late is let in by those who sit there. @param {Evening} evening @param {Visit} visit */
async function letFriendIn(evening, { phones, sessionId, table }) {
  const { base, clock, restaurant, story } = evening;
  const [host] = phones;
  if (!host || phones.length < 2) return;
  const protocol = restProtocol(base);
  const late = await protocol.open({ tableToken: table.token, deviceName: 'Ty' });
  const friend = createPhone({ name: 'Ty', protocol, seat: late });
  const refusal = await tap(friend, ['submit_round', {}]);
  if (refusal?.code !== 'NOT_ADMITTED')
    throw new Error('a phone that waits for approval must not order', { cause: refusal });
  await restaurant.approvePhone(host.seat.token, sessionId, late.deviceId);
  phones.push(friend);
  enter(evening, 1);
  story.tell(clock.minute, { table: table.name, who: 'Ty' }, `comes late, waits, and is let in by ${host.name}`);
}
