/** @import { AddedSince, Adjustment, Claim, LogEvent } from '../types.js' */

/**
 * What the log means for the money on a bill: a part of the fold, and like it made from the documentation alone.
 * @typedef {{ id: string, deviceId: string | null, amount: number, refunded: number, isSettled: boolean, isHeld: boolean,
 *   expiresAt: string | null, billSeq: number, billTotal: number }} Paying
 * @typedef {{ expiresAt: number, status: string, payments: Map<string, Paying>, adjustments: Adjustment[] }} MoneyState
 */

/** @returns {Pick<MoneyState, 'payments' | 'adjustments'>} */
export function blankMoney() {
  return { payments: new Map(), adjustments: [] };
}

/** @type {Record<string, (state: MoneyState, payload: any, event: LogEvent) => void>} */
export const moneyEffects = {
  payment_started(state, payload) {
    state.payments.set(payload.payment_id, { ...paying(payload), isHeld: payload.expires_at !== null });
    if (payload.session_expires_at !== null) {
      state.expiresAt = Math.max(state.expiresAt, Date.parse(payload.session_expires_at));
    }
  },
  payment_ended(state, { payment_id }) {
    change(state, payment_id, { isHeld: false });
  },
  payment_settled(state, payload) {
    const { payment_id, rounding } = payload;
    // Cash was never started: it is there at once.
    if (!state.payments.has(payment_id)) state.payments.set(payment_id, paying(payload));
    if (state.payments.get(payment_id)?.isSettled) throw new Error(`payment ${payment_id} was settled before`);
    change(state, payment_id, { isSettled: true, isHeld: false });
    if (rounding !== 0) state.adjustments.push(roundingOf(payment_id, rounding));
  },
  payment_refunded(state, { payment_id, amount }) {
    change(state, payment_id, { refunded: (state.payments.get(payment_id)?.refunded ?? 0) + amount });
  },
  adjust_bill({ adjustments }, { adjustment_id, kind, amount, basis_points, reason }) {
    const at = adjustments.findIndex((each) => each.adjustment_id === adjustment_id);
    if ((kind === 'withdraw') !== at >= 0)
      throw new Error(`adjustment ${adjustment_id} is there ${at >= 0 ? 'already' : 'no more'}`);
    if (kind === 'withdraw') adjustments.splice(at, 1);
    else adjustments.push({ adjustment_id, kind, amount, basis_points, reason });
  },
  session_paid(state) {
    state.status = 'paid';
  },
};

/**
 * The figures under a bill whose lines come to `subtotal`; `addedAt` has the seq of every line.
 * @param {MoneyState} state
 * @param {{ subtotal: number, addedAt: readonly number[] }} lines
 */
export function moneyOf({ payments, adjustments }, { subtotal, addedAt }) {
  // What makes cash round is named after its payment; everything else is the cashier's.
  const [rounding, given] = [true, false].map((wanted) =>
    adjustments.filter(({ adjustment_id }) => payments.has(adjustment_id) === wanted),
  );
  const roundedUp = sumOf(rounding, 'surcharge', subtotal);
  const surcharge = sumOf(given, 'surcharge', subtotal) + roundedUp;
  const discounted = Math.min(sumOf(given, 'discount', subtotal), subtotal);
  const roundedDown = Math.min(sumOf(rounding, 'discount', subtotal), subtotal - discounted + surcharge);
  const discount = discounted + roundedDown;
  const total = subtotal - discount + surcharge;
  const settled = [...payments.values()].filter(({ isSettled }) => isSettled);
  const paid = settled.reduce((sum, { amount, refunded }) => sum + amount - refunded, 0);
  const due = total - paid;
  return {
    ...{ discount, surcharge, adjustments: [...adjustments], total, paid, due },
    payment_status: paid === 0 ? 'none' : due > 0 ? 'partial' : due === 0 ? 'full' : 'over',
    claims: [...payments.values()].filter(({ isHeld }) => isHeld).map(claimOf),
    added_since_payment: due > 0 ? addedSince({ settled, adjustments, addedAt, total }) : null,
  };
}

/** A part of the subtotal is rounded half up. @param {readonly Adjustment[] | undefined} adjustments @param {string} wanted @param {number} subtotal */
function sumOf(adjustments = [], wanted, subtotal) {
  return adjustments
    .filter(({ kind }) => kind === wanted)
    .reduce(
      (sum, { amount, basis_points }) =>
        sum + (amount ?? Math.floor((subtotal * (basis_points ?? 0) + 5_000) / 10_000)),
      0,
    );
}

/**
 * Counted from the newest bill that somebody paid for; what its own rounding did to the total was ordered by nobody.
 * @param {{ settled: Paying[], adjustments: Adjustment[], addedAt: readonly number[], total: number }} bill
 * @returns {AddedSince | null}
 */
function addedSince({ settled, adjustments, addedAt, total }) {
  const standing = settled.filter(({ amount, refunded }) => refunded < amount);
  const billSeq = Math.max(...standing.map((payment) => payment.billSeq));
  const last = standing.findLast((payment) => payment.billSeq === billSeq);
  if (!last) return null;
  const own = adjustments.find(({ adjustment_id }) => adjustment_id === last.id);
  const rounding = (own?.amount ?? 0) * (own?.kind === 'discount' ? -1 : 1);
  const lines = addedAt.filter((seq) => seq > billSeq).length;
  return { bill_seq: billSeq, lines, amount: total - last.billTotal - rounding };
}

/** @param {any} payload @returns {Paying} */
function paying({ payment_id, device_id = null, amount, expires_at = null, bill_seq, bill_total }) {
  return {
    ...{ id: payment_id, deviceId: device_id, amount, expiresAt: expires_at, billSeq: bill_seq, billTotal: bill_total },
    ...{ refunded: 0, isSettled: false, isHeld: false },
  };
}

/** @param {MoneyState} state @param {string} id @param {Partial<Paying>} news */
function change({ payments }, id, news) {
  const payment = payments.get(id);
  if (!payment) throw new Error(`there is no payment ${id}`);
  payments.set(id, { ...payment, ...news });
}

/** @param {Paying} payment @returns {Claim} */
function claimOf({ id, deviceId, amount, expiresAt }) {
  return { payment_id: id, device_id: deviceId, amount, expires_at: expiresAt ?? '' };
}

/** @param {string} id @param {number} rounding @returns {Adjustment} */
function roundingOf(id, rounding) {
  const kind = rounding < 0 ? 'discount' : 'surcharge';
  return { adjustment_id: id, kind, amount: Math.abs(rounding), basis_points: null, reason: 'cash rounding' };
}
