import { afterEach } from 'vitest';
import { type ApiOptions, type RunningApi, startApi } from './api.js';
import { createTestDatabase } from './database.js';

/** Servers for single tests, on as many databases as they like. */
export interface NodeLab {
  /** The address of a new database. */
  newDatabase(): Promise<string>;
  /** A server on that database. */
  start(databaseUrl: string, options?: ApiOptions): Promise<RunningApi>;
  /** Done behind the test, before what was made earlier is taken away. */
  later(undo: () => Promise<unknown>): void;
}

/** Whatever a test makes is gone behind it, the newest first. */
export function useNodes(): NodeLab {
  const undo: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const each of undo.splice(0).reverse()) await each();
  });
  return {
    async newDatabase() {
      const database = await createTestDatabase();
      undo.push(() => database.drop());
      return database.url;
    },
    async start(databaseUrl, options = {}) {
      const api = await startApi({ ...options, databaseUrl });
      undo.push(() => api.stop());
      return api;
    },
    later: (each) => void undo.push(each),
  };
}
