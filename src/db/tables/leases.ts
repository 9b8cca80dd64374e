import { pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/** Who runs a job that only one node at a time should run. */
export const leases = pgTable('leases', {
  name: text('name').primaryKey(),
  holder: text('holder').notNull(),
  expiresAt: timestamp('expires_at', { withTimezone: true, mode: 'string' }).notNull(),
});
