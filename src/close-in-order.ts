import type { FastifyBaseLogger } from 'fastify';

/** One part of an orderly end. */
export interface ClosingStep {
  readonly name: string;
  /** Milliseconds after the beginning of the end: a part that is not done by then is left behind, and the next one begins. */
  readonly by: number;
  readonly end: () => Promise<unknown>;
}

/** Ends one part after the other, and takes no longer than the last one may, whatever hangs. A failure holds up nothing. */
export async function closeInOrder(steps: readonly ClosingStep[], log: FastifyBaseLogger): Promise<void> {
  const began = performance.now();
  for (const { name, by, end } of steps) {
    try {
      const isDone = await within(end(), began + by - performance.now());
      if (!isDone) log.warn({ part: name }, 'a part of the server did not end in time and is left behind');
    } catch (error) {
      log.error({ err: error, part: name }, 'a part of the server could not be ended');
    }
  }
}

async function within(work: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const isOver = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, milliseconds), false);
  });
  try {
    return await Promise.race([work.then(() => true), isOver]);
  } finally {
    clearTimeout(timer);
  }
}
