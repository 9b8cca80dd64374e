import type { DeviceId, LocationId, SessionId, TableId, TenantId } from './ids.js';

/** What an API key may do; each role includes those before it. */
export const roles = ['staff', 'cashier', 'manager'] as const;
export type Role = (typeof roles)[number];

/** A phone in one session. */
export interface DeviceScope {
  readonly kind: 'device';
  readonly tenantId: TenantId;
  readonly locationId: LocationId;
  readonly sessionId: SessionId;
  readonly deviceId: DeviceId;
}

/** A restaurant's key. Without `locationId` it works in every location of the tenant. */
export interface KeyScope {
  readonly kind: 'key';
  readonly tenantId: TenantId;
  readonly locationId: LocationId | null;
  readonly keyId: string;
  readonly role: Role;
  /** The person or post that acts: `X-Actor-Name`, else the key's own name. */
  readonly name: string;
  /** Several people use this key, so acts that need a name need the header. */
  readonly isShared: boolean;
  /** The request named the person. */
  readonly isNamed: boolean;
}

/** Somebody who has scanned a table's printed code: may open or join that table's session, nothing else. */
export interface TableScope {
  readonly kind: 'table';
  readonly tenantId: TenantId;
  readonly locationId: LocationId;
  readonly tableId: TableId;
}

/** Runs the installation; has no tenant of its own. */
export interface OperatorScope {
  readonly kind: 'operator';
  readonly keyId: string;
}

/** Who asks, as the credential proves it. */
export type Scope = DeviceScope | KeyScope | TableScope | OperatorScope | { readonly kind: 'nobody' };

/** Those who may act inside a session. */
export type SessionScope = DeviceScope | KeyScope;

/** True when the role includes the wanted one. */
export function hasRole(scope: KeyScope, wanted: Role): boolean {
  return roles.indexOf(scope.role) >= roles.indexOf(wanted);
}
