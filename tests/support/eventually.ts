import { setTimeout as pause } from 'node:timers/promises';

export interface EventuallyOptions {
  /** Give up after this many milliseconds. Default 5,000. */
  readonly within?: number;
  /** Milliseconds between two looks. Default 20. */
  readonly every?: number;
}

/**
 * Look until `probe` neither throws nor answers `false` or `undefined`, and return its answer.
 * For states that announce themselves by no event; at the deadline the last failure is the cause.
 */
export async function eventually<T>(
  probe: () => T | Promise<T>,
  options: EventuallyOptions = {},
): Promise<Exclude<T, false | undefined>> {
  const { within = 5_000, every = 20 } = options;
  const deadline = performance.now() + within;
  let last: unknown;
  for (;;) {
    try {
      const answer = await probe();
      if (answer !== false && answer !== undefined) return answer as Exclude<T, false | undefined>;
      last = new Error(`last answer: ${String(answer)}`);
    } catch (error) {
      last = error;
    }
    if (performance.now() >= deadline) throw new Error(`Not so within ${within} ms`, { cause: last });
    await pause(every);
  }
}
