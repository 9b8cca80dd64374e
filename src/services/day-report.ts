import { type DayReportRow, readDayReport } from '../db/day-report.js';
import { isCalendarDate } from '../domain/calendar.js';
import type { LocationId } from '../domain/ids.js';
import { invalid } from '../domain/rejection.js';
import type { Scope } from '../domain/scope.js';
import { noSuchLocation, requireKey, requireLocation } from './access.js';
import type { Deps } from './deps.js';

export type { DayReportRow };

/** What a location took in and gave back on one of its local days. For cashiers. */
export async function dayReport(
  deps: Deps,
  scope: Scope,
  { locationId, date }: { readonly locationId: LocationId; readonly date: string },
): Promise<DayReportRow> {
  const caller = requireKey(scope, 'cashier');
  requireLocation(caller, locationId);
  if (!isCalendarDate(date)) throw invalid([{ path: 'date', message: 'must be a day of the calendar: 2026-01-31' }]);
  const report = await readDayReport(deps.orm, {
    ...{ tenantId: caller.tenantId, locationId, date },
    withUnplaced: caller.locationId === null,
  });
  if (!report) throw noSuchLocation();
  return report;
}
