import { location } from '../demo-restaurant.mjs';
import { call, Refusal, sendAndHangUp } from '../http.mjs';

/** @import { Change, Protocol, Seat } from '../types.js' */

/**
 * A phone that speaks REST.
 * @param {string} base
 * @returns {Protocol}
 */
export function restProtocol(base) {
  const at = (/** @type {Seat} */ { sessionId }) => `${base}/api/v1/sessions/${sessionId}`;
  return {
    label: 'REST',
    async open({ tableToken, deviceName }) {
      const url = `${base}/api/v1/locations/${location}/qr-sessions`;
      const { status, body } = await ask(url, { body: { table_token: tableToken, device_name: deviceName } });
      return { ...toSeat(body), isOpened: status === 201 };
    },
    async join({ sessionId, joinToken, deviceName }) {
      const url = `${base}/api/v1/sessions/${sessionId}/devices`;
      const { body } = await ask(url, { body: { join_token: joinToken, device_name: deviceName } });
      return toSeat(body);
    },
    async append(seat, change) {
      const { body } = await ask(`${at(seat)}/events`, { token: seat.token, body: toBody(change) });
      return { eventId: body.event_id, seq: body.event_seq, replayed: body.replayed };
    },
    appendAndHangUp: (seat, change) => sendAndHangUp(`${at(seat)}/events`, { token: seat.token, body: toBody(change) }),
    async startPayment(seat, { key, method, split }) {
      const body = { idempotency_key: key, method, split };
      const answer = await ask(`${at(seat)}/payment-intents`, { token: seat.token, body });
      return toIntent(answer.body);
    },
    async read(seat, { cursor, limit }) {
      const url = `${at(seat)}/events?cursor=${cursor}&limit=${limit}`;
      const { body } = await ask(url, { method: 'GET', token: seat.token });
      return { events: body.events, nextCursor: body.next_cursor, hasMore: body.has_more };
    },
    async snapshot(seat) {
      return (await ask(`${at(seat)}/snapshot`, { method: 'GET', token: seat.token })).body;
    },
  };
}

/**
 * A request whose refusal is thrown.
 * @param {string} url
 * @param {import('../http.mjs').Request} request
 */
export async function ask(url, request) {
  const answer = await call(url, request);
  if (answer.status >= 400) throw new Refusal(answer.status, answer.body ?? {});
  return answer;
}

/** @param {Change} change */
function toBody({ key, type, payload, expectedSeq }) {
  return {
    idempotency_key: key,
    event_type: type,
    payload,
    ...(expectedSeq === undefined ? {} : { expected_seq: expectedSeq }),
  };
}

/** What a guest is told who wants to pay. @param {any} body */
export function toIntent({ payment_id, payment_reference, amount, bill_seq, pay_url }) {
  return { paymentId: payment_id, reference: payment_reference, amount, billSeq: bill_seq, payUrl: pay_url };
}

/**
 * @param {any} body
 * @returns {Seat}
 */
function toSeat(body) {
  return {
    sessionId: body.session_id,
    deviceId: body.device_id,
    token: body.device_token,
    qrUrl: body.qr_url,
    isOpened: false,
  };
}
