import { GraphQLError } from 'graphql';
import { invalid, Rejection, type RejectionCode, type RejectionExtra, rejections } from '../domain/rejection.js';
import { isTransient } from '../db/sql-errors.js';

/** The one place where errors become answers: of REST, of GraphQL, and of the HTTP server itself. */

/** The HTTP status of every code. */
export const statuses: Readonly<Record<RejectionCode, number>> = {
  VALIDATION_FAILED: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  IDEMPOTENCY_KEY_REUSED: 409,
  SEQ_CONFLICT: 409,
  SESSION_NOT_OPEN: 409,
  SESSION_EXPIRED: 409,
  ITEM_UNAVAILABLE: 409,
  LINE_NOT_FOUND: 409,
  LINE_LOCKED: 409,
  NO_DRAFT_LINES: 409,
  INVALID_LINE_STATE: 409,
  SERVICE_NOT_REQUESTED: 409,
  SERVICE_TAKEN: 409,
  TABLE_OCCUPIED: 409,
  ORDERING_PAUSED: 409,
  PAYMENT_REFERENCE_REUSED: 409,
  BILL_CLAIMED: 409,
  NOTHING_DUE: 409,
  ALREADY_RESOLVED: 409,
  NOT_ADMITTED: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  UNKNOWN_MENU_ITEM: 422,
  INVALID_OPTIONS: 422,
  QUANTITY_OUT_OF_RANGE: 422,
  AMOUNT_NOT_PAYABLE: 422,
  CURRENCY_NOT_SUPPORTED: 422,
  REFUND_TOO_LARGE: 422,
  RATE_LIMITED: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  PROVIDER_UNAVAILABLE: 503,
};

/** An error as a caller may see it. */
export interface PublicError {
  readonly code: RejectionCode;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly retryable: boolean;
  readonly extra: RejectionExtra;
  /** Our own fault: its cause belongs into the log, and nowhere else. */
  readonly isOurs: boolean;
}

/** Tells a caller's mistake from ours. Of ours, nothing goes out but the request id. */
export function publicError(error: unknown, requestId: string): PublicError {
  const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  const rejection = asRejection(cause);
  if (rejection) return describe(rejection, false);
  if (isTransient(cause))
    return describe(new Rejection('UNAVAILABLE', 'the database cannot be reached', { retry_after: 1 }), true);
  return describe(
    new Rejection('INTERNAL', 'the request failed; the log has the reason', { request_id: requestId }),
    true,
  );
}

/** The body of an `application/problem+json` answer. */
export function problemOf({ code, status, title, detail, retryable, extra }: PublicError): object {
  return { type: `urn:qr-session:error:${code.toLowerCase()}`, title, status, code, detail, retryable, ...extra };
}

/** Headers that go with an error. */
export function errorHeaders({ code, extra }: PublicError): Readonly<Record<string, string>> {
  if (code === 'RATE_LIMITED' || code === 'UNAVAILABLE' || code === 'PROVIDER_UNAVAILABLE')
    return { 'Retry-After': typeof extra.retry_after === 'number' ? `${extra.retry_after}` : '1' };
  return code === 'UNAUTHENTICATED' ? { 'WWW-Authenticate': 'Bearer' } : {};
}

/** The extensions of a GraphQL error: the same code and members as in REST. */
export function extensionsOf({ code, retryable, extra }: PublicError): Record<string, unknown> {
  return { ...extra, code, retryable };
}

function describe(rejection: Rejection, isOurs: boolean): PublicError {
  const { code, message: detail, extra } = rejection;
  return { code, status: statuses[code], detail, extra, isOurs, ...rejections[code] };
}

function asRejection(error: unknown): Rejection | undefined {
  if (error instanceof Rejection) return error;
  if (error instanceof GraphQLError) return asRejection(error.originalError);
  return serverRejection(error);
}

/** Fastify's own refusals, by its codes. */
function serverRejection(error: unknown): Rejection | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Rejection('PAYLOAD_TOO_LARGE', 'the body may have at most 100 kB, one with a menu 1 MB');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Rejection('UNSUPPORTED_MEDIA_TYPE', 'send application/json');
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return invalid([{ path: '', message: 'the body is not valid JSON' }]);
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return invalid([{ path: '', message: 'the body is not as long as Content-Length says' }]);
    default:
      return error instanceof SyntaxError ? invalid([{ path: '', message: 'the body is not valid JSON' }]) : undefined;
  }
}
