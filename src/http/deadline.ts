import { unavailable } from '../domain/rejection.js';

/** Longer than any statement's own deadline and than a command's: what is still out by then has lost its database. */
export const operationMs = 13_000;

/** The answer, or UNAVAILABLE once nobody should wait any longer. */
export async function withDeadline<T>(answer: Promise<T>, milliseconds = operationMs): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(unavailable('the request took too long; repeat it with the same key')),
      milliseconds,
    );
  });
  try {
    return await Promise.race([answer, overdue]);
  } finally {
    clearTimeout(timer);
  }
}
