import type { PaymentRow } from '../db/payments.js';
import { listRefunds, type RefundRow } from '../db/refunds.js';
import type { TenantId } from '../domain/ids.js';
import type { Deps } from './deps.js';

export type { PaymentRow, RefundRow };

/** A payment with what of it was given back, or is on its way back. */
export interface PaymentView {
  readonly payment: PaymentRow;
  readonly refunds: readonly RefundRow[];
}

/** Payments of one tenant, all with their refunds, in the order given. */
export async function viewPayments({ orm }: Deps, rows: readonly PaymentRow[]): Promise<readonly PaymentView[]> {
  const tenantId: TenantId | undefined = rows[0]?.tenantId;
  if (tenantId === undefined) return [];
  const ids = rows.map(({ id }) => id);
  const refunds = await listRefunds(orm, tenantId, ids);
  return rows.map((payment) => ({ payment, refunds: refunds.filter(({ paymentId }) => paymentId === payment.id) }));
}

export async function viewPayment(deps: Deps, row: PaymentRow): Promise<PaymentView> {
  const [view] = await viewPayments(deps, [row]);
  if (!view) throw new Error(`payment ${row.id} cannot be shown`);
  return view;
}
