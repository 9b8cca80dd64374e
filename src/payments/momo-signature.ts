import type { MerchantAccount } from './provider.js';
import { hmacHex, isSameDigest } from './signing.js';

export interface MomoSettings {
  readonly partner_code: string;
}

export interface MomoSecrets {
  readonly access_key: string;
  readonly secret_key: string;
}

export type MomoAccount = MerchantAccount<MomoSettings, MomoSecrets>;

/** What MoMo signs of a result, besides the access key. */
export const signedTexts = [
  'extraData',
  'message',
  'orderId',
  'orderInfo',
  'orderType',
  'partnerCode',
  'payType',
  'requestId',
] as const;
export const signedNumbers = ['amount', 'responseTime', 'resultCode', 'transId'] as const;

/** The signed part of a result, each field as it stands in the signed text. */
export type MomoResult = Readonly<Record<(typeof signedTexts)[number] | (typeof signedNumbers)[number], string>>;

type Fields = Readonly<Record<string, string | number | bigint>>;

const frame = new RegExp(`&(?:${['accessKey', ...signedTexts, ...signedNumbers].join('|')})=`);

/** What is signed: `name=value` in the order of the names, the access key among them, and nothing escaped. */
export function momoSignedText(accessKey: string, fields: Fields): string {
  return Object.entries({ accessKey, ...fields })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** The fields of a request with the signature over them. */
export function signedByUs<F extends Fields>(account: MomoAccount, fields: F): F & { readonly signature: string } {
  const [{ access_key: accessKey, secret_key: secretKey }] = account.secrets;
  return { ...fields, signature: hmacHex('sha256', secretKey, momoSignedText(accessKey, fields)) };
}

/** Whether MoMo signed this result for this account; undefined if so, else why it cannot be believed. */
export function resultFault(account: MomoAccount, result: MomoResult, signature: unknown): string | undefined {
  if (Object.values(result).some((value) => frame.test(value))) {
    // The same signed text can then be cut into fields in several ways, and the signature holds for each of them.
    return 'a value contains the beginning of another signed field';
  }
  if (result.partnerCode !== account.settings.partner_code) return 'it is about another partner code';
  const isSigned = account.secrets.some(({ access_key: accessKey, secret_key: secretKey }) =>
    isSameDigest(signature, hmacHex('sha256', secretKey, momoSignedText(accessKey, result))),
  );
  return isSigned ? undefined : 'the signature is not of these fields and our secret';
}
