import type { PaymentId } from './ids.js';

/** A webhook with a valid signature, as it came: enough to verify it once more. */
export interface InboxEntry {
  readonly id: string;
  readonly provider: string;
  readonly account: string;
  /** SHA-256 of what came, hex: the same notice again has the same. */
  readonly digest: string;
  readonly method: string;
  /** Undecoded. */
  readonly query: string;
  /** Lower-case names, without secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** Base64. */
  readonly body: string;
}

/** An entry with what came of it. */
export interface KeptNotice extends InboxEntry {
  readonly verdict: string;
  readonly detail: string;
  readonly paymentId: PaymentId | null;
}
