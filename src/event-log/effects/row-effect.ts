import type { SessionWrite } from '../session-write.js';

export type Cell = string | number | null;

/** Rows that a batch writes besides its events, for the sessions that moved. */
export interface RowEffect {
  /** Names its part of the statement. */
  readonly name: string;
  /** Names and array types of its columns; `tenant_id` and `session_id` come first. */
  readonly columns: Readonly<Record<string, 'uuid' | 'text' | 'int' | 'bigint'>>;
  /** `source` gives the rows as `r`; `moved` keeps those of sessions that moved. */
  readonly sql: (source: string, moved: string) => string;
  readonly rows: (write: SessionWrite) => readonly (readonly Cell[])[];
}
