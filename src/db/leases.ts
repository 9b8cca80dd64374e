import { sql } from 'drizzle-orm';
import type { Orm } from './connect.js';
import { leases } from './tables/leases.js';

/** Takes or keeps a lease by the database's clock; false while another holder's has not run out. */
export async function takeLease(orm: Orm, lease: { name: string; holder: string; seconds: number }): Promise<boolean> {
  const { name, holder } = lease;
  const expiresAt = sql`now() + make_interval(secs => ${lease.seconds})`;
  const rows = await orm
    .insert(leases)
    .values({ name, holder, expiresAt })
    .onConflictDoUpdate({
      target: leases.name,
      set: { holder, expiresAt },
      setWhere: sql`${leases.holder} = ${holder} OR ${leases.expiresAt} < now()`,
    })
    .returning({ name: leases.name });
  return rows.length > 0;
}
