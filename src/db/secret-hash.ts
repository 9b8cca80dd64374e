import { createHash } from 'node:crypto';

/** How a credential is stored: secrets have 128 random bits or more, so a plain SHA-256 is enough. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
