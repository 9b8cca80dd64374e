import { location, staffKey } from './demo-restaurant.mjs';
import { loadDocument } from './protocols/documents.mjs';
import { askGraphql } from './protocols/graphql.mjs';
import { ask } from './protocols/rest.mjs';

/** @import { LogEvent, Snapshot } from './types.js' */

const openSessions = loadDocument('open-sessions');

/**
 * The waiter: frees tables, ends the visit, and reads the log as somebody who has no part in it.
 * @typedef {ReturnType<typeof createStaff>} Staff
 * @param {string} base
 */
export function createStaff(base) {
  const token = staffKey;
  const at = (/** @type {string} */ sessionId) => `${base}/api/v1/sessions/${sessionId}`;
  const get = async (/** @type {string} */ url) => (await ask(url, { method: 'GET', token })).body;
  return {
    /** The session that is open at a table. @param {string} tableId @returns {Promise<string | undefined>} */
    async sessionAt(tableId) {
      const variables = { locationId: location };
      const { sessions } = await askGraphql(`${base}/graphql`, {
        token,
        body: { documentId: openSessions.id, variables },
      });
      return sessions.edges.find((/** @type {any} */ { node }) => node.tableId === tableId)?.node.id;
    },
    /** @param {string} sessionId @param {string} reason */
    async close(sessionId, reason) {
      return (await ask(`${at(sessionId)}/close`, { token, body: { reason } })).body;
    },
    /** The whole log, read by cursor. @param {string} sessionId */
    async log(sessionId) {
      /** @type {LogEvent[]} */
      const log = [];
      for (let cursor = 0, hasMore = true; hasMore; ) {
        const page = await get(`${at(sessionId)}/events?cursor=${cursor}&limit=50`);
        log.push(...page.events);
        cursor = page.next_cursor;
        hasMore = page.has_more;
      }
      return log;
    },
    /** The bill now, or as it was. @param {string} sessionId @param {number} [atSeq] @returns {Promise<Snapshot>} */
    snapshot: (sessionId, atSeq) => get(`${at(sessionId)}/snapshot${atSeq === undefined ? '' : `?at_seq=${atSeq}`}`),
  };
}
