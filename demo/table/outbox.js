import { newKey, rest, Unreachable } from './api.js';

/** Between two tries when the server cannot be reached, in milliseconds. */
const retryEvery = 2_500;

/**
 * Taps on their way. Each has its key from the moment of the tap and keeps it over retries and reloads, so that a lost
 * answer never doubles a dish.
 */
export function createOutbox(seat, { onChange, onOnline, onRefused }) {
  const place = `qr-session:outbox ${seat.sessionId}`;
  const waiting = JSON.parse(localStorage.getItem(place) ?? '[]');
  let isSending = false;
  let timer;

  function changed() {
    localStorage.setItem(place, JSON.stringify(waiting));
    onChange();
  }

  async function send() {
    if (isSending) return;
    isSending = true;
    while (waiting.length > 0) {
      try {
        await rest(`sessions/${seat.sessionId}/events`, { token: seat.token, body: waiting[0] });
        onOnline(true);
      } catch (error) {
        if (error instanceof Unreachable) {
          onOnline(false);
          clearTimeout(timer);
          timer = setTimeout(send, retryEvery);
          break;
        }
        onRefused(error);
      }
      waiting.shift();
      changed();
    }
    isSending = false;
  }

  return {
    get size() {
      return waiting.length;
    },
    tap(event_type, payload) {
      waiting.push({ idempotency_key: newKey(), event_type, payload });
      changed();
      void send();
    },
    send,
  };
}
