import { customType } from 'drizzle-orm/pg-core';

/** Raw bytes: hashes and salts. */
export const bytea = customType<{ data: Buffer; driverData: Buffer | string }>({
  dataType: () => 'bytea',
  toDriver: (bytes) => `\\x${bytes.toString('hex')}`,
  fromDriver: (value) => (typeof value === 'string' ? Buffer.from(value.slice(2), 'hex') : value),
});
