import type { RejectionCode } from '../domain/rejection.js';
import { demoIds, exampleIds } from './example-ids.js';
import { dayReportCsv, paymentsCsv } from './payments-csv.js';
import { sessionInPath } from './route-parts.js';
import type { Answer, RestHeader, RestParameter, RestRoute } from './route.js';

const paymentInPath: RestParameter = {
  in: 'path',
  name: 'payment_id',
  to: 'input.paymentId',
  description: 'The payment.',
};

const isReplay = (answer: Answer) => answer._replayed === true;
const replayedHeader: RestHeader = {
  name: 'Idempotency-Replayed',
  description: '`true` when this is the repeat of an earlier request.',
  valueOf: (answer) => (isReplay(answer) ? 'true' : undefined),
};
const onceOnly = (made: string) => [
  { status: 200, description: 'The same, from an earlier request with the same key and content.', when: isReplay },
  { status: 201, description: made },
];

const varies: RestHeader = { name: 'Vary', description: '`Accept`: JSON, or `text/csv`.', valueOf: () => 'Accept' };
const nextCursor: RestHeader = {
  name: 'Next-Cursor',
  description: 'Where the next page starts, or the next 10,000 lines of a table; absent on the last one.',
  valueOf: ({ next_cursor: next }) => (typeof next === 'string' ? next : undefined),
};

const intentRefusals: readonly RejectionCode[] = [
  ...(['NOTHING_DUE', 'BILL_CLAIMED', 'LINE_NOT_FOUND', 'NOT_ADMITTED', 'IDEMPOTENCY_KEY_REUSED'] as const),
  ...(['AMOUNT_NOT_PAYABLE', 'CURRENCY_NOT_SUPPORTED', 'PROVIDER_UNAVAILABLE'] as const),
];

const filter = (name: string, to: string, description: string): RestParameter => ({
  in: 'query',
  name,
  to: `filter.${to}`,
  description,
});

