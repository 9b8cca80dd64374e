/** A whole dinner against a running server: `npm run dinner`. */
import { change } from './acts/change.mjs';
import { collide } from './acts/collide.mjs';
import { comeBack } from './acts/come-back.mjs';
import { dropAnswer } from './acts/drop-answer.mjs';
import { lateGuest } from './acts/late-guest.mjs';
import { leave } from './acts/leave.mjs';
import { order } from './acts/order.mjs';
import { pay } from './acts/pay.mjs';
import { sitDown } from './acts/sit-down.mjs';
import { billTable } from './bill.mjs';
import { createCashier } from './cashier.mjs';
import { check } from './check/check.mjs';
import { collectEvidence } from './collect-evidence.mjs';
import { createGateway } from './gateway.mjs';
import { call } from './http.mjs';
import { complain, judge } from './outcome.mjs';
import { readSettings, usage } from './settings.mjs';
import { createStaff } from './staff.mjs';
import { createStory } from './story.mjs';

process.exitCode = await main();

/** @returns {Promise<number>} the exit code */
async function main() {
  try {
    const { base, wantsHelp } = readSettings(process.argv.slice(2), process.env);
    if (wantsHelp) console.log(usage);
    else return await dine(base);
    return 0;
  } catch (error) {
    return complain(error, { name: 'dinner', usage });
  }
}

/** @param {string} base */
async function dine(base) {
  // Whether anybody is there, before the story begins.
  await call(`${base}/livez`, { method: 'GET' });
  const gateway = createGateway(base);
  await gateway.mustBeThere();
  const story = createStory(process.stdout);
  story.print(`Dinner at ${base}`);
  const evening = await sitDown({ base, staff: createStaff(base), cashier: createCashier(base), gateway, story });
  for (const act of [order, change, dropAnswer, collide, comeBack, lateGuest, pay, leave]) await act(evening);
  story.act('The bill');
  const evidence = await collectEvidence(evening);
  const bill = await evening.staff.snapshot(evening.sessionId);
  for (const line of billTable(bill, evidence.payments)) story.print(`  ${line}`);
  story.act('The check');
  return judge(story, check(evidence));
}
