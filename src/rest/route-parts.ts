import type { RejectionCode } from '../domain/rejection.js';
import type { RestHeader, RestParameter } from './route.js';

/** What several route tables share. */

export const sessionInPath = (to: string): RestParameter => ({
  in: 'path',
  name: 'session_id',
  to,
  description: 'The session.',
});

export const cacheControl = (value: string): RestHeader => ({
  name: 'Cache-Control',
  description: `\`${value}\``,
  valueOf: () => value,
});

/** Content that a client asks for again and again: named by its tag, and not sent twice. */
export const tagged: readonly RestHeader[] = [
  { name: 'ETag', description: 'Names this content.', valueOf: (answer) => String(answer._etag) },
  cacheControl('private, max-age=1, must-revalidate'),
];

/** A session that takes no more orders. */
export const notLive: readonly RejectionCode[] = ['SESSION_NOT_OPEN', 'SESSION_EXPIRED'];
