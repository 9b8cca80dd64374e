import { connect, type Orm } from './connect.js';
import {
  demoKeys,
  demoLocations,
  demoMenuCategories,
  demoMenuItems,
  demoTables,
  demoTenants,
} from './demo-restaurant.js';
import { hashSecret } from './secret-hash.js';
import { menuCategories, menuItems } from './tables/menu.js';
import { apiKeys, diningTables, locations, tableTokens, tenants } from './tables/tenants.js';

/** Makes the demo restaurant. A repeat adds what is missing and changes nothing. */
export async function seedDemo(databaseUrl: string): Promise<void> {
  const database = connect({ url: databaseUrl, poolSize: 2, prepare: false });
  try {
    await insertDemo(database.orm);
  } finally {
    await database.close();
  }
}

async function insertDemo(orm: Orm): Promise<void> {
  await orm.insert(tenants).values(demoTenants).onConflictDoNothing();
  await orm.insert(locations).values(demoLocations).onConflictDoNothing();
  await orm.insert(diningTables).values(demoTables).onConflictDoNothing();
  await orm
    .insert(tableTokens)
    .values(demoTables.map(({ tenantId, id, token }) => ({ tenantId, tableId: id, tokenHash: hashSecret(token) })))
    .onConflictDoNothing();
  await orm.insert(menuCategories).values(demoMenuCategories).onConflictDoNothing();
  await orm.insert(menuItems).values(demoMenuItems).onConflictDoNothing();
  await orm
    .insert(apiKeys)
    .values(demoKeys.map(({ secret, ...key }) => ({ ...key, keyHash: hashSecret(secret) })))
    .onConflictDoNothing();
}
