import { wordsOf } from './words.mjs';

/** @import { Snapshot } from './types.js' */
/** @import { Phone } from './phone.mjs' */
/** @import { Staff } from './staff.mjs' */
/** @import { Story } from './story.mjs' */

/**
 * What the acts share: the people, and what has been seen so far.
 * @typedef {ReturnType<typeof createEvening>} Evening
 * @param {{ base: string, sessionId: string, phones: Phone[], staff: Staff, story: Story }} parts
 */
export function createEvening({ base, sessionId, phones, staff, story }) {
  /** @type {Snapshot[]} */
  const snapshots = [];
  let told = 0;
  return {
    base,
    sessionId,
    phones,
    staff,
    story,
    /** The bill as the server gave it between the acts. */
    snapshots,
    /** All phones, or those named, read what is new; the story tells it once, in the order of the log. @param {readonly Phone[]} [readers] */
    async catchUp(readers = phones) {
      await Promise.all(readers.map((phone) => phone.reader.catchUp()));
      const log = readers[0]?.reader.seen ?? [];
      for (const event of log) {
        if (event.event_seq > told)
          story.tell(event.actor.name ?? event.actor.type, wordsOf(event, log), event.event_seq);
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
