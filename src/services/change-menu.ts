import { type MenuPlace, readMenuRows, type VersionedRows, writeMenu } from '../db/menu-rows.js';
import type { LocationId } from '../domain/ids.js';
import { type MenuRows, menuWrite, placed } from '../domain/menu-edit.js';
import { unavailable } from '../domain/rejection.js';
import type { Role, Scope } from '../domain/scope.js';
import { noSuchLocation, requireKey, requireLocation } from './access.js';
import type { Deps } from './deps.js';

/** Whenever somebody else was quicker, the change is decided anew; one of those who meet always gets through. */
const mostTries = 40;

/** A menu that this key may work on. */
export function menuPlace(scope: Scope, locationId: LocationId, role: Role = 'manager'): MenuPlace {
  const { tenantId } = requireKey(scope, role);
  requireLocation(scope, locationId);
  return { tenantId, locationId };
}

/** The menu as it is kept now. */
export async function ownMenu(deps: Deps, place: MenuPlace): Promise<VersionedRows> {
  const rows = await readMenuRows(deps.orm, place);
  if (!rows) throw noSuchLocation();
  return rows;
}

/**
 * Changes a menu by a rule that makes one menu of another: all of it in one statement, on top of what it was decided on, and
 * obeyed by this node at once. Where nothing changes nothing is written.
 */
export async function changeMenu<M extends MenuRows>(
  deps: Deps,
  place: MenuPlace,
  decide: (menu: MenuRows) => M,
): Promise<M> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const { version, ...before } = await ownMenu(deps, place);
    const decided = decide(before);
    const write = menuWrite(before, decided);
    if (!write) return decided;
    if ((await writeMenu(deps.orm, place, { version, write })) === undefined) continue;
    deps.menus.forget(place.tenantId, place.locationId);
    return { ...decided, ...placed(decided) };
  }
  throw unavailable('others are changing this menu; try again');
}
