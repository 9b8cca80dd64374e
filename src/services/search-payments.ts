import { type MethodSums, type PaymentSearch, searchPaymentRows, sumPayments } from '../db/payment-search.js';
import type { PaymentId, SessionId } from '../domain/ids.js';
import { invalid } from '../domain/rejection.js';
import type { KeyScope, Scope } from '../domain/scope.js';
import { requireKey } from './access.js';
import type { Deps } from './deps.js';
import { pageBounds } from './list-events.js';
import { type PaymentView, viewPayments } from './payment-views.js';
import { periodOf, type WantedPeriod } from './period.js';
import { seeSession } from './seats.js';

export type { MethodSums };

export interface SearchPayments
  extends WantedPeriod,
    Pick<PaymentSearch, 'status' | 'method' | 'reason' | 'resolution' | 'isOpen'> {
  readonly sessionId: SessionId | undefined;
  readonly first: number;
  readonly after: PaymentId | undefined;
}

export interface PaymentPage {
  readonly payments: readonly PaymentView[];
  readonly hasMore: boolean;
  /** Of the whole search, by currency and method; asked for only when somebody wants them. */
  readonly sums: () => Promise<readonly MethodSums[]>;
}

/** Payments of all sessions, and money of none, the newest first. For cashiers; a location's key sees that location's. */
export async function searchPayments(deps: Deps, scope: Scope, wanted: SearchPayments): Promise<PaymentPage> {
  const caller = requireKey(scope, 'cashier');
  const { first, after } = wanted;
  if (first < pageBounds.min || first > pageBounds.max) {
    throw invalid([{ path: 'limit', message: `must be ${pageBounds.min} to ${pageBounds.max}` }]);
  }
  const search = await searchOf(deps, caller, wanted);
  const rows = await searchPaymentRows(deps.orm, search, { before: after, limit: first + 1 });
  return {
    payments: await viewPayments(deps, rows.slice(0, first)),
    hasMore: rows.length > first,
    sums: () => sumPayments(deps.orm, search),
  };
}

async function searchOf(deps: Deps, caller: KeyScope, wanted: SearchPayments): Promise<PaymentSearch> {
  const { status, method, reason, resolution, isOpen, sessionId } = wanted;
  const period = await periodOf(deps, caller, wanted);
  if (sessionId) await seeSession(deps, caller, sessionId);
  return { tenantId: caller.tenantId, sessionId, status, method, reason, resolution, isOpen, ...period };
}
