import type { z } from 'zod';
import type { PaymentMethod } from '../domain/payment.js';
import type { LocationId, TenantId } from '../domain/ids.js';
import type { Amount } from '../domain/money.js';

/**
 * A payment provider: everything that is particular to it. Adapters know no database and no session; what they are given
 * they sign, what they get they verify and put into our words. Times are milliseconds since 1970, amounts minor units.
 */
export interface PaymentProvider<Settings extends object = object, Secrets extends object = object> {
  /** Stored with each payment. */
  readonly name: string;
  /** Its webhooks come to `/webhooks/{route}`. */
  readonly route: string;
  readonly method: PaymentMethod;
  /** What an account has to say, besides its secrets; snake_case, strict. */
  readonly settings: z.ZodType<Settings>;
  readonly secrets: z.ZodType<Secrets>;
  /** What it can carry; the currency is VND for all of them. */
  readonly payable: { readonly min: Amount; readonly max: Amount };
  /** How long a guest has to pay, in seconds. */
  readonly payWithinSeconds: number;
  /** The reference under which a payment goes to the provider, made of our own one at this moment. */
  readonly referenceFor: (minted: string, now: number) => string;
  /** Asks for what the guest pays with. Throws ProviderFailure. */
  readonly createOrder: (
    account: MerchantAccount<Settings, Secrets>,
    order: OrderToPay,
    http: ProviderHttp,
  ) => Promise<CreatedOrder>;
  readonly webhookMethod: 'GET' | 'POST';
  /** CPU only: is it signed by the provider, for this account, and what does it say. Never throws. */
  readonly verify: (account: MerchantAccount<Settings, Secrets>, request: WebhookRequest) => Verification;
  /** The provider's own answer to what came of a webhook, byte for byte. */
  readonly acknowledge: (result: WebhookResult) => WebhookAnswer;
  /** Whether what came back with a notice is what was sent (`sent` is `CreatedOrder.sent`). */
  readonly isEchoIntact?: (notice: Notice, sent: Readonly<Record<string, unknown>>) => boolean;
  /** Asks what became of an order; absent where nobody can be asked. Throws ProviderFailure. */
  readonly queryOrder?: (
    account: MerchantAccount<Settings, Secrets>,
    order: SentOrder,
    http: ProviderHttp,
  ) => Promise<Notice>;
  /**
   * What a refund will be asked about by, where asking for it twice could give money back twice: it is kept before the call, so
   * that a call that was interrupted is asked about and never made again.
   */
  readonly nameRefund?: (account: MerchantAccount<Settings, Secrets>, refund: RefundOrder) => RefundResult['sent'];
  /** Gives money back; absent where only people can. Throws ProviderFailure when the outcome is not known. */
  readonly refund?: (
    account: MerchantAccount<Settings, Secrets>,
    refund: RefundOrder,
    http: ProviderHttp,
  ) => Promise<RefundResult>;
  /** Asks what became of a refund; absent where the answer to `refund` is final. */
  readonly queryRefund?: (
    account: MerchantAccount<Settings, Secrets>,
    refund: SentRefund,
    http: ProviderHttp,
  ) => Promise<RefundResult>;
  /** What the guest's browser brings back, for display only; undefined: not signed by the provider. */
  readonly readReturn: (account: MerchantAccount<Settings, Secrets>, query: string) => ReturnVisit | undefined;
}

/** An account with a provider. */
export interface MerchantAccount<Settings extends object = object, Secrets extends object = object> {
  /** `default`: the one of the environment. */
  readonly id: string;
  readonly tenantId: TenantId;
  readonly locationId: LocationId | null;
  /** Name of the provider. */
  readonly provider: string;
  readonly settings: Settings;
  /** The first one signs; all of them verify, while secrets are being rotated. */
  readonly secrets: readonly [Secrets, ...Secrets[]];
  /** Addresses that webhooks may come from; empty: any. */
  readonly allowedAddresses: readonly string[];
  /** Base addresses of the provider, without a slash at the end; VNPay's `pay` is the whole page. Absent: cannot be called. */
  readonly endpoints: { readonly api?: string | undefined; readonly pay?: string | undefined };
}

/** A payment that a guest is going to make. */
export interface OrderToPay {
  readonly reference: string;
  /** Grows with each try to create the same order. */
  readonly attempt: number;
  readonly amount: Amount;
  readonly sessionId: string;
  /** ASCII letters, digits and spaces only, at most 25 characters. */
  readonly description: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** Where the guest's browser goes afterwards. */
  readonly returnUrl: string;
  /** Where the provider tells us. */
  readonly notifyUrl: string;
  readonly payerAddress: string;
  readonly language: 'vi' | 'en';
}

