import { whoIs, wordsOf } from './words.mjs';

/** @import { Snapshot } from './types.js' */
/** @import { Cashier } from './cashier.mjs' */
/** @import { Gateway } from './gateway.mjs' */
/** @import { Phone } from './phone.mjs' */
/** @import { Staff } from './staff.mjs' */
/** @import { Story } from './story.mjs' */

/**
 * What the acts share: the people, and what has been seen so far.
 * @typedef {{ base: string, staff: Staff, cashier: Cashier, gateway: Gateway, story: Story }} Stage what is there before the guests come
 * @typedef {ReturnType<typeof createEvening>} Evening
 * @param {Stage} stage
 * @param {{ sessionId: string, phones: Phone[] }} table
 */
export function createEvening(stage, { sessionId, phones }) {
  const { staff, story } = stage;
  /** @type {Snapshot[]} */
  const snapshots = [];
  let told = 0;
  return {
    ...stage,
    sessionId,
    phones,
    /** The bill as the server gave it between the acts. */
    snapshots,
    /** All phones, or those named, read what is new; the story tells it once, in the order of the log. @param {readonly Phone[]} [readers] */
    async catchUp(readers = phones) {
      await Promise.all(readers.map((phone) => phone.reader.catchUp()));
      const log = readers[0]?.reader.seen ?? [];
      for (const event of log) {
        if (event.event_seq > told) story.tell(whoIs(event.actor), wordsOf(event, log), event.event_seq);
      }
      told = Math.max(told, log.at(-1)?.event_seq ?? 0);
      snapshots.push(await staff.snapshot(sessionId));
    },
    /** The newest line of a dish. @param {string} menuItemId */
    async lineOf(menuItemId) {
      const { items } = await staff.snapshot(sessionId);
      const line = items.findLast(({ menu_item_id }) => menu_item_id === menuItemId);
      if (!line) throw new Error(`nobody has ordered ${menuItemId}`);
      return line;
    },
  };
}
