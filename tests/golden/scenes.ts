import type { Sql } from 'postgres';
import { v7 } from 'uuid';
import type { Caller } from '../../src/domain/decide.js';
import type { DeviceId, SessionId, TableId } from '../../src/domain/ids.js';
import {
  add,
  append,
  beer,
  close,
  extend,
  type HeartNode,
  item,
  join,
  menuOf,
  modify,
  open,
  openOrFind,
  pho,
  remove,
  submit,
  appendOf,
  tea,
} from '../support/heart-acts.js';
import { endTime } from '../support/session-time.js';

type Scene = (node: HeartNode, sql: Sql) => Promise<SessionId>;

/** Evenings at a table, to be recorded. */
export const scenes: Readonly<Record<string, Scene>> = {
  'simple-dinner': async (node) => {
    const session = await open(node);
    const lan = await join(node, session, 'Lan');
    const minh = await join(node, session, 'Minh');
    await add(node, session, { caller: lan, quantity: 2 });
    await add(node, session, { caller: minh, dish: beer, quantity: 3 });
    await add(node, session, { caller: minh, dish: tea, quantity: 4 });
    await close(node, session, 'paid in cash');
    return session;
  },

  'options-and-notes': async (node) => {
    const session = await open(node, { settings: { tax_inclusive: false, service_bps: 500, sliding: true } });
    const lan = await join(node, session, null);
    const [size, extras] = pho.optionGroups.map((group) => group.options.map((each) => each.option_id));
    await add(node, session, {
      caller: lan,
      input: { options: [size?.[1], ...(extras ?? [])], note: 'không hành 🍜 "ít béo"\n\\' },
    });
    await add(node, session, { caller: lan, dish: beer, quantity: 99, input: { note: '' } });
    await add(node, session, { caller: lan, dish: tea, input: { note: 'x'.repeat(200) } });
    const free = item('Khăn lạnh', { price: 0, taxBps: 1000 });
    await add(node, session, { dish: free, quantity: 4, menu: menuOf([free]) });
    return session;
  },

  'rounds-and-service': async (node) => {
    const session = await open(node, { settings: { pay_first: true, on_paid: 'stay' } });
    const lan = await join(node, session, 'Lan');
    const first = await add(node, session, { caller: lan, quantity: 2 });
    await add(node, session, { caller: lan, dish: beer });
    const line = String(first.event.payload.line_id);
    await submit(node, session, [appendOf('submit_round', { line_ids: [line] })], { caller: lan });
    await submit(node, session, [appendOf('request_service', { kind: 'waiter', note: 'thêm đá' })], { caller: lan });
    await submit(node, session, [appendOf('resolve_service', { kind: 'waiter', outcome: 'taken' })]);
    await submit(node, session, [appendOf('resolve_service', { kind: 'waiter' })]);
    await submit(node, session, [appendOf('set_line_state', { line_id: line, state: 'ready' })]);
    await submit(node, session, [appendOf('set_line_state', { line_id: line, state: 'preparing', reason: 'cold' })]);
    await submit(node, session, [appendOf('submit_round', {})]);
    await submit(node, session, [appendOf('set_line_state', { line_id: line, state: 'cancelled', reason: 'dropped' })]);
    return session;
  },

  'changes-and-removals': async (node) => {
    const session = await open(node);
    const lan = await join(node, session, 'Lan');
    const first = await add(node, session, { caller: lan, quantity: 5 });
    const second = await add(node, session, { caller: lan, dish: beer });
    const third = await add(node, session, { dish: tea });
    await modify(node, session, { caller: lan, lineId: first.lineId, change: { delta: -2 } });
    await modify(node, session, { lineId: first.lineId, change: { quantity: 7 } });
    await modify(node, session, { caller: lan, lineId: second.lineId, change: { quantity: 0 } });
    await append(node, session, { type: 'remove_item', input: { line_id: third.lineId, reason: 'khách đổi ý' } });
    const two = [1, 2].map((quantity) => appendOf('add_item', { menu_item_id: tea.menuItemId, quantity }));
    await submit(node, session, two);
    return session;
  },

  'removed-phone-and-staff': async (node) => {
    const session = await open(node, { settings: { admission: 'approve' } });
    const lan = await join(node, session, 'Lan');
    const stranger = await join(node, session, 'Người lạ');
    await append(node, session, { type: 'device_approved', input: { device_id: lan.deviceId } });
    await append(node, session, { type: 'device_approved', input: { device_id: stranger.deviceId } });
    const prank = await add(node, session, { caller: stranger, quantity: 50 });
    await append(node, session, { type: 'device_removed', input: { device_id: stranger.deviceId } });
    await remove(node, session, { lineId: prank.lineId });
    await add(node, session, { dish: beer, quantity: 2, input: { for_device_id: lan.deviceId, note: 'đá riêng' } });
    await joinByStaff(node, session);
    await extend(node, session, 7200);
    await close(node, session, 'khách về sớm');
    return session;
  },

  expired: async (node, sql) => {
    const tableId = v7() as TableId;
    const session = await open(node, { tableId, settings: { ttl_seconds: 60 } });
    await add(node, session, { quantity: 2 });
    await endTime(sql, session);
    await openOrFind(node, { tableId });
    return session;
  },
};

async function joinByStaff(node: HeartNode, session: SessionId): Promise<void> {
  const deviceId = v7() as DeviceId;
  const caller: Caller = { kind: 'joining', deviceId, name: null, locationId: null };
  await append(node, session, { type: 'device_joined', input: { device_id: deviceId, by_staff: true }, caller });
}
