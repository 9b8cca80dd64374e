/**
 * Remembers the timers that tests and the code under test set, and where. Vitest keeps its own from before, so only
 * those of others are seen: a count of all active timers of the process would change with vitest's reporting.
 */
interface Watched {
  readonly timer: NodeJS.Timeout & { readonly _destroyed?: boolean };
  readonly origin: Error;
}

const PRUNE_EVERY = 1_000;

export const realSetTimeout = globalThis.setTimeout;

let watched: Watched[] = [];
let pruneAt = PRUNE_EVERY;

globalThis.setTimeout = watch(globalThis.setTimeout);
globalThis.setInterval = watch(globalThis.setInterval);

/** Where those timers were set that still keep the process alive. */
export function liveTimers(): readonly string[] {
  watched = watched.filter(isLive);
  return watched.map(({ origin }) => callerOf(origin));
}

function watch<F extends typeof setTimeout | typeof setInterval>(original: F): F {
  const wrapper = new Proxy(original, {
    apply(target, self, args) {
      const timer = Reflect.apply(target, self, args) as Watched['timer'];
      watched.push({ timer, origin: new Error('set here') });
      if (watched.length >= pruneAt) {
        watched = watched.filter(isLive);
        pruneAt = watched.length + PRUNE_EVERY;
      }
      return timer;
    },
  });
  return wrapper;
}

function isLive({ timer }: Watched): boolean {
  return timer._destroyed !== true && timer.hasRef();
}

function callerOf(origin: Error): string {
  const frames = origin.stack?.split('\n').slice(1) ?? [];
  return frames.find((frame) => !frame.includes('timer-watch'))?.trim() ?? 'somewhere';
}
