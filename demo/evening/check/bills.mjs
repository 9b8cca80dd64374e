import { dong } from '../../dinner/amounts.mjs';

/** @import { Payment, Verdict } from '../../dinner/types.js' */
/** @import { EveningEvidence } from '../types.js' */

/**
 * Money in is what the bills come to, less what was given up; the till's list and the day's report say the same.
 * @param {EveningEvidence} evidence
 * @returns {Verdict[]}
 */
export function checkBills({ visits, payments, takings }) {
  const bills = sumOf(visits, ({ last }) => last.total);
  const lost = sumOf(visits, ({ last }) => Number(last.written_off ?? 0));
  const settled = visits.flatMap(({ evidence: { log } }) =>
    log.filter(({ event_type }) => event_type === 'payment_settled'),
  );
  const money = sumOf(settled, ({ payload }) => Number(payload.amount));
  const ours = new Set(visits.map(({ last }) => last.session_id));
  const standing = payments.filter(({ status }) => status === 'succeeded');
  const listed = sumOf(
    standing.filter(({ session_id }) => ours.has(session_id ?? '')),
    amountOf,
  );
  const reported = takings.after - takings.before;
  const whole = sumOf(standing, amountOf);
  return [
    {
      claim: `bills ${dong(bills)} = money ${dong(money)} + written off ${dong(lost)}; nothing is due at any table`,
      faults: [
        ...(bills === money + lost
          ? []
          : [`bills come to ${bills}, money and what was written off to ${money + lost}`]),
        ...visits.flatMap(faultsOfBill),
      ],
    },
    {
      claim: `${settled.length} payments: the till's list has ${dong(listed)}, the day's report ${dong(reported)} more than before`,
      faults: [
        ...(listed === money ? [] : [`the log has ${money}, the till's list ${listed}`]),
        ...doubled(payments),
        ...(reported === whole ? [] : [`the till's list grew by ${whole}, the day's report by ${reported}`]),
      ],
    },
  ];
}

/** @param {EveningEvidence['visits'][number]} visit */
function faultsOfBill({ name, last, givenUp }) {
  const { due, status, total, paid } = last;
  const writtenOff = Number(last.written_off ?? 0);
  if (givenUp) return writtenOff === due ? [] : [`${name}: ${due} is due, and ${writtenOff} was written off`];
  return [
    ...(due === 0 ? [] : [`${name}: ${paid} of ${total} is paid`]),
    ...(['paid', 'closed'].includes(status) ? [] : [`${name}: the session is ${status}`]),
  ];
}

/** @param {readonly Payment[]} payments */
function doubled(payments) {
  const ids = payments.map(({ payment_id }) => payment_id);
  return ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `the till's list has payment ${id} twice`);
}

const amountOf = (/** @type {Payment} */ { amount }) => amount;

/** @template T @param {readonly T[]} list @param {(value: T) => number} figure */
function sumOf(list, figure) {
  return list.reduce((sum, value) => sum + figure(value), 0);
}
