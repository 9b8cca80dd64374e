import { invalid } from '../domain/rejection.js';

/** Printable ASCII, as in the contract; the server's own keys begin with a sign outside it. */
const keyPattern = /^[\x20-\x7e]{8,128}$/;

/** Refuses what cannot be a caller's idempotency key. */
export function checkKey(key: string): void {
  if (keyPattern.test(key)) return;
  throw invalid([{ path: 'idempotency_key', message: 'must be 8 to 128 printable ASCII characters' }]);
}