/** Payments, refunds, decisions about them, and what a day came to. */
export const paymentRoutes: readonly RestRoute[] = [
  {
    method: 'POST',
    path: '/api/v1/sessions/{session_id}/payments',
    operation: 'RecordPayment',
    summary: 'Record a payment',
    example: {
      as: 'cashier',
      body: { payment_reference: 'TERMINAL-0042', amount: 55_000, method: 'other', status: 'succeeded' },
    },
    parameters: [sessionInPath('input.sessionId')],
    body: { to: 'input', description: 'The payment; its reference is its key.', without: ['sessionId'] },
    flatten: ['payment'],
    statuses: onceOnly('Recorded; `warnings` says if the amount is not what was due.'),
    headers: [replayedHeader],
    refusals: ['PAYMENT_REFERENCE_REUSED', 'CURRENCY_NOT_SUPPORTED'],
  },
  {
    method: 'GET',
    path: '/api/v1/sessions/{session_id}/payments',
    operation: 'SessionPayments',
    summary: "A session's payments",
    example: { as: 'device' },
    parameters: [sessionInPath('sessionId')],
    statuses: [{ status: 200, description: 'The payments, in the order they were made.' }],
  },
  {
    method: 'POST',
    path: '/api/v1/sessions/{session_id}/payment-intents',
    operation: 'CreatePaymentIntent',
    summary: 'Start a payment through a provider',
    example: { as: 'device', body: { idempotency_key: 'pay-all-1', method: 'momo', split: { type: 'all' } } },
    parameters: [sessionInPath('input.sessionId')],
    body: { to: 'input', description: 'How, and which part of the bill.', without: ['sessionId'] },
    flatten: ['intent'],
    statuses: onceOnly('Started: that part of the bill is held until it expires.'),
    headers: [replayedHeader],
    refusals: intentRefusals,
  },
  {
    method: 'DELETE',
    path: '/api/v1/sessions/{session_id}/payment-intents/{payment_id}',
    operation: 'CancelPaymentIntent',
    summary: 'Turn away from a pending payment',
    parameters: [sessionInPath('input.sessionId'), paymentInPath],
    statuses: [{ status: 204, description: 'That part of the bill is free.' }],
    refusals: ['ALREADY_RESOLVED', 'NOT_ADMITTED'],
  },
  {
    method: 'POST',
    path: '/api/v1/admin/payments/cash',
    operation: 'RecordCashPayment',
    summary: 'Take cash',
    example: {
      as: 'cashier',
      body: { session_id: exampleIds.session_id, tendered: 100_000, idempotency_key: 'cash-t4-1' },
    },
    parameters: [],
    body: { to: 'input', description: 'How much, and for which session.', without: [] },
    flatten: ['payment'],
    statuses: onceOnly('Taken; `change` is what to give back.'),
    headers: [replayedHeader],
    refusals: ['NOTHING_DUE', 'IDEMPOTENCY_KEY_REUSED'],
  },
  {
    method: 'GET',
    path: '/api/v1/admin/payments',
    operation: 'Payments',
    summary: 'Payments of all sessions, and money of none',
    example: { as: 'cashier', query: { location_id: demoIds.location, status: 'succeeded', limit: '20' } },
    parameters: [
      filter('location_id', 'locationId', 'Only those of this location.'),
      filter('session_id', 'sessionId', 'Only those of this session.'),
      filter('status', 'status', 'Only those in this state.'),
      filter('method', 'method', 'Only those made so.'),
      filter('reason', 'reason', 'Only those that wait for a decision for this reason.'),
      filter('unresolved', 'unresolved', '`true`: only those that wait for a decision.'),
      filter(
        'resolution',
        'resolution',
        'Only those decided so; `adopted` ones, whose money stands in another payment, are listed in no other way.',
      ),
      filter(
        'from',
        'from',
        'Whose money came, or which began where none has come, from this time on: RFC 3339, or a day of the location.',
      ),
      filter('to', 'to', 'And before this time, or up to this day and with it.'),
      { in: 'query', name: 'cursor', to: 'after', description: 'Where an earlier page ended: its `next_cursor`.' },
      {
        in: 'query',
        name: 'limit',
        to: 'first',
        description: 'Most to give, 1 to 500. A table has up to 10,000 lines, whatever is said here.',
      },
    ],
    statuses: [{ status: 200, description: 'The payments, the newest first, with totals of all that match.' }],
    headers: [varies, nextCursor],
    csv: paymentsCsv,
  },
  {
    method: 'POST',
    path: '/api/v1/admin/payments/{payment_id}/resolve',
    operation: 'ResolvePayment',
    summary: 'Decide about a payment',
    parameters: [paymentInPath],
    body: { to: 'input', description: 'The decision, and why.', without: ['paymentId'] },
    flatten: ['payment'],
    statuses: [{ status: 200, description: 'The payment with the decision.' }],
    refusals: ['ALREADY_RESOLVED', 'CURRENCY_NOT_SUPPORTED'],
  },
  {
    method: 'POST',
    path: '/api/v1/admin/payments/{payment_id}/refund',
    operation: 'RefundPayment',
    summary: 'Give money back',
    parameters: [paymentInPath],
    body: { to: 'input', description: 'How much, and why.', without: ['paymentId'] },
    flatten: ['refund'],
    statuses: onceOnly('Asked for; `status` says what has become of it.'),
    headers: [replayedHeader],
    refusals: ['REFUND_TOO_LARGE', 'IDEMPOTENCY_KEY_REUSED'],
  },
  {
    method: 'GET',
    path: '/api/v1/admin/reports/day',
    operation: 'DayReport',
    summary: 'What a location took in on one of its days',
    example: { as: 'cashier', query: { location_id: demoIds.location, date: '2026-01-31' } },
    parameters: [
      { in: 'query', name: 'location_id', to: 'locationId', description: 'The location.' },
      { in: 'query', name: 'date', to: 'date', description: "A day of the location's calendar, as 2026-01-31." },
    ],
    statuses: [{ status: 200, description: 'The report.' }],
    headers: [varies],
    csv: dayReportCsv,
  },
];
