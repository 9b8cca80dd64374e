import { readFileSync } from 'node:fs';
import type { TenantId } from '../../../src/domain/ids.js';
import { providers } from '../../../src/payments/index.js';
import type {
  MerchantAccount,
  PaymentProvider,
  ProviderCall,
  ProviderHttp,
  WebhookRequest,
} from '../../../src/payments/provider.js';

/** Of any shape: it was just read. */
type Json = ReturnType<typeof JSON.parse>;

export interface WebhookVector {
  readonly id: string;
  readonly provider: 'momo' | 'vnpay' | 'zalopay';
  readonly kind: string;
  readonly secrets: Readonly<Record<string, string | number>>;
  readonly context: { readonly orders: readonly VectorOrder[] };
  readonly request: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly query: string | null;
    readonly body: string | null;
  };
  readonly expect: Expected;
  readonly accept_also?: readonly Partial<Expected>[];
  readonly expect_stateless: { readonly signature_valid: boolean; readonly outcome: string };
  readonly order_status_after: Readonly<Record<string, string>>;
  readonly payload_sha256: string;
}

export interface VectorOrder {
  readonly payment_reference: string;
  readonly amount_minor: number;
  readonly status: string;
}

export interface Expected {
  readonly signature_valid: boolean;
  readonly outcome: string;
  readonly amount_minor: number | null;
  readonly payment_reference: string | null;
  readonly provider_transaction_id: string | null;
  readonly http_status: number;
  readonly response_body: Readonly<Record<string, unknown>> | null;
}

interface CallVector {
  readonly id: string;
  readonly provider: string;
  readonly operation: string;
  readonly secrets: WebhookVector['secrets'];
  readonly input: Record<string, Json>;
  readonly response: Record<string, Json>;
  readonly query: string;
  readonly expect: Record<string, Json>;
}

interface VectorFile {
  readonly vectors: readonly WebhookVector[];
  readonly outgoing_request_vectors: readonly CallVector[];
  readonly query_response_vectors: readonly CallVector[];
  readonly redirect_vectors: readonly CallVector[];
}

export const vectorFile = read('payments-dev.json') as VectorFile;
export const vietqrFile = read('vietqr.json') as {
  readonly vectors: readonly { id: string; input: Record<string, string>; payload: string }[];
  readonly negative: readonly { id: string; payload: string }[];
};

export const receivedAt = Date.UTC(2026, 10, 22, 7, 5, 10);

/** The first vector of a kind, which must exist. */
export function vectorOf(provider: string, kind: string): WebhookVector {
  const found = vectorFile.vectors.find((vector) => vector.provider === provider && vector.kind === kind);
  if (!found) throw new Error(`no vector ${provider} ${kind}`);
  return found;
}

export function providerNamed(name: string): PaymentProvider {
  const provider = providers[name];
  if (!provider) throw new Error(`no provider ${name}`);
  return provider;
}

/** An account made as the server makes them: through the provider's own schemas. */
export function accountOf(
  provider: string,
  secrets: WebhookVector['secrets'],
  endpoints = {},
): MerchantAccount<Json, Json> {
  const { settings, secrets: schema } = providerNamed(provider);
  const texts = Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, String(value)]));
  const publicNames = ['partner_code', 'tmn_code', 'app_id', 'bank_bin', 'account_number', 'account_name', 'to'];
  const isPublic = ([name]: readonly [string, string]) => publicNames.includes(name);
  return {
    id: 'default',
    tenantId: '01900000-0000-7000-8000-000000000001' as TenantId,
    locationId: null,
    provider,
    settings: settings.parse(Object.fromEntries(Object.entries(texts).filter(isPublic))),
    secrets: [schema.parse(Object.fromEntries(Object.entries(texts).filter((entry) => !isPublic(entry))))],
    allowedAddresses: [],
    endpoints,
  };
}

export function requestOf({ request }: WebhookVector): WebhookRequest {
  return {
    method: request.method,
    query: request.query ?? '',
    headers: request.headers,
    body: Buffer.from(request.body ?? ''),
    receivedAt,
  };
}

/** Calls of a provider, answered with one object each. */
export function answering(...answers: readonly object[]): {
  readonly http: ProviderHttp;
  readonly calls: ProviderCall[];
} {
  const calls: ProviderCall[] = [];
  const left = [...answers];
  return {
    calls,
    http: async (call) => {
      calls.push(call);
      const answer = left.shift();
      if (!answer) throw new Error('one call too many');
      return { status: 200, text: JSON.stringify(answer) };
    },
  };
}

/** Fields of a call, however it is written. */
export function bodyOf(call: ProviderCall | undefined): Readonly<Record<string, Json>> {
  if (!call) throw new Error('there was no call');
  return 'json' in call.body ? { ...call.body.json } : call.body.form;
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../vectors/${name}`, import.meta.url), 'utf8'));
}
