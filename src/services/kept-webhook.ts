import { createHash } from 'node:crypto';
import type { WebhookRow } from '../db/webhook-inbox.js';
import type { InboxEntry } from '../domain/inbox.js';
import type { MerchantAccount, PaymentProvider, WebhookRequest } from '../payments/provider.js';
import { type SealedPlace, type SecretBox, UnopenableSecret } from './secret-box.js';
import { keptHeaders } from './webhook-headers.js';

/**
 * A notice on its way into the inbox and, for a replay, out of it: with all that it takes to verify it once more. A
 * credential is kept only where the notice does not verify without it, and then sealed.
 */

export interface VerifiedRequest {
  readonly id: string;
  readonly provider: PaymentProvider;
  readonly account: MerchantAccount;
  readonly request: WebhookRequest;
}

export function keepRequest(box: SecretBox, { id, provider, account, request }: VerifiedRequest): InboxEntry {
  const { method, query, body } = request;
  const { authorization, ...open } = keptHeaders(request.headers);
  const isNeeded =
    authorization !== undefined && provider.verify(account, { ...request, headers: open }).verdict === 'invalid';
  const place = sealedPlace(account.tenantId, id);
  return {
    id,
    provider: account.provider,
    account: account.id,
    // Neither a method nor a query has a line break in it.
    digest: createHash('sha256').update(`${method}\n${query}\n`).update(body).digest('hex'),
    method,
    query,
    headers: isNeeded ? { ...open, authorization: box.sealSecret(authorization, place).toString('base64') } : open,
    body: body.toString('base64'),
  };
}

/** The request as it came. A credential that opens no more is left out, and then the notice does not verify. */
export function keptRequest(box: SecretBox, row: WebhookRow): WebhookRequest {
  const { method, query, body } = row;
  const { authorization: sealed, ...open } = row.headers;
  const authorization = sealed === undefined ? undefined : unsealed(box, sealed, sealedPlace(row.tenantId, row.id));
  const headers = authorization === undefined ? open : { ...open, authorization };
  return { method, query, headers, body, receivedAt: new Date(row.receivedAt).getTime() };
}

/** The row as the services pass it on. */
export function keptEntry({ id, provider, account, digest, method, query, headers, body }: WebhookRow): InboxEntry {
  return {
    ...{ id, provider, account, method, query, headers },
    digest: digest.toString('hex'),
    body: body.toString('base64'),
  };
}

function sealedPlace(tenantId: string, id: string): SealedPlace {
  return { tenantId, id, purpose: 'webhook authorization' };
}

function unsealed(box: SecretBox, sealed: string, place: SealedPlace): string | undefined {
  try {
    return box.openSecret(Buffer.from(sealed, 'base64'), place);
  } catch (error) {
    if (error instanceof UnopenableSecret) return undefined;
    throw error;
  }
}
