/** An event as the log or a subscriber names it. */
export interface Entry {
  readonly seq: number;
  readonly id: string;
}

/** How what a subscriber received differs from what the log has. */
export interface Faults {
  /** In the log, never received. */
  readonly lost: number;
  /** Received once more. */
  readonly doubled: number;
  /** Received behind one with a higher seq. */
  readonly outOfOrder: number;
  /** Received, and not in the log under this seq. */
  readonly foreign: number;
}

export const noFaults: Faults = { lost: 0, doubled: 0, outOfOrder: 0, foreign: 0 };

/** Holds everything that a subscriber received, in that order and over all its connections, against its part of the log. */
export function faultsOf(log: readonly Entry[], received: readonly Entry[]): Faults {
  const idOf = new Map(log.map(({ seq, id }) => [seq, id]));
  const seen = new Set<number>();
  let [highest, doubled, outOfOrder, foreign] = [0, 0, 0, 0];
  for (const { seq, id } of received) {
    if (idOf.get(seq) !== id) foreign += 1;
    else if (seen.has(seq)) doubled += 1;
    else {
      if (seq < highest) outOfOrder += 1;
      highest = Math.max(highest, seq);
      seen.add(seq);
    }
  }
  return { lost: idOf.size - seen.size, doubled, outOfOrder, foreign };
}

export function sumOf(all: readonly Faults[]): Faults {
  return all.reduce(
    (sum, each) => ({
      lost: sum.lost + each.lost,
      doubled: sum.doubled + each.doubled,
      outOfOrder: sum.outOfOrder + each.outOfOrder,
      foreign: sum.foreign + each.foreign,
    }),
    noFaults,
  );
}
