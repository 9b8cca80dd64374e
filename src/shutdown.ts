/** What a process has begun, to be ended in reverse order. */
export interface Shutdown {
  /** Names something that has begun. */
  add(end: () => Promise<void>): void;
  readonly isBegun: boolean;
  /** Ends everything, once; what comes later waits for the same end. */
  run(): Promise<void>;
}

/** A stop may be asked for at any moment, also while the process is still starting. */
export function createShutdown(): Shutdown {
  const ends: (() => Promise<void>)[] = [];
  let running: Promise<void> | undefined;
  const endAll = async (): Promise<void> => {
    for (let end = ends.pop(); end; end = ends.pop()) await end();
  };
  return {
    add: (end) => void ends.push(end),
    get isBegun() {
      return running !== undefined;
    },
    run: () => (running ??= endAll()),
  };
}
