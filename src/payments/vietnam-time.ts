/** Vietnam has been at UTC+7 all year round since 1975. Everything here is arithmetic, so the server's own zone is no matter. */
const offset = 7 * 60 * 60 * 1000;

/** The day in Vietnam at this moment: `yymmdd`. */
export function vietnamDay(at: number): string {
  return vietnamTimestamp(at).slice(2, 8);
}

/** The time in Vietnam at this moment: `yyyyMMddHHmmss`. */
export function vietnamTimestamp(at: number): string {
  return new Date(at + offset).toISOString().slice(0, 19).replace(/\D/g, '');
}
