import { expect, test } from 'vitest';
import { sitDown, useApi, type Visit } from '../../support/api.js';
import { eventually } from '../../support/eventually.js';
import { openSocket, type RawSocket } from '../../support/raw-socket.js';

const api = useApi();

const document =
  'subscription ($id: UUID!, $after: SafeInt) { sessionEvents(sessionId: $id, afterSeq: $after) { seq } }';

async function figure(name: string): Promise<number> {
  const { text } = await api.http('GET', '/metrics');
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.slice(name.length + 1) ?? Number.NaN,
  );
}

/** A subscription that begins and is let go of, each time at another moment of its life. */
async function cycle(socket: RawSocket, { sessionId }: Visit, n: number): Promise<void> {
  const id = String(n);
  const begin = () => socket.run(id, document, { id: sessionId, after: n % 3 });
  const letGo = () => socket.say({ id, type: 'complete' });
  switch (n % 4) {
    case 0:
      return socket.atOnce(() => {
        begin();
        letGo();
      });
    case 1:
      begin();
      return letGo();
    case 2:
      begin();
      await new Promise((resolve) => setImmediate(resolve));
      return letGo();
    default:
      // Nothing is behind its second seq, so it waits.
      begin();
      if (n % 3 < 2) await socket.until((message) => message.id === id);
      return letGo();
  }
}

test('5,000 subscriptions that begin and are let go of at all moments leave no feed and no stream behind', {
  timeout: 120_000,
}, async () => {
  const at = await sitDown(api);
  const spin = async (_: unknown, worker: number): Promise<void> => {
    for (let round = 0; round < 5; round += 1) {
      const socket = await openSocket(api, { as: at.phone });
      for (let n = 0; n < 100; n += 1) await cycle(socket, at, worker + n);
      // Whatever still runs goes with its socket, in order or torn.
      if (round % 2 === 0) await socket.close();
      else socket.ws.terminate();
    }
  };
  await Promise.all(Array.from({ length: 10 }, spin));
  await eventually(async () => (await figure('qr_live_feeds')) === 0, { within: 20_000 });
  await eventually(async () => (await figure('qr_live_streams{face="websocket"}')) === 0, { within: 20_000 });
  expect(await figure('qr_live_unsent_bytes')).toBe(0);
  // The server is as it was: a new one is served.
  const socket = await openSocket(api, { as: at.phone });
  socket.run('1', document, { id: at.sessionId });
  await eventually(() => socket.items('1').length === 2);
  expect(await figure('qr_live_feeds')).toBe(1);
  await socket.close();
});
