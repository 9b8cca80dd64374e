/** A visit moves from table to table while its phones write and pay, and others want the same tables. */
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { SessionId } from '../../src/domain/ids.js';
import {
  add,
  type Api,
  demo,
  type Json,
  newLocation,
  newTable,
  type Place,
  sitDown,
  type Visit,
} from '../support/api.js';
import { call, type Face } from '../support/faces.js';
import { readRows, type LogRow } from '../support/log-check.js';
import { useNodes } from '../support/live-nodes.js';
import type { LiveSubscriber } from '../support/live-subscriber.js';
import { followByEventSource } from '../support/live-sse.js';
import { followBySocket } from '../support/live-websocket.js';
import { atProvider, joinTable, snapshotOf, startPaying } from '../support/payments.js';
import { type Random, randomFrom } from '../support/random.js';

const lab = useNodes();
const moves = 8;
const enough = 40;

/** An answer that promised an event. */
interface Promised {
  readonly id: string;
  readonly seq: number;
}

/** A scan of somebody else: which session it led to, and whether that was new. */
interface Scan {
  readonly table: string;
  readonly sessionId: string;
  readonly deviceId: string;
  readonly isFresh: boolean;
}

interface Scene {
  readonly nodes: readonly Api[];
  readonly random: Random;
  readonly tables: readonly Place[];
  readonly visit: Visit & { readonly itemId: string };
  readonly promised: Promised[];
  readonly scans: Scan[];
  at: Place;
}

describe('a visit that moves while two phones write and one pays', () => {
  test.each([
    { nodes: 1, seed: 11 },
    { nodes: 1, seed: 12 },
    { nodes: 2, seed: 21 },
    { nodes: 2, seed: 22 },
    { nodes: 2, seed: 23 },
  ])('loses nothing and takes its phones along: $nodes node(s), seed $seed', async ({ nodes: count, seed }) => {
    const scene = await setScene(count, seed);
    const { visit, nodes } = scene;
    const [first, last] = [nodes[0]!, nodes.at(-1)!];
    const phones = [await joinTable(last, visit, 'Minh'), await joinTable(first, visit, 'Hoa')];
    const place = { sessionId: visit.sessionId, after: 0, limit: 100 };
    const followers = [
      followByEventSource({ ...place, address: first.address, token: visit.phone }),
      followBySocket({ ...place, address: last.address, token: phones[0]!.phone }),
    ];
    const stage = { isOver: false };
    const writing = [
      write(scene, { api: first, face: 'REST', phone: visit.phone, stage }),
      write(scene, { api: last, face: 'GraphQL', phone: phones[0]!.phone, stage }),
    ];
    const acting = Promise.all([moveAbout(scene), payHalf(first, phones[1]!)]).finally(() => {
      stage.isOver = true;
    });
    const [[moved]] = await Promise.all([acting, ...writing]);
    expect(moved).toBeGreaterThan(2);
    await expectTogether(scene, phones);
    await nodes[0]!.rest(`POST /sessions/${visit.sessionId}/close`, {
      as: demo.staff,
      body: { reason: 'the test ends' },
    });
    await expectWhole(scene, followers);
  });
});

async function setScene(count: number, seed: number): Promise<Scene> {
  const database = await lab.newDatabase();
  const nodes: Api[] = [];
  for (let node = 0; node < count; node += 1) nodes.push(await lab.start(database));
  const api = nodes[0]!;
  const place = await newLocation(api);
  const tables = [place, await newTable(api, place.locationId), await newTable(api, place.locationId)];
  const visit = { ...(await sitDown(api, place)), itemId: place.itemId };
  return { nodes, random: randomFrom(seed), tables, visit, promised: [], scans: [], at: place };
}

/** Orders, again and again, and now and then sends a round; every answer is kept. */
async function write(
  { visit, promised }: Scene,
  { api, face, phone, stage }: { api: Api; face: Face; phone: string; stage: { readonly isOver: boolean } },
): Promise<void> {
  for (let made = 0; made < enough || !stage.isOver; made += 1) {
    const isRound = made % 5 === 4;
    const body = isRound
      ? { idempotency_key: randomUUID(), event_type: 'submit_round', payload: {} }
      : add({ menu_item_id: visit.itemId });
    const { code, data } = await call(api, face, {
      ...{ operation: 'append', at: { session_id: visit.sessionId }, as: phone, body },
    });
    // The other phone may have sent the drafts just before.
    if (code === 'NO_DRAFT_LINES' && isRound) continue;
    expect(code).toBeUndefined();
    promised.push(promisedBy(data));
  }
}

function promisedBy(data: Json): Promised {
  const { event_id, event_seq, event } = data;
  return { id: event_id ?? event.id, seq: event_seq ?? event.seq };
}

/** Through the provider, who tells twice. */
async function payHalf(api: Api, phone: Visit): Promise<void> {
  const intent = await startPaying(api, phone, { split: { type: 'amount', amount: 20_000 } });
  const order = await atProvider(api, intent, 'pay_twice');
  expect(order.deliveries.map(({ answer }: Json) => answer.status)).toEqual([204, 204]);
}

