import { listSessionPayments as listRows, type PaymentRow } from '../db/payments.js';
import type { SessionId } from '../domain/ids.js';
import type { Scope } from '../domain/scope.js';
import { requireKey, requireSession } from './access.js';
import type { Deps } from './deps.js';
import { type PaymentView, viewPayments } from './payment-views.js';
import { seeSession } from './seats.js';

/**
 * A session's payments in the order they were made, with the money that came for it and settled nothing. For its phones
 * and cashiers; neither what staff noted about their decisions nor what a payer wrote to the bank is for phones.
 */
export async function listSessionPayments(
  deps: Deps,
  scope: Scope,
  sessionId: SessionId,
): Promise<readonly PaymentView[]> {
  const caller = requireSession(scope, sessionId);
  if (caller.kind === 'key') requireKey(caller, 'cashier');
  await seeSession(deps, caller, sessionId);
  const rows = await listRows(deps.orm, caller.tenantId, sessionId);
  const shown = caller.kind === 'key' ? rows : rows.map(forPhones);
  return viewPayments(deps, shown);
}

function forPhones(row: PaymentRow): PaymentRow {
  return { ...row, resolutionNote: null, note: row.claimedReference === null ? row.note : null };
}
