/**
 * The catalogue of everything that a caller can do wrong, or meet: title for people, and whether the same request may
 * succeed later. The HTTP status of each code lives in `http/errors.ts`.
 */
export const rejections = {
  VALIDATION_FAILED: { title: 'The request is not valid', retryable: false },
  UNAUTHENTICATED: { title: 'A valid credential is required', retryable: false },
  FORBIDDEN: { title: 'This credential may not do that', retryable: false },
  NOT_FOUND: { title: 'There is no such thing here', retryable: false },
  IDEMPOTENCY_KEY_REUSED: { title: 'This idempotency key was used for something else', retryable: false },
  SEQ_CONFLICT: { title: 'The session has moved on', retryable: false },
  SESSION_NOT_OPEN: { title: 'The session is not open', retryable: false },
  SESSION_EXPIRED: { title: 'The session has expired', retryable: false },
  ITEM_UNAVAILABLE: { title: 'The item is sold out', retryable: false },
  LINE_NOT_FOUND: { title: 'The bill has no such line', retryable: false },
  LINE_LOCKED: { title: 'The line can no longer be changed this way', retryable: false },
  NO_DRAFT_LINES: { title: 'There is nothing to send to the kitchen', retryable: false },
  INVALID_LINE_STATE: { title: 'The line cannot become that', retryable: false },
  SERVICE_NOT_REQUESTED: { title: 'Nobody asked for this service', retryable: false },
  SERVICE_TAKEN: { title: 'Somebody is on the way already', retryable: false },
  TABLE_OCCUPIED: { title: 'Somebody sits at this table', retryable: false },
  ORDERING_PAUSED: { title: 'Ordering is paused', retryable: false },
  PAYMENT_REFERENCE_REUSED: { title: 'This payment reference was used for another payment', retryable: false },
  BILL_CLAIMED: { title: 'Somebody is paying this part of the bill already', retryable: false },
  NOTHING_DUE: { title: 'Nothing is due', retryable: false },
  ALREADY_RESOLVED: { title: 'This payment has been dealt with', retryable: false },
  NOT_ADMITTED: { title: 'This phone has not been admitted to the table yet', retryable: false },
  UNKNOWN_MENU_ITEM: { title: 'The menu has no such item', retryable: false },
  INVALID_OPTIONS: { title: 'These options do not fit the item', retryable: false },
  QUANTITY_OUT_OF_RANGE: { title: 'The quantity is out of range', retryable: false },
  AMOUNT_NOT_PAYABLE: { title: 'This amount cannot be paid this way', retryable: false },
  CURRENCY_NOT_SUPPORTED: { title: 'This currency cannot be paid this way', retryable: false },
  REFUND_TOO_LARGE: { title: 'No more can be given back than was paid', retryable: false },
  PAYLOAD_TOO_LARGE: { title: 'The request body is too large', retryable: false },
  UNSUPPORTED_MEDIA_TYPE: { title: 'The media type is not supported', retryable: false },
  METHOD_NOT_ALLOWED: { title: 'The method is not allowed here', retryable: false },
  RATE_LIMITED: { title: 'This credential asks for too much at once', retryable: true },
  UNAVAILABLE: { title: 'The service cannot answer right now', retryable: true },
  PROVIDER_UNAVAILABLE: { title: 'The payment provider cannot be reached right now', retryable: true },
  INTERNAL: { title: 'Something went wrong on our side', retryable: false },
} as const satisfies Record<string, { title: string; retryable: boolean }>;

export type RejectionCode = keyof typeof rejections;

/** Extra members of the error object, in the public snake_case words of the contract. */
export type RejectionExtra = Readonly<Record<string, unknown>>;

/** A rule that the caller broke. Everything else that is thrown is our own fault and is shown as INTERNAL. */
export class Rejection extends Error {
  override readonly name = 'Rejection';

  constructor(
    readonly code: RejectionCode,
    detail: string,
    readonly extra: RejectionExtra = {},
  ) {
    super(detail);
  }
}

/** One thing wrong with one field; `path` names it in the words of the REST contract. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** UNAVAILABLE: the same request, with the same key, may succeed a second later. */
export function unavailable(why: string): Rejection {
  return new Rejection('UNAVAILABLE', why, { retry_after: 1 });
}

/** RATE_LIMITED: the same request may succeed after so many seconds. */
export function rateLimited(why: string, retryAfterSeconds: number): Rejection {
  return new Rejection('RATE_LIMITED', why, { retry_after: retryAfterSeconds });
}

/** VALIDATION_FAILED with the list of fields. */
export function invalid(errors: readonly FieldError[]): Rejection {
  const detail = errors.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
  return new Rejection('VALIDATION_FAILED', detail, { errors });
}
