/** A statement that can be cancelled: postgres.js's pending query. */
export interface Cancellable<T> extends PromiseLike<T> {
  cancel(): unknown;
  /** Null until it is sent on a connection. */
  readonly state?: unknown;
  /** The server is at work on it; false while it waits behind another on the same connection. */
  readonly active?: boolean;
  /** How the driver sends the cancellation; `cancel` drops what this returns. */
  canceller?: ((statement: never) => unknown) | null;
}

/** The statement took too long and was given up; whether it was carried out is unknown. */
class StatementOverdue extends Error {
  override readonly name = 'StatementOverdue';
  readonly code = '57014';
}

/**
 * Awaits a statement for at most so many milliseconds, then gives it up and fails, also when the connection is so dead that
 * even the cancellation gets no answer.
 */
export async function withWatchdog<T>(statement: Cancellable<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new StatementOverdue(`no answer from the database in ${milliseconds} ms`));
      giveUp(statement);
    }, milliseconds);
  });
  const answer = Promise.resolve(statement);
  answer.catch(() => undefined);
  try {
    return await Promise.race([answer, overdue]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Cancels only where the driver can: what the server is at work on, and what waits for a connection. Cancelled behind
 * another statement on its connection, it would be skipped, its answer given to the next one, and so on for all that follow.
 */
function giveUp(statement: Cancellable<unknown>): void {
  const isUnsent = statement.state === null;
  if (!isUnsent && !statement.active) return;
  catchCancelFailure(statement);
  statement.cancel();
  if (isUnsent) empty(statement);
}

/** A cancellation goes over a connection of its own; were that cut, the driver's promise would fail with nobody to hear it. */
function catchCancelFailure(statement: Cancellable<unknown>): void {
  const { canceller } = statement;
  if (!canceller) return;
  statement.canceller = (target) => Promise.resolve(canceller(target)).catch(() => undefined);
}

/**
 * A connection that is being opened is opened for one statement, and the driver loses it for ever if that one is cancelled
 * meanwhile. So it is carried out when the connection opens, but says nothing any more.
 */
function empty(statement: Cancellable<unknown>): void {
  Object.assign(statement, { cancelled: null, strings: ['SELECT 1'], args: [], options: { prepare: false } });
}
