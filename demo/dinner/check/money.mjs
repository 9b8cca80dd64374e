import { dong } from '../amounts.mjs';
import { differences } from './differences.mjs';

/** @import { Evidence, LogEvent, Verdict } from '../types.js' */

/**
 * Three books are kept of the same money, by the log, at the till and by the providers: they must agree.
 * @param {Evidence} evidence
 * @returns {Verdict[]}
 */
export function checkMoney({ log, intents, payments, orders }) {
  const settled = log.filter(({ event_type }) => event_type === 'payment_settled').map(entryOf);
  const received = payments.filter(({ status }) => !['pending', 'failed'].includes(status)).map(entryOf);
  const taken = orders.flatMap(({ reference, transactions }) =>
    transactions.map(({ amount }) => ({ reference, amount })),
  );
  const deliveries = orders.flatMap((order) => order.deliveries);
  const forged = deliveries.filter((delivery) => delivery.forged).length;
  return [
    {
      claim: `${dong(sumOf(settled))} in ${settled.length} payments: the log, the till and the providers agree`,
      faults: [
        ...differences(sums(settled), sums(received)).map((place) => `log and till: ${place}`),
        ...differences(sums(settled.filter(isThroughProvider)), sums(taken)).map(
          (place) => `log and providers: ${place}`,
        ),
      ],
    },
    {
      claim: `${orders.length} payments through providers, ${deliveries.length - forged} notices and ${forged} forged one: each is settled exactly once`,
      faults: [...faultsOfStarts(log, intents), ...faultsOfSettlements(log)],
    },
  ];
}

/** @typedef {{ reference: string, amount: number, provider?: string | null }} Entry */

/** @param {any} record an event of the log, or a payment of the till @returns {Entry} */
function entryOf(record) {
  const { payment_reference, amount, provider } = record.payload ?? record;
  return { reference: payment_reference, amount, provider };
}

const isThroughProvider = (/** @type {Entry} */ { provider }) => Boolean(provider);

/** @param {readonly Entry[]} entries */
function sumOf(entries) {
  return entries.reduce((sum, { amount }) => sum + amount, 0);
}

/** What came under each reference, so that a doubled one shows. @param {readonly Entry[]} entries @returns {Record<string, number>} */
function sums(entries) {
  const references = new Set(entries.map(({ reference }) => reference));
  return Object.fromEntries(
    [...references].map((wanted) => [wanted, sumOf(entries.filter(({ reference }) => reference === wanted))]),
  );
}

/** What phones were told must have begun in the log, and nothing else. @param {readonly LogEvent[]} log @param {Evidence['intents']} intents */
function faultsOfStarts(log, intents) {
  const starts = log.filter(({ event_type }) => event_type === 'payment_started');
  const lost = intents.flatMap(({ paymentId, reference, amount, deviceId }) => {
    const told = { payment_reference: reference, amount, device_id: deviceId };
    const found = starts.filter(({ payload }) => payload.payment_id === paymentId);
    if (found.length !== 1) return [`payment ${reference} was started ${found.length} times`];
    return found.flatMap(({ event_seq, payload }) =>
      differences(told, pick(payload, Object.keys(told))).map((place) => `seq ${event_seq}, told and stored: ${place}`),
    );
  });
  const known = new Set(intents.map(({ paymentId }) => paymentId));
  const extra = starts.filter(({ payload }) => !known.has(String(payload.payment_id)));
  return [...lost, ...extra.map(({ event_seq }) => `seq ${event_seq} is a payment that no phone has started`)];
}

/** One settlement each, of the amount that was asked for. @param {readonly LogEvent[]} log */
function faultsOfSettlements(log) {
  const settlements = log.filter(({ event_type }) => event_type === 'payment_settled');
  return settlements.flatMap(({ event_seq, payload }, index) => {
    /** @type {any} */
    const { payment_id, amount } = payload;
    const isAgain = settlements.slice(0, index).some((earlier) => earlier.payload.payment_id === payment_id);
    const start = log.find(
      (event) => event.event_type === 'payment_started' && event.payload.payment_id === payment_id,
    );
    const isOther = start && start.payload.amount !== amount;
    return [
      ...(isAgain ? [`seq ${event_seq} settles payment ${payment_id} once more`] : []),
      ...(isOther ? [`seq ${event_seq} settles ${amount}, and ${String(start.payload.amount)} was started`] : []),
    ];
  });
}

/** @param {Record<string, unknown>} record @param {readonly string[]} names */
function pick(record, names) {
  return Object.fromEntries(names.map((name) => [name, record[name]]));
}
