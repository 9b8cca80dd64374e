export const providerNames = ['momo', 'vnpay', 'zalopay', 'sepay'] as const;
export type ProviderName = (typeof providerNames)[number];

/** An order as the provider has it. What happens to it is noted in place: it lives in one book, in this process only. */
export interface Order {
  readonly provider: ProviderName;
  readonly reference: string;
  readonly merchant: string;
  /** Whole VND, as all amounts here. */
  readonly amount: number;
  readonly description: string;
  readonly createdAt: number;
  /** Undefined: never. */
  readonly expiresAt: number | undefined;
  /** Where the merchant hears of it. */
  readonly webhookPath: string;
  /** Where the guest goes afterwards. */
  readonly redirectUrl: string | undefined;
  /** What else the request said and the notices repeat. */
  readonly given: Readonly<Record<string, string>>;
  state: 'open' | 'paid' | 'failed';
  /** When it was paid or failed. */
  endedAt: number | undefined;
  /** When the guest is going to pay. */
  dueAt: number | undefined;
  /** When the provider calls again. */
  callsAgainAt: number | undefined;
  readonly transactions: Transaction[];
  readonly refunds: Refund[];
  readonly deliveries: Delivery[];
}

/** Money that moved. */
export interface Transaction {
  readonly id: string;
  readonly amount: number;
  readonly at: number;
}

export interface Refund {
  /** The merchant's name for it. */
  readonly reference: string;
  readonly id: string;
  readonly transactionId: string;
  readonly amount: number;
  readonly at: number;
}

/** One call to the merchant and what it answered. */
export interface Delivery {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isForged: boolean;
  readonly answer: Answer;
}

/** Status 0: there was none, and `body` says why. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

export type NewOrder = Omit<
  Order,
  'state' | 'endedAt' | 'dueAt' | 'callsAgainAt' | 'transactions' | 'refunds' | 'deliveries'
>;

export function openOrder(order: NewOrder): Order {
  return {
    ...order,
    state: 'open',
    endedAt: undefined,
    dueAt: undefined,
    callsAgainAt: undefined,
    transactions: [],
    refunds: [],
    deliveries: [],
  };
}

export function isExpired(order: Order, now: number): boolean {
  return order.expiresAt !== undefined && now > order.expiresAt;
}

/** What can still be given back of one transaction. */
export function refundable(order: Order, transaction: Transaction): number {
  const given = order.refunds.filter((refund) => refund.transactionId === transaction.id);
  return transaction.amount - given.reduce((sum, refund) => sum + refund.amount, 0);
}
