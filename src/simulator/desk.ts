import type { Answer, Order, Transaction } from './order.js';

/** The side of a provider that talks to the merchant by itself. */
export interface Desk {
  /** The signed webhook about something that happened; undefined: this provider says nothing of it. */
  readonly notice: (order: Order, happening: Happening) => OutgoingCall | undefined;
  /** Where the guest's browser goes when all is over, with what it brings back. */
  readonly returnUrl: (order: Order) => string | undefined;
  /** Milliseconds until it calls again after this answer to its `calls`th call; undefined: it does not. */
  readonly callAgain: (answer: Answer, calls: number) => number | undefined;
  /** A plain bank transfer: nobody can cancel it, and nothing keeps a guest from making it again. */
  readonly isTransfer: boolean;
}

export interface Happening {
  /** Undefined: the payment failed. */
  readonly transaction: Transaction | undefined;
  readonly at: number;
  /** Signed by somebody who does not know the secret. */
  readonly isForged: boolean;
}

export interface OutgoingCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The secret itself, or what somebody without it might guess. */
export function signingSecret(secret: string, { isForged }: Happening): string {
  return isForged ? `${secret}-guessed` : secret;
}

/** How an order ended, as its browser redirect tells it. */
export function ending(order: Order): Happening | undefined {
  if (order.endedAt === undefined) return undefined;
  return { transaction: order.transactions[0], at: order.endedAt, isForged: false };
}

/** The merchant's address with parameters added; its own query and fragment stay. */
export function withParameters(address: string, parameters: Readonly<Record<string, string>>): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.append(name, value);
  return url.href;
}
