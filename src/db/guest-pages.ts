import { and, eq } from 'drizzle-orm';
import type { TenantId } from '../domain/ids.js';
import type { Orm } from './connect.js';
import { payments } from './tables/payments.js';
import { locations } from './tables/tenants.js';

/** The guests' page of the location where the payment was made; undefined where there is none of its own. */
export async function findGuestPage(orm: Orm, tenantId: TenantId, reference: string): Promise<string | undefined> {
  const rows = await orm
    .select({ guestUrl: locations.guestUrl })
    .from(payments)
    .innerJoin(locations, and(eq(locations.tenantId, payments.tenantId), eq(locations.id, payments.locationId)))
    .where(and(eq(payments.tenantId, tenantId), eq(payments.paymentReference, reference)));
  return rows[0]?.guestUrl ?? undefined;
}
