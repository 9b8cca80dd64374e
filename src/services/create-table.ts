import { z } from 'zod';
import { type CodedTable, insertTable, maxTables } from '../db/dining-tables.js';
import { findLocation } from '../db/locations.js';
import { isDuplicate } from '../db/sql-errors.js';
import { asId, type LocationId, type TableId } from '../domain/ids.js';
import { invalid, type Rejection } from '../domain/rejection.js';
import type { Scope } from '../domain/scope.js';
import { noSuchLocation, requireManagerAt } from './access.js';
import type { Deps } from './deps.js';
import { nameOf, readFields } from './read-fields.js';
import { newTableToken } from './table-codes.js';

export const tableFields = z.object({ name: nameOf(40) });

/** Puts a table up with a code of its own, by a manager of the location. */
export async function createTable(
  deps: Deps,
  scope: Scope,
  wanted: { readonly locationId: LocationId; readonly name: string },
): Promise<CodedTable> {
  const { locationId } = wanted;
  const { tenantId } = requireManagerAt(scope, locationId);
  const { name } = readFields(tableFields, { name: wanted.name });
  const location = await findLocation(deps.orm, tenantId, locationId);
  if (!location) throw noSuchLocation();
  const place = { tenantId, id: asId<TableId>(deps.newId()) };
  const token = newTableToken(deps.box, place);
  const isMade = await insertTable(deps.orm, { ...place, locationId, name }, token).catch(refuseTakenName);
  if (!isMade) throw invalid([{ path: 'location_id', message: `has ${maxTables} tables, which is the most` }]);
  return { ...place, locationId, name, guestUrl: location.guestUrl, sealedToken: token.sealedToken };
}

/** The database says so, whoever was first. */
export function refuseTakenName(error: unknown): never {
  if (isDuplicate(error)) throw nameTaken();
  throw error;
}

function nameTaken(): Rejection {
  return invalid([{ path: 'name', message: 'is the name of another table of this location' }]);
}
