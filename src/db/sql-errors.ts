/** Errors that say nothing about the statement itself: the same statement may succeed on another try. */
const transientCodes = new Set([
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '55P03', // lock_not_available: lock_timeout
  '25006', // read_only_sql_transaction: a standby, for as long as a failover takes
  '53300', // too_many_connections
  '57014', // query_canceled: our own watchdog or statement_timeout
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
]);

/** SQLSTATE, or the driver's or system's own code; drizzle hides it one level down. */
export function sqlCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'cause' in error ? sqlCode(error.cause) : undefined;
}

/** True when the outcome is unknown or the database is away, so that a retry with the same key is right. */
export function isTransient(error: unknown): boolean {
  const code = sqlCode(error);
  return code !== undefined && (transientCodes.has(code) || code.startsWith('08'));
}

/** True for a unique violation: somebody else wrote the same key or seq first. */
export function isDuplicate(error: unknown): boolean {
  return sqlCode(error) === '23505';
}
