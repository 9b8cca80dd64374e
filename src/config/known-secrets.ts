import type { BankAccount, MomoSecrets, VnpaySecrets, ZalopaySecrets } from './shape.js';

/** The public sandbox account that MoMo prints in its samples. */
export const MOMO_SANDBOX: MomoSecrets = {
  partnerCode: 'MOMO',
  accessKey: 'F8BBA842ECF85',
  secretKey: 'K951B6PE1waDMi640xX08PD3vg6EkVlz',
};

/** Invented: VNPay publishes no shared sandbox account. */
export const VNPAY_INVENTED: VnpaySecrets = {
  tmnCode: 'LAWDEV01',
  hashSecret: 'MADEUPDEVSECRETVNPAY000000000001',
};

/** The public sandbox app that ZaloPay prints in its documentation. */
export const ZALOPAY_SANDBOX: ZalopaySecrets = {
  appId: '2553',
  key1: 'PcY4iZIKFCIdgZvA6ueMcMHHUbRLYjPL',
  key2: 'kLtgPl8HHhfvMuDHPwKfgfsY4Ydm9eIz',
};

/** Invented, as is the account that the demo's transfer codes show: nobody waits for money there. */
export const SEPAY_INVENTED = 'MADEUPDEVSECRETSEPAY000000000001';
export const SAMPLE_BANK: BankAccount = { bin: '999999', account: 'DEMO0001', name: 'PHO MAI' };

/** Payment secrets that anybody can read on the internet: whoever has them can report money that never came. */
const PUBLIC_PAYMENT_SECRETS: ReadonlySet<string> = new Set([
  MOMO_SANDBOX.accessKey,
  MOMO_SANDBOX.secretKey,
  'klm05TvNBzhg7h7j',
  'at67qH6mk8w5Y1nAyMoYKMWACiEi2bsa',
  'mTCKt9W3eU1m39TW',
  'SetA5RDnLHvt51AULf51DyauxUo3kDU6',
  VNPAY_INVENTED.tmnCode,
  VNPAY_INVENTED.hashSecret,
  ZALOPAY_SANDBOX.appId,
  ZALOPAY_SANDBOX.key1,
  ZALOPAY_SANDBOX.key2,
  SAMPLE_BANK.account,
]);

export function isPublicPaymentSecret(value: string): boolean {
  return PUBLIC_PAYMENT_SECRETS.has(value) || value.includes('MADEUP');
}

/** Keys of the demo restaurant, all documented with their values. */
export function isDemoKey(value: string): boolean {
  return value.startsWith('demo-');
}

const PLACEHOLDER = /change[-_ ]?me|^(secret|password|default|example|insecure|dev|test|demo|your)([-_.]|$)/i;

/** A secret that was copied from an example or typed with one finger. */
export function isPlaceholder(value: string): boolean {
  return PLACEHOLDER.test(value) || /^<.*>$/.test(value) || new Set(value).size < 5;
}
