import { methodName, money } from '../dinner/amounts.mjs';
import { tables } from '../dinner/demo-restaurant.mjs';
import { table } from '../dinner/table.mjs';

/** @import { LogEvent } from '../dinner/types.js' */
/** @import { Evening, EveningEvidence } from './types.js' */

/**
 * The evening in tables.
 * @param {Evening} evening
 * @param {EveningEvidence} evidence
 */
export function report(evening, evidence) {
  const { story } = evening;
  const sections = /** @type {const} */ ([
    ['The tables', tablesOf(evening, evidence)],
    ['Takings by the hour', hoursOf(evening, evidence)],
    ['The kitchen, in minutes from the order', kitchenOf(evening)],
    ['The waiters', waitersOf(evening)],
  ]);
  for (const [title, lines] of sections) {
    story.act(title);
    for (const line of lines) story.print(`  ${line}`);
  }
}

/** A visit counts for the table where it ended. @param {Evening} evening @param {EveningEvidence} evidence */
function tablesOf({ visits }, evidence) {
  const rowOf = (/** @type {string} */ name, /** @type {readonly number[]} */ places) => {
    const lasts = places.flatMap((place) => evidence.visits[place]?.last ?? []);
    const logs = places.flatMap((place) => evidence.visits[place]?.evidence.log ?? []);
    const guests = places.reduce((sum, place) => sum + (visits[place]?.phones.length ?? 0), 0);
    const figures = [places.length, guests, lasts.flatMap(({ rounds }) => rounds).length];
    figures.push(lasts.flatMap(({ items }) => items).length, sum(lasts.map(({ total }) => total)));
    return [name, ...figures.map(money), paidHow(logs)];
  };
  const every = [...visits.keys()];
  const rows = tables.map(({ name }) =>
    rowOf(
      name,
      every.filter((place) => visits[place]?.table.name === name),
    ),
  );
  const head = ['Table', 'Visits', 'Guests', 'Rounds', 'Lines', 'Total', 'Paid how'];
  return table({ head, parts: [rows, [rowOf('All', every)]], figures: [1, 2, 3, 4, 5] });
}

/** How often in which way. @param {readonly LogEvent[]} log */
function paidHow(log) {
  const methods = log.filter(isSettled).map(({ payload }) => methodName(String(payload.method)));
  const counts = [...new Set(methods)]
    .sort()
    .map((name) => `${methods.filter((each) => each === name).length} ${name}`);
  const lost = log.filter(({ event_type }) => event_type === 'session_written_off').length;
  return [...counts, ...(lost === 0 ? [] : [`${lost} not at all`])].join(', ');
}

const isSettled = (/** @type {LogEvent} */ { event_type }) => event_type === 'payment_settled';

/** By the simulated hour in which the party left. @param {Evening} evening @param {EveningEvidence} evidence */
function hoursOf({ visits }, evidence) {
  const ways = ['cash', 'momo', 'vnpay', 'zalopay'];
  const rowOf = (/** @type {string} */ name, /** @type {(left: number) => boolean} */ isIn) => {
    const settled = visits.flatMap(({ left }, place) =>
      isIn(left ?? 0) ? (evidence.visits[place]?.evidence.log ?? []).filter(isSettled) : [],
    );
    const amount = (/** @type {string} */ way) =>
      sum(settled.filter(({ payload }) => payload.method === way).map(({ payload }) => Number(payload.amount)));
    return [name, money(settled.length), ...ways.map((way) => money(amount(way))), money(sum(ways.map(amount)))];
  };
  const hours = [...new Set(visits.map(({ left }) => Math.floor((left ?? 0) / 60)))].sort();
  const rows = hours.map((hour) => rowOf(`${18 + hour}:00`, (left) => Math.floor(left / 60) === hour));
  const head = ['Hour', 'Payments', ...ways.map(methodName), 'Total'];
  return table({ head, parts: [rows, [rowOf('All', () => true)]], figures: [1, 2, 3, 4, 5, 6] });
}

/** @param {Evening} evening */
function kitchenOf({ tickets }) {
  const all = [...tickets.values()];
  const rowOf = (/** @type {string} */ name, /** @type {readonly number[]} */ minutes) => {
    const average = minutes.length === 0 ? 0 : sum(minutes) / minutes.length;
    return [name, money(minutes.length), average.toFixed(1), money(Math.max(0, ...minutes))];
  };
  const spans = (/** @type {'acknowledged' | 'ready' | 'served'} */ step) =>
    all.flatMap((ticket) => (ticket[step] === undefined ? [] : [(ticket[step] ?? 0) - ticket.sent]));
  const rows = [
    rowOf('acknowledged', spans('acknowledged')),
    rowOf('all ready', spans('ready')),
    rowOf('all served', spans('served')),
  ];
  return table({ head: ['Tickets', 'Count', 'Average', 'Longest'], parts: [rows], figures: [1, 2, 3] });
}

/** @param {Evening} evening */
function waitersOf({ waiters }) {
  const rows = waiters.map(({ name, served, calls, errands }) => [name, money(served), money(calls), money(errands)]);
  return table({ head: ['Waiter', 'Served', 'Calls', 'Errands'], parts: [rows], figures: [1, 2, 3] });
}

/** @param {readonly number[]} figures */
function sum(figures) {
  return figures.reduce((total, figure) => total + figure, 0);
}
