import type { MerchantAccountRow } from '../db/merchant-accounts.js';
import { type SecretBox, UnopenableSecret } from './secret-box.js';

/** The secrets of an account as they were put in. */
export interface AccountSecrets {
  readonly secrets: object;
  /** RFC 3339. */
  readonly setAt: string;
}

type AccountPlace = Pick<MerchantAccountRow, 'tenantId' | 'id'>;

/** Seals an account's secrets to its row. */
export function sealAccountSecrets(box: SecretBox, place: AccountPlace, { secrets, setAt }: AccountSecrets): Buffer {
  return box.sealSecret(JSON.stringify({ secrets, set_at: setAt }), placeOf(place));
}

/** Throws UnopenableSecret. */
export function openAccountSecrets(box: SecretBox, place: AccountPlace, sealed: Buffer): AccountSecrets {
  // Only what we sealed ourselves opens.
  const { secrets, set_at: setAt } = JSON.parse(box.openSecret(sealed, placeOf(place))) as {
    secrets: object;
    set_at: string;
  };
  return { secrets, setAt };
}

/** Undefined where the key is gone: then only new secrets help. */
export function tryAccountSecrets(box: SecretBox, place: AccountPlace, sealed: Buffer): AccountSecrets | undefined {
  try {
    return openAccountSecrets(box, place, sealed);
  } catch (error) {
    if (error instanceof UnopenableSecret) return undefined;
    throw error;
  }
}

function placeOf({ tenantId, id }: AccountPlace) {
  return { tenantId, id, purpose: 'merchant account' };
}
