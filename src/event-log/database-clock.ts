/**
 * The database's time, estimated between its answers with this process's monotonic clock: stepping the machine's wall
 * clock changes nothing. Milliseconds since 1970.
 */
export interface DatabaseClock {
  /** Learns from an answer that carried the database's time. */
  readonly learn: (databaseNow: number) => void;
  readonly now: () => number;
}

export function createDatabaseClock(): DatabaseClock {
  let offset: number | undefined;
  return {
    learn: (databaseNow) => {
      offset = databaseNow - performance.now();
    },
    now: () => {
      if (offset === undefined) throw new Error('the database has not told its time yet');
      return Math.floor(performance.now() + offset);
    },
  };
}
