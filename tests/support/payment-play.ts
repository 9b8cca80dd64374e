/** Payments decided and folded without any database: a table whose log is an array. */
import { v7 } from 'uuid';
import { type Bill, type Device, findPayment } from '../../src/domain/bill.js';
import { type Append, type Caller, type Decision, decideCommand, type KeyedEvent } from '../../src/domain/decide.js';
import type { PaymentEnd } from '../../src/domain/events/payment-ended.js';
import type { Settlement } from '../../src/domain/events/payment-settled.js';
import type { PaymentStart } from '../../src/domain/events/payment-started.js';
import { fold } from '../../src/domain/fold.js';
import { asId, type DeviceId, type PaymentId } from '../../src/domain/ids.js';
import type { BillPayment, PaymentOutcome } from '../../src/domain/payment.js';
import type { DeviceScope, KeyScope } from '../../src/domain/scope.js';
import type { WantedSplit } from '../../src/domain/split.js';
import { serverAct, settleAppends } from '../../src/services/payment-commands.js';

/** MoMo's way of saying it; any provider would do. */
const momo: Caller = { kind: 'provider', name: 'momo' };

export interface Play {
  readonly bill: Bill;
  readonly log: readonly KeyedEvent[];
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Decides and keeps; what was decided comes back. Throws the rejection, and nothing is kept then. */
  act(caller: Caller, appends: readonly Append[]): Decision;
  /** Starts a payment through MoMo for a phone. */
  start(deviceId: DeviceId, split: WantedSplit, payable?: { min: number; max: number }): BillPayment;
  settle(paymentId: PaymentId, transaction?: string): Decision;
  end(paymentId: PaymentId, outcome: Exclude<PaymentOutcome, 'replaced'>): Decision;
  cash(cash: { amount?: number; tendered?: number }): BillPayment;
  /** The clock goes on by so many milliseconds. */
  wait(milliseconds: number): void;
  /** Time has ended the session. */
  expire(): void;
}

export const cashier: KeyScope = {
  ...{ kind: 'key', tenantId: v7() as KeyScope['tenantId'], locationId: null, keyId: 'k', role: 'cashier' },
  ...{ name: 'Mai', isShared: false, isNamed: false },
};

export function aPhone(name: string): Device {
  return { deviceId: v7() as DeviceId, name, state: 'admitted' };
}

export function play(start: Bill): Play {
  let bill = start;
  let now = 1_000_000;
  let isPast = false;
  const log: KeyedEvent[] = [];
  const act: Play['act'] = (caller, appends) => {
    const decision = decideCommand(
      { tenantId: bill.tenantId, sessionId: bill.sessionId, caller, appends },
      {
        ...{ bill, isPast, isGraceOver: false, now, newId: v7 },
        findKey: (key) => log.find((keyed) => keyed.key === key),
      },
    );
    const fresh = decision.decided.filter(({ replayed }) => !replayed);
    const stored = fresh.map((keyed) => ({ ...keyed, event: { ...keyed.event, createdAt: now } }));
    bill = fold(
      bill,
      stored.map(({ event }) => event),
    );
    log.push(...stored);
    return decision;
  };
  const paymentOf = (id: unknown): BillPayment => {
    const payment = findPayment(bill, asId<PaymentId>(String(id)));
    if (!payment) throw new Error('there is no such payment');
    return payment;
  };
  return {
    get bill() {
      return bill;
    },
    log,
    get now() {
      return now;
    },
    act,
    start(deviceId, split, payable = { min: 1, max: 10 ** 12 }) {
      const key = `intent-${v7()}`;
      const input: PaymentStart = {
        ...{ kind: 'intent', payment_id: asId<PaymentId>(v7()), payment_reference: v7(), method: 'momo' },
        ...{ provider: 'momo', account: 'default', device_id: deviceId, split, payable, pay_within_ms: 900_000 },
      };
      const replace: PaymentEnd = { replaced_for: deviceId };
      const decision = act(phoneOf(bill, deviceId), [
        { key: `replace-${key}`, fingerprint: '', type: 'payment_ended', input: replace, onlyWith: key },
        { key, fingerprint: '', type: 'payment_started', input },
      ]);
      return paymentOf(decision.decided.at(-1)?.event.payload.payment_id);
    },
    settle(paymentId, transaction = 'T1') {
      const settlement: Settlement = {
        ...{ kind: 'pending', payment_id: paymentId, provider_transaction_id: transaction },
      };
      return act(momo, settleAppends(serverAct(`settled-${paymentId}`), settlement));
    },
    end(paymentId, outcome) {
      const input: PaymentEnd = { payment_id: paymentId, outcome };
      return act(momo, [{ ...serverAct(`ended-${paymentId}-${outcome}`), type: 'payment_ended', input }]);
    },
    cash({ amount, tendered }) {
      const settlement: Settlement = {
        ...{ kind: 'cash', payment_id: asId<PaymentId>(v7()), payment_reference: v7(), claimed_reference: null },
        ...{ method: 'cash', provider: null, account: null, amount, currency: undefined, tendered },
        ...{ provider_transaction_id: null, note: null },
      };
      const { decided } = act(cashier, settleAppends(serverAct(`cash-${v7()}`), settlement));
      return paymentOf(decided[0]?.event.payload.payment_id);
    },
    wait(milliseconds) {
      now += milliseconds;
    },
    expire() {
      isPast = true;
    },
  };
}

function phoneOf({ tenantId, locationId, sessionId }: Bill, deviceId: DeviceId): DeviceScope {
  return { kind: 'device', tenantId, locationId, sessionId, deviceId };
}
