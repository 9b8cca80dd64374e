import type { DatabaseConfig } from './shape.js';
import type { ValuesOf } from './variable.js';
import { variables } from './variables.js';

/** The variables that a tool needs which only touches the database. */
export const databaseVariables = {
  DATABASE_URL: variables.DATABASE_URL,
  DATABASE_DIRECT_URL: variables.DATABASE_DIRECT_URL,
  DATABASE_PREPARE: variables.DATABASE_PREPARE,
  DATABASE_POOL_SIZE: variables.DATABASE_POOL_SIZE,
  MIGRATE_ON_START: variables.MIGRATE_ON_START,
  DATA_DIR: variables.DATA_DIR,
};

export function databaseConfig(values: ValuesOf<typeof databaseVariables>): DatabaseConfig {
  return {
    url: values.DATABASE_URL,
    directUrl: values.DATABASE_DIRECT_URL,
    prepare: values.DATABASE_PREPARE,
    poolSize: values.DATABASE_POOL_SIZE,
    migrateOnStart: values.MIGRATE_ON_START,
    dataDir: values.DATA_DIR,
  };
}
