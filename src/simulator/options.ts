import type { FastifyBaseLogger } from 'fastify';

/** What the simulated providers know of the merchant: the same secrets as the server under test. */
export interface MerchantSecrets {
  readonly momo?: MomoMerchant | undefined;
  readonly vnpay?: VnpayMerchant | undefined;
  readonly zalopay?: ZalopayMerchant | undefined;
  readonly sepay?: SepayMerchant | undefined;
}

export interface MomoMerchant {
  readonly partnerCode: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

export interface VnpayMerchant {
  readonly tmnCode: string;
  readonly hashSecret: string;
  /** The registered address of notices; the real one is registered with VNPay too. Default `/webhooks/vnpay`. */
  readonly ipnPath?: string | undefined;
}

export interface ZalopayMerchant {
  readonly appId: string;
  readonly key1: string;
  readonly key2: string;
}

export interface SepayMerchant {
  readonly secret: string;
  /** The account that is watched; the one of a scanned code wins. */
  readonly accountNumber: string;
  readonly webhookPath?: string | undefined;
}

/** Times of the real providers, shortened. */
export interface Pace {
  /** Between two calls of VNPay and ZaloPay about the same notice. */
  readonly retryMs: number;
  /** One step of SePay's Fibonacci spacing. */
  readonly bankStepMs: number;
  /** From the acceptance of a refund at VNPay or ZaloPay to its success. */
  readonly refundMs: number;
  /** VNPay answers 94 to a question about the same order that comes sooner; 0: never. */
  readonly queryEveryMs: number;
  /** How long an answer to a notice may take. */
  readonly timeoutMs: number;
}

export const defaultPace: Pace = {
  retryMs: 2_000,
  bankStepMs: 1_000,
  refundMs: 1_000,
  queryEveryMs: 0,
  timeoutMs: 15_000,
};

export interface SimulatorOptions {
  /** Base address for links that guests open, without a slash at its end. */
  readonly publicUrl: () => string;
  /** This server as it reaches itself; notices go nowhere else. */
  readonly address: () => string;
  readonly secrets: MerchantSecrets;
  readonly log: FastifyBaseLogger;
  readonly pace?: Partial<Pace> | undefined;
  readonly now?: (() => number) | undefined;
}
