import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Where a secret belongs. It is sealed to this place and opens nowhere else: not for another row, nor another use. */
export interface SealedPlace {
  readonly tenantId: string;
  /** Of the row. */
  readonly id: string;
  /** What the secret is for, in our own constant words. */
  readonly purpose: string;
}

/** Keeps secrets that have to be read again, unlike credentials that are only compared: AES-256-GCM. */
export interface SecretBox {
  sealSecret(text: string, place: SealedPlace): Buffer;
  /** Throws UnopenableSecret when no key opens it here. */
  openSecret(sealed: Buffer, place: SealedPlace): string;
  /** True when another key than the present one sealed it. */
  needsResealing(sealed: Buffer): boolean;
}

/** Sealed with a key that is gone, meant for another place, or changed by somebody. */
export class UnopenableSecret extends Error {
  override readonly name = 'UnopenableSecret';
}

interface SealingKey {
  readonly key: Buffer;
  /** Tells which key sealed something; says nothing about the key. */
  readonly id: Buffer;
}

const version = 1;
const idLength = 4;
const nonceLength = 12;
const tagLength = 16;
const headLength = 1 + idLength;

/** Keys made of these texts: the first one seals, all of them open. */
export function createSecretBox(texts: readonly string[]): SecretBox {
  const keys = texts.map(deriveKey);
  const [present] = keys;
  if (!present) throw new Error('a secret box needs a key');

  return {
    sealSecret(text, place) {
      const head = Buffer.concat([Buffer.from([version]), present.id]);
      const nonce = randomBytes(nonceLength);
      const cipher = createCipheriv('aes-256-gcm', present.key, nonce).setAAD(boundTo(head, place));
      const content = [cipher.update(text, 'utf8'), cipher.final()];
      return Buffer.concat([head, nonce, ...content, cipher.getAuthTag()]);
    },
    openSecret(sealed, place) {
      for (const { key } of keys.filter(({ id }) => isSealedWith(sealed, id))) {
        const text = open(sealed, key, place);
        if (text !== undefined) return text;
      }
      throw new UnopenableSecret(
        `a sealed secret (${place.purpose} of ${place.id}) does not open with the keys at hand`,
      );
    },
    needsResealing: (sealed) => !isSealedWith(sealed, present.id),
  };
}

/** The texts are random and long, so one derivation step is enough; what is signed with the same text shares no key with us. */
function deriveKey(text: string): SealingKey {
  const derive = (use: string, length: number) =>
    Buffer.from(hkdfSync('sha256', text, '', `qr-session ${use}`, length));
  return { key: derive('sealed secrets', 32), id: derive('key id', idLength) };
}

function isSealedWith(sealed: Buffer, id: Buffer): boolean {
  return sealed[0] === version && sealed.subarray(1, headLength).equals(id);
}

function open(sealed: Buffer, key: Buffer, place: SealedPlace): string | undefined {
  if (sealed.length < headLength + nonceLength + tagLength) return undefined;
  const [head, rest] = [sealed.subarray(0, headLength), sealed.subarray(headLength)];
  const decipher = createDecipheriv('aes-256-gcm', key, rest.subarray(0, nonceLength), { authTagLength: tagLength });
  decipher.setAAD(boundTo(head, place)).setAuthTag(rest.subarray(-tagLength));
  const content = decipher.update(rest.subarray(nonceLength, -tagLength));
  try {
    return Buffer.concat([content, decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

/** Ids and purposes have no line breaks, so no two places read the same. */
function boundTo(head: Buffer, { tenantId, id, purpose }: SealedPlace): Buffer {
  return Buffer.concat([head, Buffer.from(`\n${purpose}\n${tenantId}\n${id}`)]);
}
