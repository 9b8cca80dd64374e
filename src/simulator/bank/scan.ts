import { type Fields, positive, text } from '../fields.js';
import type { Gateway } from '../gateway.js';
import type { SepayMerchant } from '../options.js';
import { type Order, openOrder } from '../order.js';
import { scanVietQr } from './vietqr.js';

/**
 * A guest scans a VietQR, or types a reference and an amount: what will be transferred. It is kept under the longest
 * word of its message; the same again is the same transfer, another amount a new one. A text says what is wrong.
 */
export function scanTransfer(gateway: Gateway, merchant: SepayMerchant, fields: Fields): Order | string {
  const qr = text(fields, 'qr');
  const scanned = qr === '' ? undefined : scanVietQr(qr);
  if (qr !== '' && !scanned) return 'qr is no VietQR';
  const message = scanned?.message || text(fields, 'reference');
  const reference = longestWord(message);
  if (reference === '' || message.length > 100) return 'reference: the transfer needs a message';
  const amount = scanned?.amount ?? positive(text(fields, 'amount'));
  if (amount === 0) return 'amount: a positive whole number of dong';
  const known = gateway.find('sepay', reference);
  if (known?.amount === amount) return known;
  const order = openOrder({
    provider: 'sepay',
    reference,
    merchant: scanned?.account ?? merchant.accountNumber,
    amount,
    description: message,
    createdAt: gateway.now(),
    expiresAt: undefined,
    webhookPath: merchant.webhookPath ?? '/webhooks/sepay',
    redirectUrl: undefined,
    given: { account: scanned?.account ?? merchant.accountNumber, bankBin: scanned?.bankBin ?? '' },
  });
  gateway.add(order);
  return order;
}

function longestWord(message: string): string {
  const words = message.toUpperCase().match(/[A-Z0-9]+/g) ?? [];
  return words.reduce((longest, word) => (word.length > longest.length ? word : longest), '');
}
