import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import postgres from 'postgres';
import { expect, test } from 'vitest';
import { withWatchdog } from '../../../src/event-log/watchdog.js';
import { cuttableDatabase } from '../../support/cuttable-database.js';
import { eventually } from '../../support/eventually.js';
import { add, open, refusalOf, startNode, tenantId, useHeart } from '../../support/heart.js';

const heart = useHeart();

test.each(['stall', 'refuse'] as const)(
  'statements that are given up while their connection opens (%s) do not take it along',
  async (how) => {
    const sessionId = await open(heart.a);
    const line = await cuttableDatabase(heart.url);
    const node = startNode(line.url, `waiting for connections, ${how}`, {
      limits: { statementMs: 300, commandMs: 900 },
    });
    try {
      line.cut(how);
      const reads = Array.from({ length: 8 }, (_, n) => node.log.page({ tenantId, sessionId }, { after: n, limit: 1 }));
      const writes = Array.from({ length: 8 }, () => add(node, sessionId));
      const codes = await Promise.all([...reads, ...writes].map((one) => refusalOf(one)));
      expect(new Set(codes)).toEqual(new Set(['UNAVAILABLE']));
      line.mend();
      await eventually(async () => (await refusalOf(node.log.current({ tenantId, sessionId }))) === undefined);
      await eventually(async () => (await refusalOf(add(node, sessionId))) === undefined);
      // What was given up is not carried out later.
      const { events } = await heart.a.log.page({ tenantId, sessionId }, { after: 0, limit: 100 });
      expect(events.map(({ type }) => type)).toEqual(['session_opened', 'add_item']);
    } finally {
      await node.stop();
      await line.stop();
    }
  },
);

test.each([true, false])(
  'a statement that is given up while it waits behind another leaves every answer to its own statement (prepare: %s)',
  async (prepare) => {
    const sql = postgres(heart.url, { max: 1, prepare, fetch_types: false });
    try {
      const ask = (n: number) => sql.unsafe<{ n: number }[]>('SELECT $1::int AS n', [n], { prepare: true });
      await ask(0);
      const before = Promise.resolve(sql`SELECT pg_sleep(0.6)`);
      const givenUp = Promise.allSettled([1, 2].map((n) => withWatchdog(ask(n), 100)));
      const behind = [3, 4, 5].map(async (n) => (await withWatchdog(ask(n), 5_000))[0]?.n);
      expect((await givenUp).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      expect(await Promise.all(behind)).toEqual([3, 4, 5]);
      await before;
      expect(await ask(6)).toEqual([{ n: 6 }]);
    } finally {
      await sql.end({ timeout: 5 });
    }
  },
);

test('a statement that the server is at work on is stopped there when it is given up', async () => {
  const sql = postgres(heart.url, { max: 1, fetch_types: false });
  try {
    await expect(withWatchdog(sql`SELECT pg_sleep(30)`, 100)).rejects.toMatchObject({ code: '57014' });
    // The same connection is free again.
    expect(await sql`SELECT 1 AS n`).toEqual([{ n: 1 }]);
  } finally {
    await sql.end({ timeout: 5 });
  }
});

test('a cancellation that the network cuts off is no failure of the process', async () => {
  const line = createServer();
  const target = new URL(heart.url);
  const port = Number(target.port);
  const sockets: Socket[] = [];
  const reset = new Promise<void>((resolve) => {
    line.on('connection', (near) => {
      sockets.push(near.on('error', () => undefined));
      if (sockets.length > 1) {
        // Taken, then torn down with what it sent still unread: ECONNRESET at the other end.
        near.once('readable', () => near.resetAndDestroy()).once('close', () => setImmediate(resolve));
        return;
      }
      const far = connect(port, target.hostname).on('error', () => undefined);
      near.pipe(far).pipe(near);
      near.once('close', () => far.destroy());
    });
  });
  line.listen(0, '127.0.0.1');
  await once(line, 'listening');
  target.port = String((line.address() as AddressInfo).port);
  const sql = postgres(target.href, { max: 1, fetch_types: false });
  try {
    await sql`SELECT 1`;
    // Vitest fails the run on a rejection that nobody handles.
    await expect(withWatchdog(sql`SELECT pg_sleep(2)`, 100)).rejects.toMatchObject({ code: '57014' });
    await reset;
  } finally {
    await sql.end({ timeout: 0 });
    for (const socket of sockets) socket.destroy();
    line.close();
  }
});
