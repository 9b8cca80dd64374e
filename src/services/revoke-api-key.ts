import { type ApiKeyRow, revokeApiKey as revokeRow } from '../db/api-keys.js';
import type { TenantId } from '../domain/ids.js';
import { invalid, Rejection } from '../domain/rejection.js';
import type { Scope } from '../domain/scope.js';
import { requireManagement } from './access.js';
import type { Credentials } from './credentials.js';
import type { Deps } from './deps.js';

/**
 * Ends a key, by a manager or an operator: here at once, on other nodes within two seconds, and what it holds open within
 * five. A repeat changes nothing. The key of the request itself stays, so that nobody shuts himself out.
 */
export async function revokeApiKey(
  deps: Deps & { readonly credentials: Credentials },
  scope: Scope,
  wanted: { readonly tenantId?: TenantId | undefined; readonly keyId: string },
): Promise<ApiKeyRow> {
  const owner = requireManagement(scope, wanted.tenantId);
  const keyId = wanted.keyId.toLowerCase();
  if (scope.kind === 'key' && scope.keyId === keyId) {
    throw invalid([{ path: 'key_id', message: 'is the key of this very request: revoke it with another one' }]);
  }
  const key = await revokeRow(deps.orm, owner, keyId);
  deps.credentials.forget();
  if (!key) throw new Rejection('NOT_FOUND', 'there is no such key');
  return key;
}
