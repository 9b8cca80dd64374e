import { describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { useNodes } from '../support/live-nodes.js';
import { whole } from '../support/live-report.js';
import { runStorm, type Storm } from '../support/live-storm.js';
import { seedOf } from '../support/random.js';

/** `STORM_SEED=n` repeats the draws of a run; what comes of them in which order is up to the machine. */
const storm: Storm = {
  seed: seedOf('STORM_SEED'),
  sessions: 30,
  writers: 50,
  writes: 3_000,
  subscribersOfEach: 50,
  cuts: 100,
  pageSize: 100,
};

const usual = { name: 'with the usual batches and pages', logLimits: {}, storm };
const smallest = {
  name: 'with batches and pages of one event',
  logLimits: { batchEvents: 1, pageEvents: 1, tailEvents: 1 },
  storm: { ...storm, writes: 1_000, pageSize: 1 },
};

const nodes = useNodes();

describe.each([usual, smallest])('50 writers, and 200 subscribers cut off 100 times, $name', ({ logLimits, storm }) => {
  test('lose, double and swap nothing on one node', { timeout: 180_000 }, async () => {
    const api = await nodes.start(await nodes.newDatabase(), { logLimits });
    const report = await runStorm({ writing: api, reading: [api.address] }, storm);
    console.info(report.summary);
    expect(report).toMatchObject(whole);
  });

  test('lose, double and swap nothing when one node writes and another is read', { timeout: 180_000 }, async () => {
    const url = await nodes.newDatabase();
    const [writing, reading] = [await nodes.start(url, { logLimits }), await nodes.start(url, { logLimits })];
    const isHearing = async () => (await reading.http('GET', '/readyz')).body.bells_hearing;
    await eventually(isHearing, { within: 10_000 });
    const report = await runStorm({ writing, reading: [reading.address] }, storm);
    console.info(report.summary);
    expect(report).toMatchObject(whole);
  });
});
