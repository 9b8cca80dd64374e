import type { LocationId, SessionId, TenantId } from '../domain/ids.js';
import { noSuchSession } from '../domain/decide.js';
import { invalid, Rejection } from '../domain/rejection.js';
import {
  hasRole,
  type KeyScope,
  type OperatorScope,
  type Role,
  type Scope,
  type SessionScope,
} from '../domain/scope.js';

/** The one place that says what each kind of credential may reach. What it may do inside a session is in `domain/decide`. */

/** A key of at least this role, or 401 / 403. */
export function requireKey(scope: Scope, role: Role): KeyScope {
  if (scope.kind === 'nobody') throw unauthenticated();
  if (scope.kind !== 'key' || !hasRole(scope, role)) throw new Rejection('FORBIDDEN', `this takes a ${role} key`);
  return scope;
}

/** A key of at least this role, whose person is known by name: for acts that somebody answers for. */
export function requirePerson(scope: Scope, role: Role): KeyScope {
  const key = requireKey(scope, role);
  if (key.isShared && !key.isNamed) {
    throw invalid([{ path: 'X-Actor-Name', message: 'is required, because several people use this key' }]);
  }
  return key;
}

/** What somebody may administer: all of a tenant's, or the one location that the key is bound to. */
export interface Stewardship {
  readonly tenantId: TenantId;
  readonly locationId: LocationId | null;
}

/** A manager's own restaurant, or the one that an operator names. */
export function requireManagement(scope: Scope, named: TenantId | undefined): Stewardship {
  if (scope.kind === 'operator') {
    if (named === undefined) throw invalid([{ path: 'tenant_id', message: 'is required with an operator key' }]);
    return { tenantId: named, locationId: null };
  }
  const { tenantId, locationId } = requireKey(scope, 'manager');
  if (named !== undefined && named !== tenantId) throw noSuchTenant();
  return { tenantId, locationId };
}

/** A manager of this location. A foreign location looks like none. */
export function requireManagerAt(scope: Scope, locationId: LocationId): KeyScope {
  const key = requireKey(scope, 'manager');
  if (key.locationId !== null && key.locationId !== locationId) throw noSuchLocation();
  return key;
}

/** An operator's key, or 401 / 403. */
export function requireOperator(scope: Scope): OperatorScope {
  if (scope.kind === 'nobody') throw unauthenticated();
  if (scope.kind !== 'operator') throw new Rejection('FORBIDDEN', 'this takes an operator key');
  return scope;
}

/** A credential that may act in this session: its own phone, or a key. Another session's phone sees nothing here. */
export function requireSession(scope: Scope, sessionId: SessionId): SessionScope {
  if (scope.kind === 'nobody') throw unauthenticated();
  if (scope.kind === 'key') return scope;
  if (scope.kind !== 'device')
    throw new Rejection('FORBIDDEN', 'this takes a device token of the session, or a staff key');
  if (scope.sessionId !== sessionId) throw noSuchSession();
  return scope;
}

/** The tenant of somebody who may see this location. A foreign location looks like none. */
export function requireLocation(scope: Scope, locationId: LocationId): Exclude<Scope, { kind: 'nobody' | 'operator' }> {
  if (scope.kind === 'nobody') throw unauthenticated();
  if (scope.kind === 'operator') throw new Rejection('FORBIDDEN', 'an operator key belongs to no restaurant');
  if (scope.locationId !== null && scope.locationId !== locationId) throw noSuchLocation();
  return scope;
}

export function noSuchTenant(): Rejection {
  return new Rejection('NOT_FOUND', 'there is no such tenant');
}

export function noSuchTable(): Rejection {
  return new Rejection('NOT_FOUND', 'there is no such table');
}

export function noSuchLocation(): Rejection {
  return new Rejection('NOT_FOUND', 'there is no such location');
}

export function unauthenticated(): Rejection {
  return new Rejection('UNAUTHENTICATED', 'send a valid credential as "Authorization: Bearer ..."');
}
