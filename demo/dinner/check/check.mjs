import { differences } from './differences.mjs';
import { fold } from './fold.mjs';
import { checkMoney } from './money.mjs';

/** @import { Evidence, LogEvent, Snapshot, Tap, Verdict, View } from '../types.js' */

/**
 * @param {Evidence} evidence
 * @returns {Verdict[]}
 */
export function check(evidence) {
  const { log, snapshots, views, taps } = evidence;
  const faults = faultsOf(evidence);
  return [
    { claim: `the log has seq 1 to ${log.length} without a gap or a repeat`, faults: faults.sequence },
    {
      claim: `the server's bill is the fold of the log, at ${snapshots.length} points of the evening`,
      faults: faults.snapshots,
    },
    { claim: `${views.length} phones see the same log and the same bill`, faults: faults.views },
    { claim: `${taps.length} taps, sent ${countSends(taps)} times, are in the log exactly once`, faults: faults.taps },
    ...checkMoney(evidence),
  ];
}

/** What speaks against the log, the bill, the phones and the taps of one visit. @param {Evidence} evidence */
export function faultsOf({ log, snapshots, views, taps }) {
  return {
    sequence: faultsOfSequence(log),
    snapshots: snapshots.flatMap((snapshot) => faultsOfSnapshot(log, snapshot)),
    views: views.flatMap((view) => faultsOfView(log, view)),
    taps: [...taps.flatMap((tap) => faultsOfTap(log, tap)), ...uncalledFor(log, taps)],
  };
}

/** @param {readonly LogEvent[]} log */
function faultsOfSequence(log) {
  const gaps = log.flatMap(({ event_seq }, index) =>
    event_seq === index + 1 ? [] : [`place ${index + 1} of the log has seq ${event_seq}`],
  );
  const ids = log.map(({ event_id }) => event_id);
  const repeats = ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `event ${id} is there twice`);
  return [...(log.length === 0 ? ['the log is empty'] : []), ...gaps, ...repeats];
}

/** @param {readonly LogEvent[]} log @param {Snapshot} snapshot */
function faultsOfSnapshot(log, snapshot) {
  const seq = snapshot.last_event_seq;
  const session = { sessionId: snapshot.session_id, tenantId: String(snapshot.tenant_id) };
  try {
    const folded = fold(
      session,
      log.filter(({ event_seq }) => event_seq <= seq),
    );
    return differences(folded, snapshot).map((place) => `bill at seq ${seq}, fold and server: ${place}`);
  } catch (error) {
    return [`the log up to seq ${seq} does not fold: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/** @param {readonly LogEvent[]} log @param {View} view */
function faultsOfView(log, { name, events, snapshot }) {
  const last = log.at(-1)?.event_seq;
  return [
    ...differences(log, events, 'log').map((place) => `${name}'s phone saw another log: ${place}`),
    ...(snapshot.last_event_seq === last ? [] : [`${name}'s bill is at seq ${snapshot.last_event_seq}, not ${last}`]),
    ...faultsOfSnapshot(log, snapshot).map((fault) => `${name}'s phone: ${fault}`),
  ];
}

/** @param {readonly LogEvent[]} log @param {Tap} tap */
function faultsOfTap(log, { type, payload, deviceId, sends, answers }) {
  const [first, ...repeats] = answers;
  if (!first) return [`a tap (${type}) never got an answer`];
  const faults = repeats.flatMap(({ eventId, seq }) =>
    eventId === first.eventId && seq === first.seq ? [] : [`a repeated tap got seq ${seq} after seq ${first.seq}`],
  );
  const news = answers.filter(({ replayed }) => !replayed).length;
  // The answer that says so may be the one that was lost.
  if (news > 1 || (news === 0 && sends === answers.length)) {
    faults.push(`the tap of seq ${first.seq} was told ${news} times that it is new`);
  }
  const found = log.filter(({ event_id }) => event_id === first.eventId);
  if (found.length !== 1) faults.push(`the tap of seq ${first.seq} is in the log ${found.length} times`);
  for (const event of found) {
    if (event.event_seq !== first.seq) faults.push(`seq ${first.seq} was promised, the log has ${event.event_seq}`);
    if (event.actor.id !== deviceId) faults.push(`seq ${first.seq} is by ${event.actor.name}, not by who tapped`);
    if (event.event_type !== type) faults.push(`seq ${first.seq} is ${event.event_type}, not ${type}`);
    faults.push(...faultsOfContent(event, payload));
  }
  return faults;
}

/** What was asked for must be what is stored; the server adds names and prices. @param {LogEvent} event @param {Tap['payload']} payload */
function faultsOfContent(event, payload) {
  return Object.entries(payload).flatMap(([field, asked]) => {
    const stored = event.payload[field];
    const plain = field === 'options' ? /** @type {any[]} */ (stored).map(({ option_id }) => option_id).sort() : stored;
    const wanted = field === 'options' ? [.../** @type {string[]} */ (asked)].sort() : asked;
    return differences(wanted, plain, field).map((place) => `seq ${event.event_seq}, asked and stored: ${place}`);
  });
}

/** Events of phones that no tap asked for: a doubled dish. Payments are looked at apart. @param {readonly LogEvent[]} log @param {readonly Tap[]} taps */
function uncalledFor(log, taps) {
  const known = new Set(taps.map(({ answers }) => answers[0]?.eventId));
  return log
    .filter(({ actor, event_type }) => actor.type === 'device' && !isNoTap.test(event_type))
    .filter(({ event_id }) => !known.has(event_id))
    .map(({ event_seq, event_type }) => `seq ${event_seq} (${event_type}) was tapped by nobody`);
}

const isNoTap = /^(device_joined|device_approved|payment_.*)$/;

/** @param {readonly Tap[]} taps */
export function countSends(taps) {
  return taps.reduce((sum, { sends }) => sum + sends, 0);
}
