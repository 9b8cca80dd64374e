import 'reflect-metadata';
import { beforeEach, expect, test, vi } from 'vitest';
import { toSessionEvent } from '../../../src/schema/events/index.js';
import { add, append, demo, newKey, sitDown, useApi } from '../../support/api.js';
import { eventually } from '../../support/eventually.js';
import { openSocket, type RawSocket } from '../../support/raw-socket.js';

// Every execution for an event turns it into a GraphQL object, so that is where they can be counted.
vi.mock('../../../src/schema/events/index.js', async (original) => {
  const real = await original<Record<'toSessionEvent', (event: never) => unknown>>();
  return { ...real, toSessionEvent: vi.fn(real.toSessionEvent) };
});

const api = useApi();
const document =
  'subscription ($id: UUID!, $after: SafeInt) { sessionEvents(sessionId: $id, afterSeq: $after) { seq } }';
const executions = (seq: number) => vi.mocked(toSessionEvent).mock.calls.filter(([event]) => event.seq === seq).length;

beforeEach(() => {
  vi.mocked(toSessionEvent).mockClear();
});

test('subscribers of the same document and rights share one execution per event, others have their own', async () => {
  const at = await sitDown(api);
  const friend = await sitDown(api, at);
  const sockets: RawSocket[] = [];
  const follow = async (as: string, query = document, after = 3) => {
    const socket = await openSocket(api, { as });
    sockets.push(socket);
    for (const id of ['1', '2']) socket.run(id, query, { id: at.sessionId, after });
  };
  const delivered = (seq: number) =>
    eventually(() => sockets.every((one) => ['1', '2'].every((id) => one.items(id).at(-1)?.seq === seq)));

  // The answer to the writer is one more.
  await append(api, at, add());
  expect(executions(4)).toBe(1);

  for (let n = 0; n < 10; n += 1) await follow(n % 2 ? at.phone : friend.phone, document, 3 + (n % 2));
  await append(api, at, add());
  await delivered(5);
  expect(executions(5)).toBe(1 + 1);

  await follow(demo.staff);
  await follow(await newKey(api));
  await append(api, at, add());
  await delivered(6);
  expect(executions(6)).toBe(1 + 2);

  await follow(demo.cashier);
  await follow(at.phone, `${document} # another text`);
  await append(api, at, add());
  await delivered(7);
  expect(executions(7)).toBe(1 + 4);

  for (const socket of sockets) await socket.close();
});
