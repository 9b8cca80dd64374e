/** How much one socket may ask for, and how long the server waits for it. Times are in milliseconds, sizes in bytes. */
export interface SocketLimits {
  /** Largest frame that a client may send. */
  readonly maxFrame: number;
  /** How long a client may take to say who it is. */
  readonly initMs: number;
  /** Operations that one socket may have open at once. */
  readonly operations: number;
  /** Unsent bytes above which subscriptions wait, and no further operation begins. */
  readonly highWater: number;
  /** Unsent bytes above which a socket is given up at once: answers came faster than they were read. */
  readonly hardCap: number;
  /** How long a client may take to read what made its subscriptions wait. */
  readonly stallMs: number;
  /** Between two pings of one socket; it is given up when two of them stay unanswered. */
  readonly pingMs: number;
  /** How long a client may take to answer the end of its socket. */
  readonly closeMs: number;
  /** How long a server that stops waits for running queries. */
  readonly drainMs: number;
  /** Between two rounds of the timer that all sockets share. */
  readonly tickMs: number;
}

/** `isBounded` is off where the server is tried out: then only what protects the process is left. */
export function socketLimits(isBounded: boolean, wanted: Partial<SocketLimits> = {}): SocketLimits {
  return {
    ...{ maxFrame: 100_000, initMs: 3_000, operations: isBounded ? 50 : 1_000 },
    ...{ highWater: 256 * 1024, hardCap: 1024 * 1024, stallMs: 30_000 },
    ...{ pingMs: 12_000, closeMs: 2_000, drainMs: 1_500, tickMs: 1_000 },
    ...wanted,
  };
}