export interface CreatedOrder {
  readonly payUrl?: string | undefined;
  readonly deeplink?: string | undefined;
  /** Text to show as a QR code. */
  readonly qrPayload?: string | undefined;
  /** Kept with the payment: to compare echoes with, and to ask about the order. Flat JSON, no secrets. */
  readonly sent: Readonly<Record<string, string | number>>;
}

/** An order that was created. */
export interface SentOrder {
  readonly reference: string;
  readonly amount: Amount;
  readonly createdAt: number;
  readonly sent: Readonly<Record<string, unknown>>;
  readonly now: number;
  /** Fresh for each question: 1 to 30 of [A-Za-z0-9]. */
  readonly requestId: string;
}

export interface RefundOrder extends SentOrder {
  /** Names this refund for ever: the same again is the same refund. 1 to 30 of [A-Za-z0-9]. */
  readonly refundReference: string;
  readonly refundAmount: Amount;
  readonly providerTransactionId: string;
  /** ASCII, for the provider's books. */
  readonly reason: string;
  /** Who does it, ASCII. */
  readonly by: string;
}

export interface RefundResult {
  readonly outcome: 'succeeded' | 'pending' | 'failed';
  readonly providerRefundId: string | null;
  readonly message: string;
  /** Kept with the refund, to ask about it. */
  readonly sent: Readonly<Record<string, string | number>>;
}

export interface SentRefund {
  readonly refundReference: string;
  readonly sent: Readonly<Record<string, unknown>>;
  readonly now: number;
  readonly requestId: string;
}

/** A webhook as it came. */
export interface WebhookRequest {
  readonly method: string;
  /** After the question mark, undecoded; empty if there is none. */
  readonly query: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly receivedAt: number;
}

/** Why a webhook cannot be believed or read. */
export type Invalidity =
  | 'bad_signature'
  | 'malformed'
  | 'empty'
  | 'wrong_content_type'
  | 'wrong_method'
  | 'wrong_address'
  | 'stale';

export type Verification =
  | { readonly verdict: 'invalid'; readonly why: Invalidity; readonly detail: string }
  /** Signed, and of no concern to us: acknowledged, kept, nothing else. */
  | { readonly verdict: 'ignored'; readonly detail: string }
  | { readonly verdict: 'valid'; readonly notice: Notice };

/** What a provider says of an order, in our words. */
export interface Notice {
  readonly outcome: 'paid' | 'failed' | 'pending';
  /** Of what is pending, by an answer to our question: the guest has done his part, and the provider has not yet decided. */
  readonly isUnderWay?: boolean;
  /** Null when what was signed cannot be read, or names no order. */
  readonly reference: string | null;
  /** What else may be the reference, where it had to be looked for in a text. */
  readonly otherReferences?: readonly string[];
  /** Null when it is not a positive whole number that is safe to count with. */
  readonly amount: Amount | null;
  /** The provider's id of the money's movement; null where none moved. */
  readonly providerTransactionId: string | null;
  /** When the order was made, by the provider's or our own clock as echoed; null where it is not told. */
  readonly orderedAt: number | null;
  /** Fields that were echoed, for `isEchoIntact`. */
  readonly echo: Readonly<Record<string, string>>;
  /** The provider's own words, for the log: codes and messages. */
  readonly detail: string;
}

/** What came of a webhook. */
export type WebhookResult =
  | { readonly result: 'recorded' }
  | { readonly result: 'duplicate' }
  | { readonly result: 'ignored' }
  /** No payment has this reference; `isYoung`: it may be on its way into the database. */
  | { readonly result: 'unknown_order'; readonly isYoung: boolean }
  | { readonly result: 'wrong_amount' }
  /** Signed, but not to be read. */
  | { readonly result: 'unreadable' }
  | { readonly result: 'invalid'; readonly why: Invalidity }
  /** Our own fault. */
  | { readonly result: 'error' };

export interface WebhookAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the guest's browser brought back. Shown, never believed. */
export interface ReturnVisit {
  readonly reference: string;
  readonly shows: 'success' | 'failed' | 'pending';
}

/** Calls a provider: JSON or form in, JSON out as text; with a timeout, a size limit, and retries where `isRepeatable`. */
export type ProviderHttp = (call: ProviderCall) => Promise<ProviderReply>;

export interface ProviderCall {
  readonly url: string;
  readonly body: { readonly json: object } | { readonly form: Readonly<Record<string, string>> };
  /** The same call twice does no harm. */
  readonly isRepeatable: boolean;
}

export interface ProviderReply {
  readonly status: number;
  readonly text: string;
}

/** The provider could not be asked, would not answer, or answered with what cannot be used. Nothing is known of the outcome. */
export class ProviderFailure extends Error {
  override readonly name = 'ProviderFailure';

  constructor(
    message: string,
    /** `refused`: it answered, and said no: for certain nothing was made of it. */
    readonly kind: 'unreachable' | 'refused' | 'unreadable',
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
