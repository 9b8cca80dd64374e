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
      Promise.resolve(statement.cancel()).catch(() => undefined);
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
