/** Timers that keep no process alive and can all be given up at once. */
export interface Timers {
  readonly after: (milliseconds: number, run: () => void) => void;
  readonly close: () => void;
}

export function createTimers(): Timers {
  const waiting = new Set<NodeJS.Timeout>();
  let isClosed = false;
  return {
    after(milliseconds, run) {
      if (isClosed) return;
      const timer = setTimeout(() => {
        waiting.delete(timer);
        run();
      }, milliseconds);
      timer.unref();
      waiting.add(timer);
    },
    close() {
      isClosed = true;
      for (const timer of waiting) clearTimeout(timer);
      waiting.clear();
    },
  };
}
