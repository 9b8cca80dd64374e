/** Two hours at a restaurant, against a running server: `npm run evening`. */
import { performance } from 'node:perf_hooks';
import { call } from '../dinner/http.mjs';
import { complain, judge } from '../dinner/outcome.mjs';
import { check } from './check/check.mjs';
import { timeOf } from './clock.mjs';
import { collectEvidence } from './evidence.mjs';
import { runKitchen } from './kitchen.mjs';
import { open } from './opening.mjs';
import { dine } from './party.mjs';
import { planParties } from './plan.mjs';
import { report } from './report.mjs';
import { runOut } from './scarcity.mjs';
import { readSettings, usage } from './settings.mjs';
import { createStory } from './story.mjs';
import { wait } from './waiters.mjs';

/** @import { Evening } from './types.js' */

process.exitCode = await main();

/** @returns {Promise<number>} the exit code */
async function main() {
  try {
    const settings = readSettings(process.argv.slice(2), process.env);
    if (settings.wantsHelp) console.log(usage);
    else return await spend(settings);
    return 0;
  } catch (error) {
    return complain(error, { name: 'evening', usage });
  }
}

/** @param {{ base: string, seed: number, isVerbose: boolean }} settings */
async function spend({ base, seed, isVerbose }) {
  const started = performance.now();
  await call(`${base}/livez`, { method: 'GET' });
  const story = createStory(process.stdout, { isVerbose });
  story.print(`An evening at ${base}, seed ${seed}`);
  const evening = await open({ base, seed, story });
  const days = new Set([localDay()]);
  const takingsBefore = await evening.books.takings([...days]);
  story.act('The evening');
  await serve(evening);
  const { clock, counts } = evening;
  days.add(localDay());
  const evidence = await collectEvidence(evening, { days: [...days], takingsBefore });
  report(evening, evidence);
  const seconds = Math.round((performance.now() - started) / 1000);
  story.act('The check');
  const code = judge(story, check(evidence));
  story.print(
    `\n  18:00 to ${timeOf(clock.minute)} in ${seconds} s; at most ${counts.mostPhones} phones at once; seed ${seed}`,
  );
  return code;
}

/** Guests come and go; staff stay until the last ticket is served. @param {Evening} evening */
async function serve(evening) {
  const { clock, counts, menu, random, restaurant, waiters } = evening;
  const plans = planParties(random);
  counts.parties = plans.length;
  try {
    await clock.run([
      () => runOut(evening),
      () => runKitchen(evening),
      ...waiters.map((waiter, index) => () => wait(evening, waiter, index === 0 ? 0 : 1)),
      ...plans.map((plan) => () => dine(evening, plan)),
    ]);
  } finally {
    if (evening.soldOut.size > 0) await restaurant.setAvailable('Khoa', menu.scarce.menu_item_id, true);
  }
}

/** The day of the demo restaurant. */
function localDay() {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Ho_Chi_Minh' }).format(new Date());
}
