import { and, asc, desc, eq, getTableColumns, gt, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { LocationId, TenantId } from '../domain/ids.js';
import type { Orm } from './connect.js';
import { merchantAccounts } from './tables/payments.js';

/** An account of a tenant's own. `isPreviousValid`: the secrets before the last rotation still verify. */
export type MerchantAccountRow = typeof merchantAccounts.$inferSelect & { readonly isPreviousValid: boolean };

/** Whose account: with a location only that location's own accounts are seen. */
export interface AccountOwner {
  readonly tenantId: TenantId;
  readonly locationId: LocationId | null;
}

export type NewMerchantAccount = Pick<
  MerchantAccountRow,
  'id' | 'tenantId' | 'locationId' | 'provider' | 'name' | 'settings' | 'sealedSecrets' | 'allowedAddresses'
>;

/** What a manager may change; what is left out stays. */
export type MerchantAccountChange = Partial<Pick<MerchantAccountRow, 'name' | 'settings' | 'allowedAddresses'>> & {
  readonly isDisabled?: boolean | undefined;
};

type SealedParts = Pick<MerchantAccountRow, 'sealedSecrets' | 'sealedPrevious' | 'previousUntil'>;

const now = sql`session_clock()`;
const columns = {
  ...getTableColumns(merchantAccounts),
  isPreviousValid: sql<boolean>`coalesce(${merchantAccounts.previousUntil} > session_clock(), false)`,
};

/** An account by its id alone, as a webhook's address names it; the tenant is what the row tells. */
export async function findMerchantAccount(orm: Orm, id: string): Promise<MerchantAccountRow | undefined> {
  const rows = await orm.select(columns).from(merchantAccounts).where(eq(merchantAccounts.id, id));
  return rows[0];
}

/** The account that takes a location's payments: its own before the tenant's, the newest before older ones. */
export async function findPayableAccount(
  orm: Orm,
  { tenantId, locationId, provider }: { tenantId: TenantId; locationId: LocationId; provider: string },
): Promise<MerchantAccountRow | undefined> {
  const rows = await orm
    .select(columns)
    .from(merchantAccounts)
    .where(
      and(
        eq(merchantAccounts.tenantId, tenantId),
        eq(merchantAccounts.provider, provider),
        or(eq(merchantAccounts.locationId, locationId), isNull(merchantAccounts.locationId)),
        isNull(merchantAccounts.disabledAt),
      ),
    )
    .orderBy(sql`${merchantAccounts.locationId} NULLS LAST`, desc(merchantAccounts.id))
    .limit(1);
  return rows[0];
}

/** The owner's accounts in the order they were made, from after the given one. */
export function listMerchantAccounts(
  orm: Orm,
  owner: AccountOwner,
  page: { after: string | undefined; limit: number },
): Promise<readonly MerchantAccountRow[]> {
  return orm
    .select(columns)
    .from(merchantAccounts)
    .where(and(ownedBy(owner), page.after ? gt(merchantAccounts.id, page.after) : undefined))
    .orderBy(asc(merchantAccounts.id))
    .limit(page.limit);
}

export async function insertMerchantAccount(orm: Orm, account: NewMerchantAccount): Promise<MerchantAccountRow> {
  const { allowedAddresses, ...rest } = account;
  const rows = await orm
    .insert(merchantAccounts)
    .values({ ...rest, allowedAddresses: textArray(allowedAddresses), createdAt: now, updatedAt: now })
    .returning(columns);
  const [made] = rows;
  if (!made) throw new Error('a merchant account was not written');
  return made;
}

/** The account as it is after the change; undefined if the owner has none of this id. */
export async function updateMerchantAccount(
  orm: Orm,
  { id, ...owner }: AccountOwner & { id: string },
  { isDisabled, allowedAddresses, ...change }: MerchantAccountChange,
): Promise<MerchantAccountRow | undefined> {
  const rows = await orm
    .update(merchantAccounts)
    .set({
      ...change,
      ...(allowedAddresses && { allowedAddresses: textArray(allowedAddresses) }),
      // Disabled once more, it keeps the time when it was.
      ...(isDisabled !== undefined && {
        disabledAt: isDisabled ? sql`coalesce(${merchantAccounts.disabledAt}, session_clock())` : null,
      }),
      updatedAt: now,
    })
    .where(and(ownedBy(owner), eq(merchantAccounts.id, id)))
    .returning(columns);
  return rows[0];
}

/** Takes new secrets into use; the ones before verify for so many seconds more, and at 0 are gone at once. */
export async function rotateMerchantSecrets(
  orm: Orm,
  { id, ...owner }: AccountOwner & { id: string },
  { sealedSecrets, keepPreviousSeconds }: { sealedSecrets: Buffer; keepPreviousSeconds: number },
): Promise<MerchantAccountRow | undefined> {
  const previous =
    keepPreviousSeconds === 0
      ? { sealedPrevious: null, previousUntil: null }
      : {
          sealedPrevious: sql`${merchantAccounts.sealedSecrets}`,
          previousUntil: sql`session_clock() + make_interval(secs => ${keepPreviousSeconds})`,
        };
  const rows = await orm
    .update(merchantAccounts)
    .set({ ...previous, sealedSecrets, updatedAt: now })
    .where(and(ownedBy(owner), eq(merchantAccounts.id, id)))
    .returning(columns);
  return rows[0];
}

/** Accounts of all tenants by id, from after the given one: for the tool that seals their secrets anew. */
export function listSealedAccounts(
  orm: Orm,
  page: { after: string | undefined; limit: number },
): Promise<readonly MerchantAccountRow[]> {
  return orm
    .select(columns)
    .from(merchantAccounts)
    .where(page.after ? gt(merchantAccounts.id, page.after) : undefined)
    .orderBy(asc(merchantAccounts.id))
    .limit(page.limit);
}

/** Puts other bytes in the place of sealed secrets, unless somebody has rotated them meanwhile. */
export async function replaceSealedSecrets(
  orm: Orm,
  account: MerchantAccountRow,
  { sealedSecrets, sealedPrevious, previousUntil }: SealedParts,
): Promise<boolean> {
  const rows = await orm
    .update(merchantAccounts)
    .set({ sealedSecrets, sealedPrevious, previousUntil })
    .where(
      and(
        eq(merchantAccounts.tenantId, account.tenantId),
        eq(merchantAccounts.id, account.id),
        eq(merchantAccounts.sealedSecrets, account.sealedSecrets),
      ),
    )
    .returning({ id: merchantAccounts.id });
  return rows.length > 0;
}

function ownedBy({ tenantId, locationId }: AccountOwner): SQL | undefined {
  return and(
    eq(merchantAccounts.tenantId, tenantId),
    locationId === null ? undefined : eq(merchantAccounts.locationId, locationId),
  );
}

/** The driver has a serialiser of its own for arrays, which drizzle's text would go through once more. Addresses have no commas. */
function textArray(texts: readonly string[]): SQL {
  return sql`string_to_array(${texts.join(',')}, ',')`;
}
