/** Who asked the process to end: a signal, or npm's shell, which dies of the signal without passing it on. */
export type StopReason = 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'the shell of npm is gone';

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
const LOOK_EVERY_MS = 500;

/**
 * Calls `stop` at every request to end. A process that `npm start` began must watch its parent too: npm hands SIGTERM to
 * a shell, the shell dies of it, and the server would live on with nobody knowing its pid.
 */
export function onStopRequest(stop: (reason: StopReason) => void, startedByNpm: boolean): void {
  for (const signal of SIGNALS) process.on(signal, () => stop(signal));
  if (!startedByNpm) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    stop('the shell of npm is gone');
  }, LOOK_EVERY_MS);
  watch.unref();
}
