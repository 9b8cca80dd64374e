import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { appendTea, type Guest, readLog, sitDown } from '../support/demo-table.js';
import { serverPid } from '../support/embedded-server.js';
import { eventually } from '../support/eventually.js';
import { useServerLab } from '../support/server-process.js';

const lab = useServerLab();

const tables = [1, 2, 3, 4, 5, 6, 7, 8];
const callersPerTable = 4;
const enough = 1_000;

/** What the server promised: this key is in this log at this seq. */
interface Acknowledged {
  readonly guest: Guest;
  readonly key: string;
  readonly eventId: string;
  readonly seq: number;
}

interface Load {
  readonly acknowledged: readonly Acknowledged[];
  /** Keys that were sent and never answered. */
  readonly unanswered: readonly { readonly guest: Guest; readonly key: string }[];
  readonly finished: Promise<unknown>;
}

const victims = ['the server', 'the server and its database'] as const;

it.each(victims)(
  'with %s killed under load, no acknowledged write is lost, and none that is sent again is doubled',
  async (victim) => {
    const dataDir = await lab.oldData();
    const server = await lab.start(dataDir);
    const load = startLoad(await Promise.all(tables.map((table) => sitDown(server.url, table))));
    await eventually(() => load.acknowledged.length >= enough, { within: 30_000 });
    // The database dies first, as with the whole machine; otherwise it lives on as an orphan.
    if (victim !== 'the server') process.kill((await serverPid(dataDir))!, 'SIGKILL');
    await server.end('SIGKILL');
    await load.finished;
    const { acknowledged, unanswered } = load;
    expect(unanswered.length).toBeGreaterThan(0);

    const again = await lab.start(dataDir);
    const moved = (guest: Guest): Guest => ({ ...guest, url: again.url });
    const before = await seqsById(acknowledged.map(({ guest }) => moved(guest)));
    expect(acknowledged.filter(({ eventId, seq }) => before.get(eventId) !== seq)).toEqual([]);

    // Its key belongs to it: sent again, each gives its first answer.
    const repeated = await inTurns(acknowledged, async ({ guest, key, eventId, seq }) => {
      const { status, body } = await appendTea(moved(guest), key);
      return status === 200 && body.replayed === true && body.event_id === eventId && body.event_seq === seq;
    });
    expect(repeated.filter((isFirstAnswer) => !isFirstAnswer)).toEqual([]);

    // Whether they were written before the kill nobody knows; sent again, each is there once.
    const settled = await inTurns(unanswered, async ({ guest, key }) => (await appendTea(moved(guest), key)).body);
    const resettled = await inTurns(unanswered, async ({ guest, key }) => (await appendTea(moved(guest), key)).body);
    expect(resettled).toEqual(settled.map((answer) => ({ ...answer, replayed: true })));
    const after = await seqsById(acknowledged.map(({ guest }) => moved(guest)));
    expect(after.size).toBe(acknowledged.length + unanswered.length);
    const survived = settled.filter(({ replayed }) => replayed).length;
    console.info(
      `${victim} killed with ${acknowledged.length} writes acknowledged and ${unanswered.length} under way, of which ${survived} had been written; ready again after ${again.readyMs} ms`,
    );
  },
);

function startLoad(guests: readonly Guest[]): Load {
  const acknowledged: Acknowledged[] = [];
  const unanswered: { guest: Guest; key: string }[] = [];
  const call = async (guest: Guest): Promise<void> => {
    for (;;) {
      const key = randomUUID();
      const answer = await appendTea(guest, key).catch(() => undefined);
      if (answer?.status !== 201) return void unanswered.push({ guest, key });
      acknowledged.push({ guest, key, eventId: answer.body.event_id, seq: answer.body.event_seq });
    }
  };
  const callers = guests.flatMap((guest) => Array.from({ length: callersPerTable }, () => call(guest)));
  return { acknowledged, unanswered, finished: Promise.all(callers) };
}

/** The seq of every added item in the logs of these guests, after a look that no log has a gap. */
async function seqsById(guests: readonly Guest[]): Promise<ReadonlyMap<string, number>> {
  const bySession = new Map(guests.map((guest) => [guest.sessionId, guest]));
  const logs = await Promise.all([...bySession.values()].map((guest) => readLog(guest)));
  for (const log of logs) expect(log.map(({ event_seq }) => event_seq)).toEqual(log.map((_, index) => index + 1));
  const added = logs.flat().filter(({ event_type }) => event_type === 'add_item');
  return new Map(added.map(({ event_id, event_seq }) => [event_id, event_seq]));
}

/** Does it for all, 32 at a time, and keeps the order. */
async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: 32 }, worker));
  return results;
}
