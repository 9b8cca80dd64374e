/** What a polling client should wait for, as far as the last answer told. */
export interface PollSituation {
  readonly hasMore: boolean;
  readonly isOver: boolean;
  /** How long ago the session's last event was written, in milliseconds; undefined where that is not known. */
  readonly quietMs: number | undefined;
}

/** How long to wait at a table where something happened within so many milliseconds. */
const steps = [
  { quietBelow: 30_000, wait: 1_000 },
  { quietBelow: 120_000, wait: 2_000 },
  { quietBelow: 600_000, wait: 4_000 },
] as const;
const quietWait = 8_000;
const unknownWait = 2_000;
/** Only payments can still come. */
const overWait = 15_000;

/** When to ask again, in milliseconds: soon at a busy table, seldom at a quiet one, at once when there is more. */
export function pollHint({ hasMore, isOver, quietMs }: PollSituation): number {
  if (hasMore) return 0;
  if (isOver) return overWait;
  if (quietMs === undefined) return unknownWait;
  return steps.find(({ quietBelow }) => quietMs < quietBelow)?.wait ?? quietWait;
}
