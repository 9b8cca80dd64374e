import type { MerchantAccount } from './provider.js';
import { hmacHex, isSameDigest } from './signing.js';

export interface ZalopaySettings {
  readonly app_id: string;
}

export interface ZalopaySecrets {
  /** Signs what we ask. */
  readonly key1: string;
  /** Signs what ZaloPay tells. */
  readonly key2: string;
}

export type ZalopayAccount = MerchantAccount<ZalopaySettings, ZalopaySecrets>;

type Values = readonly (string | number)[];

/** What is signed: values with bars between them. */
export function zalopaySignedText(values: Values): string {
  return values.join('|');
}

/** The mac of a request. */
export function requestMac({ secrets: [{ key1 }] }: ZalopayAccount, values: Values): string {
  return hmacHex('sha256', key1, zalopaySignedText(values));
}

/** The mac of a question about an order, which has the key also inside of what is signed. */
export function questionMac(account: ZalopayAccount, orderId: string): string {
  return requestMac(account, [account.settings.app_id, orderId, account.secrets[0].key1]);
}

/** Whether ZaloPay signed this text for this account. */
export function isSignedByZalopay(account: ZalopayAccount, text: string, mac: unknown): boolean {
  return account.secrets.some(({ key2 }) => isSameDigest(mac, hmacHex('sha256', key2, text)));
}
