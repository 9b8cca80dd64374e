import { createHash } from 'node:crypto';
import { canonicalJson } from '../domain/canonical-json.js';

/**
 * SHA-256 (hex) over what makes two requests the same: the operation, the actor, and the parsed content. Key order, white
 * space, `expected_seq` and the wished form of the answer do not count.
 */
export function fingerprintOf(request: { operation: string; actor: string; content: unknown }): string {
  return createHash('sha256').update(canonicalJson(request)).digest('hex');
}
