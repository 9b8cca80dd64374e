import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { RunningApi } from '../support/api.js';
import { cuttableDatabase } from '../support/cuttable-database.js';
import { eventually } from '../support/eventually.js';
import { useNodes } from '../support/live-nodes.js';
import { whole } from '../support/live-report.js';
import { runStorm } from '../support/live-storm.js';
import { seedOf } from '../support/random.js';

const nodes = useNodes();
const redis = process.env.REDIS_TEST_URL ?? '';

/** How long Redis is gone, in milliseconds: longer than it takes every node to look for itself. */
const goneMs = 15_000;

const storm = {
  ...{ seed: seedOf('STORM_SEED'), sessions: 30, writers: 50, writes: 3_000 },
  ...{ subscribersOfEach: 50, cuts: 100, pageSize: 100 },
};

test('50 writers on one node, and 200 subscribers of another, cut off 100 times, lose, double and swap nothing', {
  timeout: 180_000,
}, async () => {
  const url = await nodes.newDatabase();
  const [writing, reading] = [await startOn(url, redis), await startOn(url, redis)];
  await Promise.all([writing, reading].map(hears(true)));
  const report = await runStorm({ writing, reading: [reading.address] }, storm);
  console.info(report.summary);
  expect(report).toMatchObject(whole);
});

test('a Redis that is gone for a while, for all nodes, loses, doubles and swaps nothing', {
  timeout: 180_000,
}, async () => {
  const url = await nodes.newDatabase();
  const line = await cuttableDatabase(redis);
  nodes.later(() => line.stop());
  const [writing, reading] = [await startOn(url, line.url), await startOn(url, line.url)];
  const both = [writing, reading];
  await Promise.all(both.map(hears(true)));
  const report = await runStorm(
    { writing, reading: [reading.address] },
    { ...storm, writes: 1_000, perSecond: 40 },
    async ({ acknowledged }) => {
      await eventually(() => acknowledged.length > 200, { within: 60_000 });
      line.cut('refuse');
      await pause(goneMs);
      await Promise.all(both.map(hears(false)));
      line.mend();
      await Promise.all(both.map(hears(true)));
      const { length } = acknowledged;
      await eventually(() => acknowledged.length > length + 200, { within: 60_000 });
    },
  );
  console.info(report.summary);
  expect(report).toMatchObject(whole);
});

function startOn(databaseUrl: string, redisUrl: string): Promise<RunningApi> {
  return nodes.start(databaseUrl, { env: { REDIS_URL: redisUrl } });
}

function hears(wanted: boolean) {
  return (api: RunningApi) =>
    eventually(async () => (await api.http('GET', '/readyz')).body.bells_hearing === wanted, { within: 30_000 });
}
