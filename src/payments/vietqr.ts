import { createHash } from 'node:crypto';
import { z } from 'zod';
import { invalidStatus, jsonAnswer, wrongMethodAnswer } from './answers.js';
import { type ExactMember, type ExactObject, integerText, stringOf } from './exact-json.js';
import {
  type CreatedOrder,
  type MerchantAccount,
  type OrderToPay,
  type PaymentProvider,
  ProviderFailure,
  type Verification,
  type WebhookAnswer,
  type WebhookRequest,
  type WebhookResult,
} from './provider.js';
import { amountOf, detailOf, emptyNotice, headFault, idOf, invalid, readBody } from './read-notice.js';
import { findReferences } from './reference.js';
import { hmacHex, isSameDigest, isSameSecret } from './signing.js';
import { writeTransferQr } from './vietqr-text.js';

const settings = z.strictObject({
  bank_bin: z.string().regex(/^\d{6}$/),
  account_number: z.string().regex(/^[0-9A-Za-z]{1,19}$/),
  account_name: z.string().min(1).max(60).optional(),
  to: z.enum(['account', 'card']).default('account'),
});
const secrets = z.strictObject({
  sepay_secret: z.string().min(1).max(200),
  scheme: z.enum(['hmac', 'apikey']).default('hmac'),
});

type VietqrSettings = z.output<typeof settings>;
type VietqrSecrets = z.output<typeof secrets>;
type VietqrAccount = MerchantAccount<VietqrSettings, VietqrSecrets>;

/** A transfer to a bank account by VietQR. The code itself calls nobody: SePay reads the account and tells what came. */
export const vietqr: PaymentProvider<VietqrSettings, VietqrSecrets> = {
  name: 'vietqr',
  route: 'sepay',
  method: 'bank_transfer',
  settings,
  secrets,
  // Thirteen characters in the code.
  payable: { min: 1, max: 9_999_999_999_999 },
  payWithinSeconds: 15 * 60,
  referenceFor: (minted) => minted,
  createOrder,
  webhookMethod: 'POST',
  verify,
  acknowledge,
  readReturn: () => undefined,
};

const driftMs = 5 * 60 * 1000;

/** An account that reads the bank's feed alone has no settings: it verifies, and nobody can pay to it. */
function bankAccountOf(account: VietqrAccount): Partial<VietqrSettings> {
  return account.settings;
}

async function createOrder(account: VietqrAccount, order: OrderToPay): Promise<CreatedOrder> {
  const {
    bank_bin: bankBin,
    account_number: accountNumber,
    account_name: name,
    to = 'account',
  } = bankAccountOf(account);
  if (bankBin === undefined || accountNumber === undefined) {
    throw new ProviderFailure('no bank account is configured', 'refused');
  }
  const { amount, reference: purpose } = order;
  // A guest who cannot scan is told the account as it was when the code was made.
  const sent = { bank_bin: bankBin, account_number: accountNumber, ...(name !== undefined && { account_name: name }) };
  return { qrPayload: writeTransferQr({ bankBin, accountNumber, to, amount, purpose }), sent };
}

function verify(account: VietqrAccount, request: WebhookRequest): Verification {
  const fault = headFault(request) ?? distrust(account, request);
  if (fault) return fault;
  const body = readBody(request);
  return 'verdict' in body ? body : readTransfer(account, body, nameOf(request.body));
}

function distrust(account: VietqrAccount, { headers, body, receivedAt }: WebhookRequest): Verification | undefined {
  const timestamp = headers['x-sepay-timestamp'] ?? '';
  const signature = /^sha256=(.*)$/.exec(headers['x-sepay-signature'] ?? '')?.[1];
  const key = /^Apikey +(\S+)$/i.exec(headers['authorization'] ?? '')?.[1];
  const signed = Buffer.concat([Buffer.from(`${timestamp}.`), body]);
  const proof = account.secrets.find(({ scheme, sepay_secret: secret }) =>
    scheme === 'apikey'
      ? key !== undefined && isSameSecret(key, secret)
      : isSameDigest(signature, hmacHex('sha256', secret, signed)),
  );
  if (!proof) return invalid('bad_signature', 'it does not prove that it knows our secret');
  if (proof.scheme === 'apikey') return undefined;
  const isFresh = /^\d{1,12}$/.test(timestamp) && Math.abs(receivedAt - Number(timestamp) * 1000) <= driftMs;
  return isFresh ? undefined : invalid('stale', 'it was signed more than five minutes from now');
}

/** Names a transfer whose id is missing or cannot be kept: SePay tells the same one in the same bytes. */
function nameOf(body: Buffer): string {
  return `body-${createHash('sha256').update(body).digest('hex').slice(0, 32)}`;
}

function readTransfer(account: VietqrAccount, transfer: ExactObject, bodyName: string): Verification {
  const words = ['content', 'description', 'code'].map((name) => stringOf(transfer.get(name)) ?? '');
  const id = textOf(transfer.get('id')) ?? textOf(transfer.get('referenceCode'));
  const detail = detailOf(
    'SePay',
    id,
    words.find((text) => text !== ''),
  );
  if (stringOf(transfer.get('transferType'))?.toLowerCase() !== 'in') {
    return { verdict: 'ignored', detail: `no money in: ${detail}` };
  }
  // A virtual account is told as a part of the real one behind it.
  const accounts = [textOf(transfer.get('accountNumber')), textOf(transfer.get('subAccount'))];
  const { account_number: ours } = bankAccountOf(account);
  if (ours !== undefined && !accounts.includes(ours)) {
    return { verdict: 'ignored', detail: `another account: ${detail}` };
  }
  const [reference = null, ...otherReferences] = new Set(words.flatMap(findReferences));
  return {
    verdict: 'valid',
    notice: {
      ...emptyNotice,
      outcome: 'paid',
      reference,
      otherReferences,
      amount: amountOf(integerText(transfer.get('transferAmount'))),
      providerTransactionId: idOf(id) ?? bodyName,
      detail,
    },
  };
}

/** SePay calls again for all but success, so what people have to look at is taken too. */
function acknowledge(result: WebhookResult): WebhookAnswer {
  if (result.result === 'error') return failure(500, 'internal');
  if (result.result === 'unreadable') return failure(400, 'malformed');
  if (result.result !== 'invalid') return jsonAnswer(200, { success: true });
  const { why } = result;
  return why === 'wrong_method'
    ? wrongMethodAnswer('POST', { success: false, error: why })
    : failure(invalidStatus[why], why);
}

function failure(status: number, error: string): WebhookAnswer {
  return jsonAnswer(status, { success: false, error });
}

function textOf(member: ExactMember | undefined): string | undefined {
  return integerText(member) ?? stringOf(member);
}
