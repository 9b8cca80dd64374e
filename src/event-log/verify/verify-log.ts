import type { Sql } from 'postgres';
import type { SessionId, TenantId } from '../../domain/ids.js';
import type { Fault } from './check-row.js';
import { checkSession, type SessionCheck } from './check-session.js';
import { type LogPart, type LogRow, readEmptySessions, readLog, tenantOf } from './read-log.js';

/** Something that is wrong, with its place. */
export interface FoundFault extends Fault {
  readonly tenantId: TenantId;
  readonly sessionId: SessionId;
}

export interface VerifyOptions extends LogPart {
  /** Folds the log as well, and holds checkpoints and figures of the heads against it. */
  readonly isDeep: boolean;
  /** Hears of every fault as it is found. */
  readonly found: (fault: FoundFault) => void;
  /** Rows that are in memory at a time. */
  readonly pageRows?: number;
}

export interface Verified {
  readonly events: number;
  readonly sessions: number;
  readonly faults: number;
}

const usualPageRows = 2_000;

/** Holds every row of the log against what was sealed, in order, a page at a time; others may write on meanwhile. */
export async function verifyLog(sql: Sql, options: VerifyOptions): Promise<Verified> {
  const reading = { withCheckpoints: options.isDeep, pageRows: options.pageRows ?? usualPageRows };
  const seen = { events: 0, sessions: 0, faults: 0 };
  const tell = ({ tenantId, sessionId }: Pick<LogRow, 'tenantId' | 'sessionId'>, fault: Fault): void => {
    seen.faults += 1;
    options.found({ ...fault, tenantId, sessionId });
  };
  const part = await partOf(sql, options);
  let last: LogRow | undefined;
  let check: SessionCheck | undefined;
  for await (const row of readLog(sql, part, reading)) {
    if (!last || row.sessionId !== last.sessionId || row.tenantId !== last.tenantId) {
      check?.end(last?.head);
      seen.sessions += 1;
      check = checkSession(row, (fault) => tell(row, fault), options.isDeep);
    }
    last = row;
    if (row.isAgain) continue;
    seen.events += 1;
    check?.row(row);
  }
  check?.end(last?.head);
  for await (const empty of readEmptySessions(sql, part, reading)) {
    seen.sessions += 1;
    tell(empty, { seq: 1, what: 'head', text: `has no event at all, but its head says ${empty.lastSeq}` });
  }
  return seen;
}

/** One session is found at once when its tenant is known. */
async function partOf(sql: Sql, { tenantId, sessionId }: LogPart): Promise<LogPart> {
  if (sessionId === undefined || tenantId !== undefined) return { tenantId, sessionId };
  return { sessionId, tenantId: await tenantOf(sql, sessionId) };
}
