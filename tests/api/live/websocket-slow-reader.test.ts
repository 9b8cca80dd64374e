/** Clients that do not read what they asked for cost a bounded amount of memory, and nobody else anything. */
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { add, type Api, append, demo, type Json, newEventKey, sitDown, useApi, type Visit } from '../../support/api.js';
import { eventually } from '../../support/eventually.js';
import { openSocket, type RawSocket } from '../../support/raw-socket.js';

const kibibyte = 1024;
const mark = 256 * kibibyte;

/** Some 10 kB per event, so that the network's own buffers are soon full. */
const wide = `subscription ($id: UUID!, $after: SafeInt) { sessionEvents(sessionId: $id, afterSeq: $after) {
  seq ${Array.from({ length: 60 }, (_, n) => `a${n}: payload`).join(' ')} } }`;

const sockets: RawSocket[] = [];
async function open(api: Api, at: Pick<Visit, 'phone'>): Promise<RawSocket> {
  const socket = await openSocket(api, { as: at.phone });
  sockets.push(socket);
  return socket;
}
afterEach(() => {
  for (const { ws } of sockets.splice(0)) ws.terminate();
});

async function figure(api: Api, name: string): Promise<number> {
  const { text } = await api.http('GET', '/metrics', { as: demo.operator });
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return line === undefined ? 0 : Number(line.slice(name.length + 1));
}
const unsent = (api: Api) => figure(api, 'qr_live_unsent_bytes');
const dropped = (api: Api) => figure(api, 'qr_live_dropped_total{face="websocket",reason="slow"}');
const seqs = (socket: RawSocket, id: string): number[] => socket.items(id).map(({ seq }) => seq);

/** Appends in batches of fifty, one line's quantity back and forth. */
async function appendMany(api: Api, at: Visit, count: number): Promise<void> {
  const { event } = await append(api, at, add());
  const change = (n: number) => ({
    idempotency_key: newEventKey(),
    event_type: 'modify_qty',
    payload: { line_id: event.payload.line_id, quantity: 2 + (n % 2) },
  });
  for (let done = 0; done < count; done += 50) {
    const body = { events: Array.from({ length: 50 }, (_, n) => change(n)) };
    const answer = await api.rest(`POST /sessions/${at.sessionId}/events/batch`, { as: at.phone, body });
    if (answer.status !== 201) throw new Error(answer.text);
  }
}

const addCoffee = { addItem: { menuItemId: demo.coffee, quantity: 1 } };
const upTo = (last: number) => Array.from({ length: last }, (_, n) => n + 1);

