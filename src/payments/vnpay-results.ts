import type { Amount } from '../domain/money.js';
import type { Notice, RefundResult } from './provider.js';
import { amountOf } from './read-notice.js';

/** On the wire VNPay counts in hundredths, although VND has none. */
export function vnpayAmount(amount: Amount): string {
  return `${amount}00`;
}

/** The amount that a wire value stands for; null unless it is a positive number of whole đồng. */
export function amountOfVnpay(wire: string | undefined): Amount | null {
  return wire?.endsWith('00') ? amountOf(wire.slice(0, -2)) : null;
}

/** What a notice says: paid only if both codes say so. 07 is money that VNPay itself suspects; 04 is money on its way back. */
export function vnpayOutcome(responseCode: string | undefined, status: string | undefined): Notice['outcome'] {
  if (responseCode === '07' || status === '07' || status === '01' || status === '04') return 'pending';
  return responseCode === '00' && status === '00' ? 'paid' : 'failed';
}

/** The same of a query's answer, which also shows what became of it later: only what is surely dead has failed. */
export function queriedVnpayOutcome(status: string | undefined): Notice['outcome'] {
  if (status === '00') return 'paid';
  return status === '02' || status === '08' || status === '11' ? 'failed' : 'pending';
}

/** Whether a status of a query's answer that is pending is more than a page that nobody has paid at (01). */
export function isVnpayUnderWay(status: string | undefined): boolean {
  return queriedVnpayOutcome(status) === 'pending' && status !== '01';
}

/** Response codes of a query that tell nothing of the payment yet: not found (the page was never opened), asked too soon. */
export const nothingYet: ReadonlySet<string> = new Set(['91', '94']);

/**
 * A refund's outcome by its status, once VNPay has taken the request (00). 05 and 06 say that VNPay, or the bank, is at it: no
 * later answer can be had, as of several refunds of an order only the last one is ever told. So what was taken counts.
 */
export function vnpayRefundOutcome(status: string | undefined): RefundResult['outcome'] {
  return status === '02' || status === '09' ? 'failed' : 'succeeded';
}

/** Response codes of a refund that say for certain that there is none. 94 may be this very refund, asked for before. */
export const noRefund: ReadonlySet<string> = new Set(['02', '03', '91', '93', '95', '97']);
