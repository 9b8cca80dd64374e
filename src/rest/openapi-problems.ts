import { type RejectionCode, rejections } from '../domain/rejection.js';
import type { JsonSchema } from './openapi-types.js';
import type { RestRoute } from './route.js';

/** The HTTP status of every code. */
export type Statuses = Readonly<Record<RejectionCode, number>>;

/** What any route can answer, and what any route with a body can. */
const everywhere: readonly RejectionCode[] = [
  'VALIDATION_FAILED',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'INTERNAL',
  'UNAVAILABLE',
];
const withBody: readonly RejectionCode[] = ['PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'];

/** The refusals of a route by status, each with the codes that it can have. */
export function problemResponses(route: RestRoute, statuses: Statuses): Readonly<Record<string, object>> {
  const sends = route.method === 'POST' || route.method === 'PATCH';
  const codes = [...everywhere, ...(sends ? withBody : []), ...(route.refusals ?? [])];
  const byStatus = new Map<number, RejectionCode[]>();
  for (const code of codes) byStatus.set(statuses[code], [...(byStatus.get(statuses[code]) ?? []), code]);
  const sorted = [...byStatus].sort(([left], [right]) => left - right);
  return Object.fromEntries(sorted.map(([status, some]) => [String(status), problemResponse(status, some)]));
}

function problemResponse(status: number, codes: readonly RejectionCode[]): object {
  return {
    description: codes.map((code) => `\`${code}\`: ${rejections[code].title.toLowerCase()}`).join('; '),
    headers: {
      'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' },
      ...((status === 429 || status === 503) && { 'Retry-After': { $ref: '#/components/headers/Retry-After' } }),
      ...(status === 401 && { 'WWW-Authenticate': { $ref: '#/components/headers/WWW-Authenticate' } }),
    },
    content: {
      'application/problem+json': {
        schema: {
          allOf: [{ $ref: '#/components/schemas/Problem' }],
          properties: { code: { enum: codes }, status: { const: status } },
        },
      },
    },
  };
}

const fieldError: JsonSchema = {
  type: 'object',
  properties: {
    path: { type: 'string', description: 'The field, in the words of this API; empty for the request as a whole.' },
    message: { type: 'string', description: 'What is wrong with it.' },
    line: { type: ['integer', 'null'], description: 'Of a file: the line where it stands, from 1.' },
  },
  required: ['path', 'message'],
};

/** The members that some codes add. */
const extras: Readonly<Record<string, JsonSchema>> = {
  errors: { type: 'array', items: fieldError, description: '`VALIDATION_FAILED`: everything that is wrong.' },
  index: { type: 'integer', description: 'Place in the batch of the first event that failed, from 0.' },
  event_id: { type: 'string', format: 'uuid', description: '`IDEMPOTENCY_KEY_REUSED`: what the key was used for.' },
  event_seq: { type: 'integer', description: '`IDEMPOTENCY_KEY_REUSED`: its seq.' },
  current_seq: { type: 'integer', description: "`SEQ_CONFLICT`: the session's last seq." },
  events: {
    type: 'array',
    items: { $ref: '#/components/schemas/Event' },
    description: '`SEQ_CONFLICT`: the events behind `expected_seq`, at most 500.',
  },
  has_more: { type: 'boolean', description: '`SEQ_CONFLICT`: more follow than `events` tells.' },
  session_status: { type: 'string', description: '`SESSION_NOT_OPEN`, `SESSION_EXPIRED`: how the session ended.' },
  menu_item_id: { type: 'string', format: 'uuid', description: 'The item that cannot be ordered so.' },
  line_id: {
    type: 'string',
    format: 'uuid',
    description: '`LINE_NOT_FOUND`, `LINE_LOCKED`, `INVALID_LINE_STATE`: the line.',
  },
  state: { type: 'string', description: '`LINE_LOCKED`, `INVALID_LINE_STATE`: the state the line is in.' },
  wanted: { type: 'string', description: '`INVALID_LINE_STATE`: the state it was to become.' },
  kind: { type: 'string', description: '`SERVICE_NOT_REQUESTED`, `SERVICE_TAKEN`: what was asked for.' },
  taken_by: { type: 'string', description: '`SERVICE_TAKEN`: who is on the way.' },
  quantity: { type: 'integer', description: '`QUANTITY_OUT_OF_RANGE`: what would result.' },
  min: { type: 'integer', description: 'The least that is allowed.' },
  max: { type: 'integer', description: 'The most that is allowed.' },
  payment_id: { type: ['string', 'null'], format: 'uuid', description: '`BILL_CLAIMED`: the payment in the way.' },
  expires_at: {
    type: ['string', 'null'],
    format: 'date-time',
    description: '`BILL_CLAIMED`: when its claim ends.',
  },
  available: {
    type: 'integer',
    description: '`BILL_CLAIMED`: what nobody is paying; `REFUND_TOO_LARGE`: what can still be given back.',
  },
  line_ids: {
    type: 'array',
    items: { type: 'string', format: 'uuid' },
    description: '`NOTHING_DUE`: the lines that are paid; `ITEM_UNAVAILABLE`: the lines that are sold out.',
  },
  currency: { type: 'string', description: '`CURRENCY_NOT_SUPPORTED`: the currency.' },
  refund_id: { type: 'string', format: 'uuid', description: '`IDEMPOTENCY_KEY_REUSED`: what the key was used for.' },
  retry_after: {
    type: 'integer',
    description: '`RATE_LIMITED`, `UNAVAILABLE`, `PROVIDER_UNAVAILABLE`: seconds to wait.',
  },
  request_id: { type: 'string', description: '`INTERNAL`: name it to the operator; the log has the reason.' },
};

/** `application/problem+json` of RFC 9457 with our members. */
export const problemSchema: JsonSchema = {
  type: 'object',
  description: 'Why a request was refused (RFC 9457).',
  properties: {
    type: { type: 'string', format: 'uri', description: 'Names the code as a URI.' },
    title: { type: 'string', description: 'The code in words; always the same for one code.' },
    status: { type: 'integer', description: 'The HTTP status.' },
    code: { type: 'string', enum: Object.keys(rejections), description: 'What programs decide by.' },
    detail: { type: 'string', description: 'What happened this time.' },
    retryable: { type: 'boolean', description: 'The same request, with the same key, may succeed later.' },
    ...extras,
  },
  required: ['type', 'title', 'status', 'code', 'detail', 'retryable'],
};
