import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { LocationId, TenantId } from '../domain/ids.js';
import type { Orm } from './connect.js';
import { locations } from './tables/tenants.js';

/** A day of a location's calendar: from its first moment up to the next day's. Most have 24 hours, some 23 or 25. */
export interface LocalDay {
  readonly from: string;
  readonly to: string;
}

/** The first moment of a day at the location's place, so many days after the given one. */
const midnight = (date: string, daysLater: number): SQL<string> =>
  sql<string>`(${date}::date + ${daysLater}::int)::timestamp AT TIME ZONE ${locations.timezone}`;

/** The location's local day, by the database's own table of time zones; undefined when there is no such location. */
export async function findLocalDay(
  orm: Orm,
  { tenantId, locationId }: { readonly tenantId: TenantId; readonly locationId: LocationId },
  date: string,
): Promise<LocalDay | undefined> {
  const rows = await orm
    .select({ from: midnight(date, 0), to: midnight(date, 1) })
    .from(locations)
    .where(and(eq(locations.tenantId, tenantId), eq(locations.id, locationId)));
  return rows[0];
}
