import { cashierKey, location } from '../dinner/demo-restaurant.mjs';
import { ask } from '../dinner/protocols/rest.mjs';

/**
 * The books of the demo restaurant, as the cashier reads them.
 * @param {string} base
 */
export function createBooks(base) {
  const admin = `${base}/api/v1/admin`;
  const get = async (/** @type {string} */ url) => (await ask(url, { method: 'GET', token: cashierKey })).body;
  return {
    /** Every payment of the location from a moment on. @param {string} from */
    async payments(from) {
      const found = [];
      for (let cursor = ''; ; ) {
        const query = new URLSearchParams({ location_id: location, from, limit: '100', ...(cursor && { cursor }) });
        const page = await get(`${admin}/payments?${query}`);
        found.push(...page.payments);
        if (!page.next_cursor || page.payments.length === 0) return found;
        cursor = page.next_cursor;
      }
    },
    /** What was taken on these local days, less what was given back. @param {readonly string[]} days */
    async takings(days) {
      const reports = days.map((date) => get(`${admin}/reports/day?location_id=${location}&date=${date}`));
      return (await Promise.all(reports)).reduce((sum, { total }) => sum + total.net, 0);
    },
  };
}
