import { drizzle } from 'drizzle-orm/postgres-js';
import type { Sql } from 'postgres';
import { expect, test } from 'vitest';
import type { Orm } from '../../../src/db/connect.js';
import { findNamedOrder } from '../../../src/db/named-order.js';
import { asId, type TenantId } from '../../../src/domain/ids.js';

/** Connections on which every statement comes back with these rows. */
function answering(rows: readonly (readonly unknown[])[]): Orm {
  const answer = Object.assign(Promise.resolve(rows), { values: () => Promise.resolve(rows) });
  const client = { options: { parsers: {}, serializers: {} }, unsafe: () => answer } as unknown as Sql;
  return drizzle(client);
}

const tenantId = asId<TenantId>('01900000-0000-7000-8000-000000000001');
const order = { reference: 'QR3K7M2Q9T4X8ZAB', transactionId: '41' };

test('an answer that was lost is not taken for an order that is not there', async () => {
  await expect(findNamedOrder(answering([]), tenantId, order)).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
});

test('an order that is not there comes as a row of nothing', async () => {
  const nothing = Array.from({ length: 10 }, () => null);
  await expect(findNamedOrder(answering([nothing]), tenantId, order)).resolves.toBeUndefined();
});
