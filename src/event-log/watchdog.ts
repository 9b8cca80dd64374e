/** A statement that can be cancelled: postgres.js's pending query. */
export interface Cancellable<T> extends PromiseLike<T> {
  cancel(): unknown;
}

/** The statement took too long and was given up; whether it was carried out is unknown. */
class StatementOverdue extends Error {
  override readonly name = 'StatementOverdue';
  readonly code = '57014';
}

/**
 * Awaits a statement for at most so many milliseconds, then cancels it and fails, also when the connection is so dead that
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
 * A connection that is being opened is opened for one statement, and the driver loses it for ever if that one is cancelled
 * meanwhile. So what no connection has begun yet is emptied, and may be carried out when the connection opens.
 */
function giveUp(statement: Cancellable<unknown>): void {
  Promise.resolve(statement.cancel()).catch(() => undefined);
  if ('state' in statement && statement.state === null) {
    Object.assign(statement, { cancelled: null, strings: ['SELECT 1'], args: [], options: { prepare: false } });
  }
}
