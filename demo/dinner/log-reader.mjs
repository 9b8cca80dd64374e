/** @import { LogEvent, Protocol, Seat } from './types.js' */

/**
 * What a phone has seen of the log, and where it stands.
 * @param {Protocol} protocol
 * @param {Seat} seat
 */
export function createLogReader(protocol, seat) {
  /** @type {LogEvent[]} */
  const seen = [];
  let cursor = 0;
  return {
    seen,
    get cursor() {
      return cursor;
    },
    /** Reads what is new, page by page. Returns the news. @param {number} [limit] */
    async catchUp(limit = 100) {
      const before = seen.length;
      for (let hasMore = true; hasMore; ) {
        const page = await protocol.read(seat, { cursor, limit });
        seen.push(...page.events);
        cursor = page.nextCursor;
        ({ hasMore } = page);
      }
      return seen.slice(before);
    },
    /** Takes events that came with a SEQ_CONFLICT, as if it had read them. @param {readonly LogEvent[]} missed */
    takeMissed(missed) {
      const news = missed.filter(({ event_seq }) => event_seq > cursor);
      seen.push(...news);
      cursor = news.at(-1)?.event_seq ?? cursor;
    },
  };
}
