import type { Courier } from './courier.js';
import type { Desk, Happening } from './desk.js';
import type { Gateway } from './gateway.js';
import { isExpired, type Order, type ProviderName, type Transaction } from './order.js';
import type { Timers } from './timers.js';

/** What a guest, or an accident, can do to an order. */
export const acts = [
  'pay',
  'fail',
  'pay_late',
  'pay_twice',
  'pay_twice_other_transaction',
  'pay_short',
  'forged',
  'never_answer',
] as const;
export type Act = (typeof acts)[number];

export const isAct = (value: unknown): value is Act => acts.some((act) => act === value);

/** By so much `pay_short` is short. */
const SHORT_BY = 10_000;

export interface ActingOptions {
  readonly gateway: Gateway;
  readonly desks: ReadonlyMap<ProviderName, Desk>;
  readonly courier: Courier;
  readonly timers: Timers;
}

/** Does what was asked for; resolves when the merchant has answered for the first time. */
export type Perform = (order: Order, act: Act, delaySeconds: number) => Promise<void>;

export interface Acting {
  readonly perform: Perform;
  /** What can still be done to an order. */
  readonly possible: (order: Order) => readonly Act[];
}

export function createActing(options: ActingOptions): Acting {
  const { gateway, desks } = options;
  return {
    perform: (order, act, delaySeconds) => perform(options, order, { act, delaySeconds }),
    possible(order) {
      const isTransfer = desks.get(order.provider)?.isTransfer === true;
      return acts.filter((act) => isPossible(order, act, { isTransfer, now: gateway.now() }));
    },
  };
}

function isPossible(order: Order, act: Act, { isTransfer, now }: { isTransfer: boolean; now: number }): boolean {
  if (act === 'forged') return true;
  if (act === 'pay_short' && order.amount <= SHORT_BY) return false;
  if (act === 'fail') return !isTransfer && order.state === 'open';
  if (isTransfer) return order.dueAt === undefined;
  if (act === 'pay_late') return order.state !== 'paid' && order.dueAt === undefined;
  if (order.state === 'open') return order.dueAt === undefined && !isExpired(order, now);
  // The provider says once more what it has said, or what it should not say.
  return order.state === 'paid' && (act === 'pay_twice' || act === 'pay_twice_other_transaction');
}

interface Wish {
  readonly act: Act;
  readonly delaySeconds: number;
}

async function perform(options: ActingOptions, order: Order, { act, delaySeconds }: Wish): Promise<void> {
  switch (act) {
    case 'pay':
      return tell(options, order, [take(options, order, order.amount)]);
    case 'pay_short':
      return tell(options, order, [take(options, order, order.amount - SHORT_BY)]);
    case 'pay_twice': {
      const transaction = order.transactions.at(-1) ?? take(options, order, order.amount);
      return tell(options, order, [transaction, transaction]);
    }
    case 'pay_twice_other_transaction': {
      const isPaid = order.transactions.length > 0;
      const first = isPaid ? [] : [take(options, order, order.amount)];
      return tell(options, order, [...first, take(options, order, order.amount)]);
    }
    case 'never_answer':
      take(options, order, order.amount);
      return;
    case 'fail':
      order.state = 'failed';
      order.endedAt = options.gateway.now();
      return tell(options, order, [undefined]);
    case 'forged':
      return forge(options, order);
    case 'pay_late':
      return promise(options, order, delaySeconds);
  }
}

/** Money moves: from here on the provider says so when it is asked. */
function take({ gateway }: ActingOptions, order: Order, amount: number): Transaction {
  const at = gateway.now();
  const transaction = { id: String(gateway.newNumber()), amount, at };
  order.transactions.push(transaction);
  order.state = 'paid';
  order.endedAt = at;
  gateway.notePaid(order, transaction.id);
  return transaction;
}

/** Notices about these transactions, one after the other; undefined: about the failure. The same one: byte for byte. */
async function tell(
  { desks, courier }: ActingOptions,
  order: Order,
  transactions: readonly (Transaction | undefined)[],
): Promise<void> {
  const desk = desks.get(order.provider);
  const at = order.endedAt ?? order.createdAt;
  for (const transaction of transactions) {
    const happening: Happening = { transaction, at: transaction?.at ?? at, isForged: false };
    const call = desk?.notice(order, happening);
    if (desk && call) await courier.deliver(order, call, { callAgain: desk.callAgain, isForged: false });
  }
}

/** Somebody who does not know the secret claims that it was paid. Nothing moves. */
async function forge({ gateway, desks, courier }: ActingOptions, order: Order): Promise<void> {
  const desk = desks.get(order.provider);
  const at = gateway.now();
  const transaction = { id: String(gateway.newNumber()), amount: order.amount, at };
  const call = desk?.notice(order, { transaction, at, isForged: true });
  if (desk && call) await courier.deliver(order, call, { callAgain: desk.callAgain, isForged: true });
}

/** Pays in so many seconds, whatever has happened to the order by then. */
async function promise(options: ActingOptions, order: Order, delaySeconds: number): Promise<void> {
  const delay = delaySeconds * 1000;
  order.dueAt = options.gateway.now() + delay;
  options.timers.after(delay, () => {
    order.dueAt = undefined;
    void perform(options, order, { act: 'pay', delaySeconds: 0 });
  });
}
