import { customType } from 'drizzle-orm/pg-core';

/** Raw bytes: hashes and salts. The driver writes them; text in its own notation it would encode once more. */
export const bytea = customType<{ data: Buffer; driverData: Buffer }>({
  dataType: () => 'bytea',
});
