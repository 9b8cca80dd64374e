import { location, staffKey } from '../dinner/demo-restaurant.mjs';
import { loadDocument } from '../dinner/protocols/documents.mjs';
import { askGraphql } from '../dinner/protocols/graphql.mjs';
import { toRestWords } from '../dinner/protocols/graphql-names.mjs';

/** @import { Evening, EveningEvidence, Visit, VisitEvidence } from './types.js' */

const allSessions = loadDocument('all-sessions');
/** So many seqs of every log are looked at. */
const samples = 6;

/**
 * Everything that was seen, by phones, staff, till and providers.
 * @param {Evening} evening
 * @param {{ days: readonly string[], takingsBefore: number }} opening
 * @returns {Promise<EveningEvidence>}
 */
export async function collectEvidence(evening, { days, takingsBefore }) {
  const { books, restaurant } = evening;
  const visits = await Promise.all(evening.visits.map((visit) => evidenceOf(evening, visit)));
  const from = visits.map(({ evidence: { log } }) => log[0]?.created_at ?? '').sort()[0] ?? '';
  return {
    visits,
    floor: await restaurant.floor(),
    sessions: await sessionsOf(evening.base),
    tickets: [...evening.tickets.values()],
    attempts: evening.attempts,
    payments: await books.payments(from),
    takings: { before: takingsBefore, after: await books.takings(days) },
  };
}

/** @param {Evening} evening @param {Visit} visit @returns {Promise<VisitEvidence>} */
async function evidenceOf({ cashier, gateway, random, staff }, { phones, removed, sessionId, givenUp, plan, table }) {
  await Promise.all(phones.map(({ reader }) => reader.catchUp()));
  const everybody = [...phones, ...removed];
  const intents = phones.flatMap((phone) => phone.intents);
  const log = await staff.log(sessionId);
  const places = random.shuffle(log.map(({ event_seq }) => event_seq)).slice(0, samples);
  const [last, payments, orders, views, past] = await Promise.all([
    staff.snapshot(sessionId),
    cashier.payments(sessionId),
    Promise.all(intents.map((intent) => gateway.order(intent))),
    Promise.all(phones.map((phone) => phone.view())),
    Promise.all(places.map((seq) => staff.snapshot(sessionId, seq))),
  ]);
  return {
    ...{ name: `${plan.guests[0] ?? ''} at ${table.name}`, last, givenUp },
    evidence: {
      ...{ log, intents, payments, orders, views },
      snapshots: [...past, last],
      taps: everybody.flatMap(({ taps }) => taps),
    },
  };
}

/** Every session of the location, as staff find them. @param {string} base */
async function sessionsOf(base) {
  /** @type {{ id: string, status: string }[]} */
  const found = [];
  for (let after = null; ; ) {
    const body = { documentId: allSessions.id, variables: { locationId: location, after } };
    const { sessions } = await askGraphql(`${base}/graphql`, { token: staffKey, body });
    found.push(...toRestWords(sessions.edges.map((/** @type {any} */ { node }) => node)));
    if (!sessions.pageInfo.hasNextPage) return found;
    after = sessions.pageInfo.endCursor;
  }
}
