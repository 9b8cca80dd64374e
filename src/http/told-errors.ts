/** Errors whose cause stands in the log already, so that it stands there once. */
const told = new WeakSet<object>();

/** Remembers that the log has this error. */
export function markTold(error: unknown): void {
  if (typeof error === 'object' && error !== null) told.add(error);
}

/** True when the log has this error. */
export function isTold(error: unknown): boolean {
  return typeof error === 'object' && error !== null && told.has(error);
}