describe('a client that stops reading for a while', () => {
  const api = useApi();

  test('is held back within bounds while the others get everything, and gets everything later', async () => {
    const at = await sitDown(api);
    const [stalled, ...others] = await Promise.all(Array.from({ length: 4 }, () => open(api, at)));
    if (!stalled) throw new Error('no socket');
    for (const socket of [stalled, ...others]) socket.run('1', wide, { id: at.sessionId });
    await eventually(() => seqs(stalled, '1').length === 2);
    stalled.ws.pause();
    let most = 0;
    const watching = eventually(
      async () => {
        most = Math.max(most, await unsent(api));
        return others.every((socket) => socket.items('1').at(-1)?.seq === 2_053);
      },
      { within: 60_000, every: 50 },
    );
    await appendMany(api, at, 2_050);
    await watching;
    for (const socket of others) expect(seqs(socket, '1')).toEqual(upTo(2_053));
    expect(most).toBeGreaterThan(mark / 2);
    expect(most).toBeLessThan(3 * mark);
    // It alone is behind now, by no more than the mark and one message.
    expect(await unsent(api)).toBeGreaterThan(mark / 2);
    expect(await unsent(api)).toBeLessThan(mark + 64 * kibibyte);
    stalled.ws.resume();
    await eventually(() => stalled.items('1').at(-1)?.seq === 2_053, { within: 30_000 });
    expect(seqs(stalled, '1')).toEqual(upTo(2_053));
    expect(await dropped(api)).toBe(0);
  }, 120_000);

  test('may go on with many subscriptions, which share the bound', async () => {
    const at = await sitDown(api);
    await appendMany(api, at, 500);
    const socket = await open(api, at);
    socket.ws.pause();
    const ids = Array.from({ length: 20 }, (_, n) => `${n}`);
    for (const id of ids) socket.run(id, wide, { id: at.sessionId });
    await eventually(async () => (await unsent(api)) > mark / 2, { within: 20_000 });
    expect(await unsent(api)).toBeLessThan(mark + 64 * kibibyte);
    socket.ws.resume();
    await eventually(() => ids.every((id) => socket.items(id).at(-1)?.seq === 503), { within: 30_000 });
    for (const id of ids) expect(seqs(socket, id)).toEqual(upTo(503));
  }, 60_000);

  test('may ask for one answer that is larger than every bound', async () => {
    const at = await sitDown(api);
    await appendMany(api, at, 500);
    const socket = await open(api, at);
    socket.ws.pause();
    socket.run('big', large, { id: at.sessionId });
    await eventually(async () => (await unsent(api)) > 4 * mark, { within: 20_000 });
    for (let n = 0; n < 10; n += 1) socket.say({ type: 'ping', payload: { n } });
    const input = { sessionId: at.sessionId, idempotencyKey: newEventKey(), event: addCoffee };
    const mutation = 'mutation ($input: AppendEventInput!) { appendEvent(input: $input) { event { seq } } }';
    socket.run('never', mutation, { input });
    socket.say({ id: 'never', type: 'complete' });
    socket.run('later', '{ viewer { kind } }');
    await eventually(() => socket.ws.bufferedAmount === 0);
    socket.ws.resume();
    await socket.last('later');
    expect(socket.of('big').map(({ type }) => type)).toEqual(['next', 'complete']);
    expect(socket.messages.filter(({ type }: Json) => type === 'pong')).toHaveLength(10);
    // What was taken back while it waited for its turn was never begun.
    expect((await append(api, at, add())).event_seq).toBe(504);
  }, 60_000);

  test('is closed at once when answers pile up that it asked for', async () => {
    const at = await sitDown(api);
    await appendMany(api, at, 500);
    const before = await dropped(api);
    const socket = await open(api, at);
    socket.ws.pause();
    for (let n = 0; n < 6; n += 1) socket.run(`${n}`, large, { id: at.sessionId });
    await eventually(async () => (await dropped(api)) === before + 1, { within: 20_000 });
    socket.ws.resume();
    expect(await socket.ended).toEqual({ code: 1013, reason: 'the client reads too slowly' });
    expect(socket.messages.filter(({ type }) => type === 'next').length).toBeLessThan(6);
  }, 60_000);

  test('is closed at once when it only asks to be pinged back, without end', async () => {
    const at = await sitDown(api);
    const before = await dropped(api);
    const socket = await open(api, at);
    socket.ws.pause();
    const ping = JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(90_000) } });
    for (let n = 0; n < 300; n += 1) socket.say(ping);
    await eventually(async () => (await dropped(api)) === before + 1, { within: 20_000 });
    socket.ws.resume();
    expect((await socket.ended).code).toBe(1013);
  }, 60_000);
});

/** Some 15 MB for 500 events. */
const large = `query ($id: UUID!) { ${Array.from(
  { length: 20 },
  (_, n) => `e${n}: events(sessionId: $id, first: 500) { nodes { id payload b: payload c: payload d: payload } }`,
).join(' ')} }`;

describe('a client that does not read', () => {
  const api = useApi({ socketLimits: { stallMs: 400, tickMs: 50, closeMs: 5_000 } });
  let at: Visit;
  beforeAll(async () => {
    at = await sitDown(api);
    await appendMany(api, at, 2_000);
  });

  test('is closed with 1013 when its time is up, and everything that it held is let go', async () => {
    const socket = await open(api, at);
    socket.ws.pause();
    for (const id of ['1', '2', '3']) socket.run(id, wide, { id: at.sessionId });
    await eventually(async () => (await dropped(api)) === 1, { within: 15_000 });
    await eventually(async () => (await figure(api, 'qr_live_feeds')) === 0);
    socket.ws.resume();
    expect(await socket.ended).toEqual({ code: 1013, reason: 'the client reads too slowly' });
    const got = seqs(socket, '1');
    expect(got).toEqual(upTo(got.length));
    expect(got.length).toBeLessThan(2_000);
  }, 60_000);
});

describe('a client that is far behind', () => {
  const api = useApi({ socketLimits: { pingMs: 700, tickMs: 20 } });

  test('is not taken for dead, though the pings are as late as everything else', async () => {
    const at = await sitDown(api);
    await appendMany(api, at, 1_000);
    const [behind, prompt] = [await open(api, at), await open(api, at)];
    let pings = 0;
    prompt.ws.on('ping', () => (pings += 1));
    behind.ws.pause();
    for (const id of ['1', '2']) behind.run(id, wide, { id: at.sessionId });
    await eventually(async () => (await unsent(api)) > mark / 2, { within: 10_000 });
    const before = pings;
    await eventually(() => pings > before + 4, { within: 20_000 });
    behind.ws.resume();
    await eventually(() => ['1', '2'].every((id) => behind.items(id).at(-1)?.seq === 1_003), { within: 20_000 });
    expect(await figure(api, 'qr_live_dropped_total{face="websocket",reason="silent"}')).toBe(0);
  }, 60_000);
});
