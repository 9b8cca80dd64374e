/** How much a writer takes on, and how long it waits. */
export interface WriterLimits {
  /** A batch carries at most so many events, unless one command alone has more. */
  readonly batchEvents: number;
  /** Batches on their way at once. */
  readonly flights: number;
  /** Statements that read sessions at once. */
  readonly loads: number;
  /** A statement that has no answer by then (milliseconds) is given up. */
  readonly statementMs: number;
  /** A command that has no answer by then (milliseconds) gets UNAVAILABLE. */
  readonly commandMs: number;
  /** With so many commands waiting, a new one gets UNAVAILABLE. */
  readonly queued: number;
  /** After so many lost races in a row a node claims the session. */
  readonly lossesBeforeClaim: number;
  /** How often a node looks whether another's claim is over (milliseconds). */
  readonly claimedElsewhereMs: number;
  /** Sessions kept in memory, in lines and remembered events (about 1 KB each). */
  readonly cacheWeight: number;
}

/** Figures that the benchmarks chose; docs/adr/0001 has them. */
export const writerLimits: WriterLimits = {
  batchEvents: 128,
  flights: 2,
  loads: 2,
  statementMs: 5_000,
  commandMs: 10_000,
  queued: 20_000,
  lossesBeforeClaim: 2,
  claimedElsewhereMs: 5,
  cacheWeight: 400_000,
};
