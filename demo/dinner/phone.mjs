import { randomUUID } from 'node:crypto';
import { createLogReader } from './log-reader.mjs';

/** @import { Change, Intent, PaymentWish, Protocol, Seat, Tap, View } from './types.js' */

/**
 * One guest's phone: it remembers what it has seen, and mints a key at every tap.
 * @typedef {ReturnType<typeof createPhone>} Phone
 * @param {{ name: string, protocol: Protocol, seat: Seat }} guest
 */
export function createPhone({ name, protocol, seat }) {
  const reader = createLogReader(protocol, seat);
  /** @type {Tap[]} */
  const taps = [];
  /** @type {Intent[]} */
  const intents = [];
  return {
    name,
    seat,
    taps,
    intents,
    reader,
    label: protocol.label,

    /** A tap that has not been sent yet. @param {Change['type']} type @param {Change['payload']} payload */
    newTap(type, payload) {
      const tap = { key: randomUUID(), type, payload, deviceId: seat.deviceId, sends: 0, answers: [] };
      taps.push(tap);
      return tap;
    },
    /** A tap that the server refused never happened. @param {Tap} refused */
    forget(refused) {
      taps.splice(taps.indexOf(refused), 1);
    },
    /** @param {Tap} tap @param {number} [expectedSeq] */
    async send(tap, expectedSeq) {
      tap.sends += 1;
      const answer = await protocol.append(seat, { ...toChange(tap), expectedSeq });
      tap.answers.push(answer);
      return answer;
    },
    /** @param {Tap} tap */
    sendAndHangUp(tap) {
      tap.sends += 1;
      return protocol.appendAndHangUp(seat, toChange(tap));
    },
    /** @param {Change['type']} type @param {Change['payload']} payload */
    tap(type, payload) {
      return this.send(this.newTap(type, payload));
    },
    /** Asks for a way to pay a part of the bill. @param {Intent['method']} method @param {PaymentWish['split']} split */
    async startPayment(method, split) {
      const told = await protocol.startPayment(seat, { key: randomUUID(), method, split });
      const intent = { ...told, method, deviceId: seat.deviceId };
      intents.push(intent);
      return intent;
    },
    /** @returns {Promise<View>} */
    async view() {
      return { name, events: reader.seen, snapshot: await protocol.snapshot(seat) };
    },
  };
}

/** @param {Tap} tap @returns {Change} */
function toChange({ key, type, payload }) {
  return { key, type: /** @type {Change['type']} */ (type), payload };
}
