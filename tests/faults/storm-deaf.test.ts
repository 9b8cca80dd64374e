import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { RunningApi } from '../support/api.js';
import { type CuttableDatabase, cuttableDatabase } from '../support/cuttable-database.js';
import { eventually } from '../support/eventually.js';
import { useNodes } from '../support/live-nodes.js';
import { type Outcomes, whole } from '../support/live-report.js';
import { runStorm } from '../support/live-storm.js';
import { seedOf } from '../support/random.js';

const nodes = useNodes();

/** How long the nodes that are read hear nothing, in milliseconds. */
const deafMs = 60_000;
/** A node looks for itself every 4 s; on a busy machine later. */
const patienceMs = 15_000;

test('a bell that is dead for a minute loses, doubles and swaps nothing, and holds nothing up', {
  timeout: 240_000,
}, async () => {
  const url = await nodes.newDatabase();
  const writing = await nodes.start(url);
  const [refused, stalled] = [await newLine(url), await newLine(url)];
  const reading = [await startOn(url, refused), await startOn(url, stalled)];
  await Promise.all(reading.map(hears(true)));

  const report = await runStorm(
    { writing, reading: reading.map(({ address }) => address) },
    { seed: seedOf('STORM_SEED'), sessions: 30, writers: 50, writes: 2_000, perSecond: 40, ...readers },
    async (outcomes) => {
      await eventually(() => outcomes.acknowledged.length > 200, { within: 60_000 });
      refused.cut('refuse');
      stalled.cut('stall');
      await pause(deafMs);
      expect(behind(outcomes)).toEqual([]);
      await Promise.all(reading.map(hears(false)));
      refused.mend();
      stalled.mend();
      await Promise.all(reading.map(hears(true)));
      const { length } = outcomes.acknowledged;
      await eventually(() => outcomes.acknowledged.length > length + 200, { within: 60_000 });
    },
  );
  console.info(report.summary);
  expect(report).toMatchObject(whole);
});

const readers = { subscribersOfEach: 50, cuts: 100, pageSize: 100 } as const;

/** Where only the bell goes: what is written and read takes the direct way. */
async function newLine(url: string): Promise<CuttableDatabase> {
  const line = await cuttableDatabase(url);
  nodes.later(() => line.stop());
  return line;
}

function startOn(url: string, line: CuttableDatabase): Promise<RunningApi> {
  return nodes.start(url, { env: { DATABASE_DIRECT_URL: line.url } });
}

function hears(wanted: boolean) {
  return (api: RunningApi) =>
    eventually(async () => (await api.http('GET', '/readyz')).body.bells_hearing === wanted, { within: 30_000 });
}

/** Who has not got what was written a while ago: seqs by kind and session. */
function behind({ subscribers, acknowledged }: Outcomes): readonly string[] {
  const reached = new Map<string, number>();
  const old = performance.now() - patienceMs;
  for (const { sessionId, seq, at } of acknowledged) {
    if (at < old) reached.set(sessionId, Math.max(seq, reached.get(sessionId) ?? 0));
  }
  return subscribers.flatMap(({ kind, place, since, received }) => {
    const [has, wants] = [received.at(-1)?.seq ?? place.after, reached.get(place.sessionId) ?? 0];
    return since < old && has < wants ? [`${kind} has ${has} of ${wants} in ${place.sessionId}`] : [];
  });
}
