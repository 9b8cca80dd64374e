import { dong } from '../../dinner/amounts.mjs';
import { countSends, faultsOf } from '../../dinner/check/check.mjs';
import { checkMoney } from '../../dinner/check/money.mjs';
import { checkBills } from './bills.mjs';
import { checkFloor } from './floor.mjs';

/** @import { Verdict } from '../../dinner/types.js' */
/** @import { EveningEvidence, VisitEvidence } from '../types.js' */

/**
 * What the evening must have left behind.
 * @param {EveningEvidence} evidence
 * @returns {Verdict[]}
 */
export function check(evidence) {
  return [...checkFloor(evidence), ...checkLogs(evidence), ...checkBills(evidence), checkProviders(evidence)];
}

/** Every visit held against its own log, as the dinner is. @param {EveningEvidence} evidence @returns {Verdict[]} */
function checkLogs({ visits }) {
  const all = visits.map(({ evidence }) => evidence);
  const faults = visits.map(({ name, evidence }) => ({ name, ...faultsOf(evidence) }));
  const of = (/** @type {'sequence' | 'snapshots' | 'views' | 'taps'} */ kind) =>
    faults.flatMap((each) => each[kind].map((fault) => `${each.name}: ${fault}`));
  const taps = all.flatMap((evidence) => evidence.taps);
  const sends = countSends(taps);
  const count = (/** @type {(visit: VisitEvidence['evidence']) => readonly unknown[]} */ list) =>
    all.reduce((sum, evidence) => sum + list(evidence).length, 0);
  return [
    {
      claim: `${count(({ log }) => log)} events in ${visits.length} logs: each has seq 1 to its end, no gap, no repeat`,
      faults: of('sequence'),
    },
    {
      claim: `the server's bill is the fold of the log, at ${count(({ snapshots }) => snapshots)} points of the evening`,
      faults: of('snapshots'),
    },
    { claim: `${count(({ views }) => views)} phones have seen the whole log and the last bill`, faults: of('views') },
    {
      claim: `${taps.length} taps were sent ${sends} times, ${sends - taps.length} of them again: each counts once`,
      faults: of('taps'),
    },
  ];
}

/** Phone, log, till and provider keep a book each. @param {EveningEvidence} evidence @returns {Verdict} */
function checkProviders({ visits }) {
  const orders = visits.flatMap(({ evidence }) => evidence.orders);
  const deliveries = orders.flatMap((order) => order.deliveries);
  const taken = orders.flatMap(({ transactions }) => transactions).reduce((sum, { amount }) => sum + amount, 0);
  const forged = deliveries.filter((delivery) => delivery.forged).length;
  const told = `${deliveries.length - forged} notices and ${forged} forged`;
  return {
    claim: `${dong(taken)} through providers, in ${orders.length} payments with ${told}: log, till and providers agree`,
    faults: visits.flatMap(({ name, evidence }) =>
      checkMoney(evidence).flatMap(({ faults }) => faults.map((fault) => `${name}: ${fault}`)),
    ),
  };
}
