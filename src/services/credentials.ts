import { findApiKey, noteKeyUse } from '../db/api-keys.js';
import type { Orm } from '../db/connect.js';
import { findTableByToken } from '../db/locations.js';
import { hashSecret } from '../db/secret-hash.js';
import type { Scope, TableScope } from '../domain/scope.js';
import type { SessionTokens } from './session-tokens.js';

/** Turns secrets into scopes. Secrets are looked up by their hash; what was found is believed for two seconds. */
export interface Credentials {
  /** The scope of a bearer token; undefined if it proves nothing. */
  ofBearer(token: string): Promise<Scope | undefined>;
  /** How a key is named where it must not be shown. */
  hashOf(key: string): string;
  /** The scope of the key with this hash; undefined once it is revoked. */
  ofKeyHash(hash: string): Promise<Scope | undefined>;
  /** The table that a printed code stands for. */
  ofTableToken(token: string): Promise<TableScope | undefined>;
  /** To be called after keys, tokens or places are ended: this node obeys at once, all others within two seconds. */
  forget(): void;
}

/** Revoking a key takes effect within this time on every node. */
const believedMs = 2_000;
const maxBelieved = 10_000;
/** A key's use is noted no more often. */
const notedMs = 60_000;

export function createCredentials(orm: Orm, tokens: SessionTokens): Credentials {
  const believed = new Map<string, { readonly scope: Promise<Scope | undefined>; readonly at: number }>();

  /** Asks once for all who present the same secret meanwhile. */
  function remember(name: string, ask: () => Promise<Scope | undefined>): Promise<Scope | undefined> {
    const known = believed.get(name);
    if (known && performance.now() - known.at < believedMs) return known.scope;
    if (believed.size >= maxBelieved) believed.clear();
    const scope = ask();
    believed.set(name, { scope, at: performance.now() });
    scope.catch(() => believed.delete(name));
    return scope;
  }

  const noted = new Map<string, number>();

  /** Nobody waits for it, and nobody is refused because of it. */
  function noteUse(hash: string): void {
    const at = noted.get(hash);
    if (at !== undefined && performance.now() - at < notedMs) return;
    if (noted.size >= maxBelieved) noted.clear();
    noted.set(hash, performance.now());
    noteKeyUse(orm, Buffer.from(hash, 'base64url')).catch(() => noted.delete(hash));
  }

  async function ofTableToken(token: string): Promise<TableScope | undefined> {
    const hash = hashSecret(token);
    const scope = await remember(`table ${hash.toString('base64')}`, async () => {
      const table = await findTableByToken(orm, hash);
      return table && { kind: 'table', tenantId: table.tenantId, locationId: table.locationId, tableId: table.id };
    });
    return scope?.kind === 'table' ? scope : undefined;
  }

  const hashOf = (key: string) => hashSecret(key).toString('base64url');
  const ofKeyHash = (hash: string) => remember(`key ${hash}`, () => findKeyScope(orm, Buffer.from(hash, 'base64url')));

  return {
    ofTableToken,
    hashOf,
    ofKeyHash,
    forget: () => believed.clear(),
    async ofBearer(token) {
      if (looksLikeJwt(token)) return tokens.readDeviceToken(token);
      const hash = hashOf(token);
      const key = await ofKeyHash(hash);
      if (key) noteUse(hash);
      return key ?? ofTableToken(token);
    },
  };
}

async function findKeyScope(orm: Orm, hash: Buffer): Promise<Scope | undefined> {
  const key = await findApiKey(orm, hash);
  if (!key) return undefined;
  const { id: keyId, tenantId, locationId, role, name } = key;
  if (role === 'operator') return { kind: 'operator', keyId };
  if (!tenantId) throw new Error(`key ${keyId} has a role but no tenant`);
  return { kind: 'key', keyId, tenantId, locationId, role, name, isShared: key.shared, isNamed: false };
}

function looksLikeJwt(token: string): boolean {
  return token.startsWith('eyJ') && token.split('.').length === 3;
}
