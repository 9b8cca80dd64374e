/** Moves a session, or the whole database's clock, through time. */
import type { Sql } from 'postgres';
import type { SessionId } from '../../src/domain/ids.js';

/** The session's time is over now: its whole life is shifted into the past, so that log and head stay of one mind. */
export async function endTime(sql: Sql, sessionId: SessionId): Promise<void> {
  await sql`
    WITH head AS (
      UPDATE qr_sessions SET expires_at = session_clock(), opened_at = opened_at - (expires_at - session_clock()),
        slid_at = slid_at - (expires_at - session_clock())
      WHERE id = ${sessionId} RETURNING id, opened_at
    )
    UPDATE session_events e SET created_at = head.opened_at FROM head WHERE e.session_id = head.id AND e.event_seq = 1`;
}

/**
 * Gives this database a clock that tests can set. Until the first `setClock` it is the real one; afterwards it stands
 * still at what was set.
 */
export async function installClock(sql: Sql): Promise<void> {
  await sql.unsafe(`
    CREATE TABLE test_clock (at timestamptz NOT NULL);
    CREATE OR REPLACE FUNCTION session_clock() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
      AS $$ SELECT coalesce((SELECT at FROM test_clock), date_trunc('milliseconds', now())) $$;`);
}

/** The database's time is this, in milliseconds since 1970, until it is set again. */
export async function setClock(sql: Sql, milliseconds: number): Promise<void> {
  await sql`
    WITH gone AS (DELETE FROM test_clock)
    INSERT INTO test_clock VALUES (to_timestamp(${milliseconds}::float8 / 1000))`;
}
