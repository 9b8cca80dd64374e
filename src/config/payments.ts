import { MOMO_SANDBOX, VNPAY_INVENTED, ZALOPAY_SANDBOX } from './known-secrets.js';
import type { PaymentVariable, PaymentValues } from './payment-variables.js';
import type { PaymentsConfig } from './shape.js';

const LIVE = {
  momo: 'https://payment.momo.vn',
  vnpayPay: 'https://pay.vnpay.vn/vpcpay.html',
  vnpayApi: undefined,
  zalopay: 'https://openapi.zalopay.vn',
};
const SANDBOX = {
  momo: 'https://test-payment.momo.vn',
  vnpayPay: 'https://sandbox.vnpayment.vn/paymentv2/vpcpay.html',
  vnpayApi: 'https://sandbox.vnpayment.vn/merchant_webapi/api/transaction',
  zalopay: 'https://sb-openapi.zalopay.vn',
};
const SIMULATOR = { momo: undefined, vnpayPay: undefined, vnpayApi: undefined, zalopay: undefined };

/** Credentials that make sense only together. */
const SETS: readonly (readonly PaymentVariable[])[] = [
  ['MOMO_PARTNER_CODE', 'MOMO_ACCESS_KEY', 'MOMO_SECRET_KEY'],
  ['VNPAY_TMN_CODE', 'VNPAY_HASH_SECRET'],
  ['ZALOPAY_APP_ID', 'ZALOPAY_KEY1', 'ZALOPAY_KEY2'],
];

/** The default merchant accounts: the environment's values win, with demo the sandbox values fill the rest. */
export function paymentsConfig(values: PaymentValues, mode: { demo: boolean; production: boolean }): PaymentsConfig {
  const urls = mode.demo ? SIMULATOR : mode.production ? LIVE : SANDBOX;
  const momo = complete({
    partnerCode: values.MOMO_PARTNER_CODE ?? (mode.demo ? MOMO_SANDBOX.partnerCode : undefined),
    accessKey: values.MOMO_ACCESS_KEY ?? (mode.demo ? MOMO_SANDBOX.accessKey : undefined),
    secretKey: values.MOMO_SECRET_KEY ?? (mode.demo ? MOMO_SANDBOX.secretKey : undefined),
  });
  const vnpay = complete({
    tmnCode: values.VNPAY_TMN_CODE ?? (mode.demo ? VNPAY_INVENTED.tmnCode : undefined),
    hashSecret: values.VNPAY_HASH_SECRET ?? (mode.demo ? VNPAY_INVENTED.hashSecret : undefined),
  });
  const zalopay = complete({
    appId: values.ZALOPAY_APP_ID ?? (mode.demo ? ZALOPAY_SANDBOX.appId : undefined),
    key1: values.ZALOPAY_KEY1 ?? (mode.demo ? ZALOPAY_SANDBOX.key1 : undefined),
    key2: values.ZALOPAY_KEY2 ?? (mode.demo ? ZALOPAY_SANDBOX.key2 : undefined),
  });
  return {
    momo: momo && { ...momo, apiUrl: values.MOMO_API_URL ?? urls.momo },
    vnpay: vnpay && {
      ...vnpay,
      payUrl: values.VNPAY_PAY_URL ?? urls.vnpayPay,
      apiUrl: values.VNPAY_API_URL ?? urls.vnpayApi,
    },
    zalopay: zalopay && { ...zalopay, apiUrl: values.ZALOPAY_API_URL ?? urls.zalopay },
    sepay: values.SEPAY_SECRET === undefined ? undefined : { secret: values.SEPAY_SECRET },
  };
}

/** Half an account is a typing mistake: name what is missing and what it belongs to. */
export function missingCredentials(values: PaymentValues): readonly { name: PaymentVariable; with: PaymentVariable }[] {
  return SETS.flatMap((names) => {
    const given = names.find((name) => values[name] !== undefined);
    if (!given) return [];
    return names.filter((name) => values[name] === undefined).map((name) => ({ name, with: given }));
  });
}

function complete<T extends Readonly<Record<string, string | undefined>>>(
  account: T,
): { readonly [K in keyof T]: string } | undefined {
  const whole = Object.values(account).every((value) => value !== undefined);
  // Every field was just seen to be a string.
  return whole ? (account as { readonly [K in keyof T]: string }) : undefined;
}
