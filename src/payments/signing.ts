import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export type HmacAlgorithm = 'sha256' | 'sha512';

const hex = /^[0-9a-f]+$/i;

/** The HMAC of a text (as UTF-8) or of bytes, in lower-case hex. */
export function hmacHex(algorithm: HmacAlgorithm, key: string, signed: string | Buffer): string {
  return createHmac(algorithm, key).update(signed).digest('hex');
}

/**
 * Whether what came as a signature is the digest that it should be. Either case of hex; the bytes are compared, in a time
 * that tells nothing of where they differ.
 */
export function isSameDigest(given: unknown, expectedHex: string): boolean {
  if (typeof given !== 'string' || given.length !== expectedHex.length || !hex.test(given)) return false;
  return timingSafeEqual(Buffer.from(given, 'hex'), Buffer.from(expectedHex, 'hex'));
}

/** Whether two secrets are the same: of digests, so that not even their lengths are told. */
export function isSameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
