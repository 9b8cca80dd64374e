import { location } from '../demo-restaurant.mjs';
import { call, Refusal, sendAndHangUp } from '../http.mjs';
import { loadDocument } from './documents.mjs';
import { toEnum, toEventInput, toRestWords } from './graphql-names.mjs';
import { toIntent } from './rest.mjs';

/** @import { Change, LogEvent, Protocol, Seat } from '../types.js' */
/** @import { Document } from './documents.mjs' */

const documents = {
  sitDown: loadDocument('sit-down'),
  join: loadDocument('join'),
  tap: loadDocument('tap'),
  startPayment: loadDocument('start-payment'),
  catchUp: loadDocument('catch-up'),
  bill: loadDocument('bill'),
};

/**
 * A phone that speaks GraphQL: with whole documents, or with the ids of persisted ones.
 * @param {string} base
 * @param {'text' | 'id'} send
 * @returns {Protocol}
 */
export function graphqlProtocol(base, send) {
  const url = `${base}/graphql`;
  /** @param {Document} document @param {object} variables */
  const body = (document, variables) =>
    send === 'id' ? { documentId: document.id, variables } : { query: document.text, variables };
  /** @param {Document} document @param {object} variables @param {string} [token] */
  const run = (document, variables, token) => askGraphql(url, { token, body: body(document, variables) });
  return {
    label: send === 'id' ? 'GraphQL by id' : 'GraphQL',
    async open({ tableToken, deviceName }) {
      const { createSession } = await run(documents.sitDown, {
        input: { locationId: location, tableToken, deviceName },
      });
      return { ...toSeat(createSession), isOpened: createSession.isOpened };
    },
    async join(link) {
      return toSeat((await run(documents.join, { input: link })).joinSession);
    },
    async append(seat, change) {
      const { appendEvent } = await run(documents.tap, { input: toInput(seat, change) }, seat.token);
      return { eventId: appendEvent.event.id, seq: appendEvent.event.seq, replayed: appendEvent.replayed };
    },
    appendAndHangUp: (seat, change) =>
      sendAndHangUp(url, { token: seat.token, body: body(documents.tap, { input: toInput(seat, change) }) }),
    async startPayment({ sessionId, token }, { key, method, split }) {
      const input = {
        ...{ sessionId, idempotencyKey: key, method: toEnum(method) },
        split: { ...split, type: toEnum(split.type) },
      };
      return toIntent(toRestWords((await run(documents.startPayment, { input }, token)).createPaymentIntent.intent));
    },
    async read({ sessionId, token }, { cursor, limit }) {
      const variables = { sessionId, after: String(cursor), first: limit };
      const { events } = await run(documents.catchUp, variables, token);
      return {
        events: events.edges.map((/** @type {{ node: object }} */ { node }) => toLogEvent(node)),
        nextCursor: events.nextCursor,
        hasMore: events.pageInfo.hasNextPage,
      };
    },
    async snapshot({ sessionId, token }) {
      return toRestWords((await run(documents.bill, { sessionId }, token)).snapshot);
    },
  };
}

/**
 * A GraphQL request; its first error is thrown.
 * @param {string} url
 * @param {import('../http.mjs').Request} request
 */
export async function askGraphql(url, request) {
  const { status, body } = await call(url, request);
  const [error] = body.errors ?? [];
  if (error) throw new Refusal(status, { detail: error.message, ...error.extensions });
  return body.data;
}

/** @param {Seat} seat @param {Change} change */
function toInput({ sessionId }, { key, type, payload, expectedSeq }) {
  return { sessionId, idempotencyKey: key, event: toEventInput(type, payload), expectedSeq };
}

/** @param {any} answer @returns {Seat} */
function toSeat({ session, deviceId, deviceToken }) {
  return { sessionId: session.id, deviceId, token: deviceToken, qrUrl: session.qrUrl, isOpened: false };
}

/** @param {object} node @returns {LogEvent} */
function toLogEvent(node) {
  const { id, seq, type, ...rest } = toRestWords(node);
  return { event_id: id, event_seq: seq, event_type: type, ...rest };
}