/** Back and forth; at the same moments others scan the codes of the table that is left and of the one that is wanted. */
async function moveAbout(scene: Scene): Promise<number> {
  const { nodes, random, tables, visit } = scene;
  const nodeByChance = (): Api => nodes[Math.floor(random() * nodes.length)]!;
  let moved = 0;
  for (let turn = 0; turn < moves; turn += 1) {
    const old = scene.at;
    const others = tables.filter((table) => table !== old);
    const target = others[Math.floor(random() * others.length)]!;
    // At one turn in three nobody else wants the table.
    const rivals = turn % 3 === 0 ? [old] : [old, target];
    const face: Face = random() < 0.5 ? 'REST' : 'GraphQL';
    const [{ code }, ...found] = await Promise.all([
      call(nodeByChance(), face, {
        ...{
          operation: 'move',
          at: { session_id: visit.sessionId },
          as: demo.staff,
          body: { table_id: target.tableId },
        },
      }),
      ...rivals.map((table) => scan(nodeByChance(), table)),
    ]);
    expect([undefined, 'TABLE_OCCUPIED']).toContain(code);
    if (code === undefined) {
      moved += 1;
      scene.at = target;
      // The old table is free at once, for whoever comes: nobody gets into the visit that has left.
      const next = await scan(nodeByChance(), old);
      expect(next.sessionId).not.toBe(visit.sessionId);
      found.push(next);
    }
    scene.scans.push(...found);
    await clear(scene, found);
  }
  return moved;
}

async function scan(api: Api, { locationId, tableId, token }: Place): Promise<Scan> {
  const answer = await api.rest(`POST /locations/${locationId}/qr-sessions`, {
    as: token,
    body: { device_name: 'Sáu' },
  });
  expect([200, 201], answer.text).toContain(answer.status);
  const { session_id: sessionId, device_id: deviceId } = answer.body;
  return { table: tableId, sessionId, deviceId, isFresh: answer.status === 201 };
}

/** Other parties leave again, so that there is somewhere to move to. */
async function clear({ nodes, visit }: Scene, found: readonly Scan[]): Promise<void> {
  const others = new Set(found.map(({ sessionId }) => sessionId).filter((id) => id !== visit.sessionId));
  for (const id of others) {
    const { status } = await nodes[0]!.rest(`POST /sessions/${id}/close`, { as: demo.staff, body: {} });
    expect(status).toBe(200);
  }
}

/** Phones, floor and kitchen agree on where they sit. */
async function expectTogether({ nodes, visit, at, tables }: Scene, phones: readonly Visit[]): Promise<void> {
  for (const api of nodes) {
    for (const { phone } of [visit, ...phones]) {
      const { body } = await api.rest(`GET /sessions/${visit.sessionId}/snapshot`, { as: phone });
      expect(body.table_id).toBe(at.tableId);
    }
    const { body: floor } = await api.rest(`GET /locations/${visit.locationId}/floor`, { as: demo.staff });
    const seated = floor.tables.map(({ table_id, session }: Json) => [table_id, session?.session_id]);
    const expected = tables.map(({ tableId }) => [tableId, tableId === at.tableId ? visit.sessionId : undefined]);
    expect(new Map(seated)).toEqual(new Map(expected as [string, string][]));
    const { body: kitchen } = await api.rest(`GET /locations/${visit.locationId}/kitchen`, { as: demo.staff });
    expect(kitchen.tickets.length).toBeGreaterThan(0);
    for (const ticket of kitchen.tickets)
      expect(ticket).toMatchObject({ session_id: visit.sessionId, table_id: at.tableId });
  }
}

async function expectWhole(
  { nodes, visit, promised, scans }: Scene,
  followers: readonly LiveSubscriber[],
): Promise<void> {
  const { sql } = nodes[0]!;
  const rows = await readRows(sql, visit.sessionId as SessionId);
  expect(rows.map(({ event_seq }) => event_seq)).toEqual(rows.map((_, index) => index + 1));
  // Every answer stands in the log, once, and nothing else was ordered.
  const written = rows.filter(({ event_type }) => event_type === 'add_item' || event_type === 'submit_round');
  const bySeq = [...promised].sort((one, other) => one.seq - other.seq);
  expect(written.map(({ event_id, event_seq }) => ({ id: event_id, seq: event_seq }))).toEqual(bySeq);
  const settled = rows.filter(({ event_type }) => event_type === 'payment_settled');
  expect(settled.map(({ payload }) => payload.amount)).toEqual([20_000]);
  expect(await snapshotOf(nodes[0]!, visit)).toMatchObject({ paid: 20_000 });
  for (const { sessionId, deviceId, table } of scans.filter(({ sessionId: id }) => id === visit.sessionId)) {
    expect({ sessionId, table: tableWhen(rows, deviceId) }).toEqual({ sessionId, table });
  }
  const rounds = rows.filter(({ event_type }) => event_type === 'submit_round');
  const [{ tickets } = { tickets: 0 }] = await sql<{ tickets: number }[]>`
    SELECT count(*)::int AS tickets FROM kitchen_tickets WHERE session_id = ${visit.sessionId}`;
  expect(tickets).toBe(rounds.length);
  for (const follower of followers) {
    await follower.ended;
    expect(follower.losses).toBe(0);
    expect(follower.received.map(({ seq, id }) => ({ seq, id }))).toEqual(
      rows.map(({ event_seq, event_id }) => ({ seq: event_seq, id: event_id })),
    );
  }
}

/** Where the visit sat when this phone came in: whoever gets into it has scanned the code of that very table. */
function tableWhen(rows: readonly LogRow[], deviceId: string): unknown {
  const joined = rows.findIndex(({ payload }) => payload.device_id === deviceId);
  const before = rows.slice(0, joined).findLast(({ payload }) => payload.table_id !== undefined);
  return joined < 0 ? 'never joined' : before?.payload.table_id;
}
