import { exampleIds } from './example-ids.js';
import { receiptHeaders, receiptPage } from './receipt-page.js';
import { sessionInPath } from './route-parts.js';
import type { RestParameter, RestRoute } from './route.js';

const filter = (name: string, description: string, to = name): RestParameter => ({
  ...{ in: 'query', name, to: `filter.${to}`, description },
});

/** What became of visits: those that ended unpaid, and what somebody who looks back wants to know. */
export const auditRoutes: readonly RestRoute[] = [
  {
    method: 'GET',
    path: '/api/v1/admin/sessions',
    operation: 'SessionSearch',
    summary: 'Sessions of all tables, among them those that ended unpaid',
    example: { as: 'cashier', query: { unpaid: 'true', limit: '20' } },
    parameters: [
      filter('unpaid', '`true`: only those that ended with something due for what the kitchen got, not written off.'),
      filter('location_id', 'Only those of this location.', 'locationId'),
      filter('status', 'Only those in this status.'),
      filter('from', 'Opened from this time on: RFC 3339, or a day of the location.'),
      filter('to', 'And before this time, or up to this day and with it.'),
      { in: 'query', name: 'cursor', to: 'after', description: 'Where an earlier page ended: its `next_cursor`.' },
      { in: 'query', name: 'limit', to: 'first', description: 'Most to give, 1 to 500.' },
    ],
    statuses: [{ status: 200, description: 'The sessions, the newest first, with totals of all that match.' }],
  },
  {
    method: 'POST',
    path: '/api/v1/admin/sessions/{session_id}/write-off',
    operation: 'WriteOffSession',
    summary: 'Give up what is due on a visit that has ended',
    example: {
      as: 'cashier',
      path: { session_id: exampleIds.unpaid_session_id ?? '' },
      body: { reason: 'Left without paying' },
    },
    parameters: [sessionInPath('input.sessionId')],
    body: { to: 'input', description: 'Why.', without: ['sessionId'] },
    flatten: ['session', 'snapshot'],
    statuses: [{ status: 200, description: 'The session; `written_off` is what was due.' }],
    refusals: ['NOTHING_DUE'],
  },
  {
    method: 'GET',
    path: '/api/v1/sessions/{session_id}/history',
    operation: 'History',
    summary: 'Everything that happened in a visit, and what the bill came to then',
    example: { as: 'staff', query: { limit: '50' } },
    parameters: [
      sessionInPath('sessionId'),
      { in: 'query', name: 'cursor', to: 'after', description: 'The seq behind which to start: a `next_cursor`.' },
      { in: 'query', name: 'limit', to: 'first', description: 'Most steps to give, 1 to 500.' },
    ],
    statuses: [{ status: 200, description: 'The steps, in order: who, when, and what in a sentence.' }],
  },
  {
    method: 'GET',
    path: '/api/v1/sessions/{session_id}/difference',
    operation: 'BillDifference',
    summary: 'What changed on a bill between two seqs',
    example: { as: 'staff', query: { from_seq: '1', to_seq: '3' } },
    parameters: [
      sessionInPath('sessionId'),
      { in: 'query', name: 'from_seq', to: 'fromSeq', description: 'The seq of the bill that is compared with.' },
      { in: 'query', name: 'to_seq', to: 'toSeq', description: 'The seq of the other one.' },
    ],
    statuses: [{ status: 200, description: 'What the two do not have in common.' }],
  },
  {
    method: 'GET',
    path: '/api/v1/sessions/{session_id}/receipt',
    operation: 'Receipt',
    summary: 'A page with the bill, for a phone and for a roll of 80 mm',
    example: { as: 'device', query: { language: 'en' } },
    parameters: [sessionInPath('sessionId')],
    statuses: [{ status: 200, description: 'The page.' }],
    headers: receiptHeaders,
    takesTicket: true,
    render: receiptPage,
  },
];
