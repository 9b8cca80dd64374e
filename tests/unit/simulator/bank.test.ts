import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bankDesk } from '../../../src/simulator/bank/desk.js';
import { scanTransfer } from '../../../src/simulator/bank/scan.js';
import { scanVietQr } from '../../../src/simulator/bank/vietqr.js';
import { defaultPace } from '../../../src/simulator/options.js';
import type { Order } from '../../../src/simulator/order.js';
import { gatewayAt, type Json, vectorTime, vietQr } from './vectors.js';

const merchant = { secret: 'a-feed-secret', accountNumber: '113366668888' };
const desk = bankDesk(merchant, defaultPace);
const qr = (id: string): Json => vietQr.vectors.find((vector: Json) => vector.id === id);

describe('the simulated bank', () => {
  it('reads the codes of the vectors and none that is damaged', () => {
    for (const { payload, decoded_by_package: decoded } of vietQr.vectors) {
      expect(scanVietQr(payload)).toEqual({
        bankBin: decoded.bankBin,
        account: decoded.bankNumber,
        amount: decoded.amount === null ? undefined : Number(decoded.amount),
        message: decoded.purpose ?? '',
      });
    }
    for (const { payload } of vietQr.negative) expect(scanVietQr(payload)).toBeUndefined();
  });

  it('knows the transfer by the longest word of its message', () => {
    const gateway = gatewayAt(() => vectorTime);
    const order = scanTransfer(gateway, merchant, { qr: qr('vietqr-3-reference').payload }) as Order;
    expect(order).toMatchObject({ reference: 'PI20261122A0001', amount: 250_000, webhookPath: '/webhooks/sepay' });
    expect(scanTransfer(gateway, merchant, { qr: qr('vietqr-3-reference').payload })).toBe(order);
    const typed = scanTransfer(gateway, merchant, { reference: 'ban 5 qr0123456789abcd', amount: 90_000 });
    expect(typed).toMatchObject({ reference: 'QR0123456789ABCD', amount: 90_000, merchant: '113366668888' });
  });

  it.each([
    ['a code that is damaged', { qr: vietQr.negative[0].payload }, 'qr is no VietQR'],
    ['a code without a message', { qr: qr('vietqr-1-static').payload, amount: 1_000 }, 'reference: '],
    ['no amount', { reference: 'QR0123456789ABCD' }, 'amount: '],
    ['a negative amount', { reference: 'QR0123456789ABCD', amount: -5 }, 'amount: '],
  ])('does not transfer for %s', (_name, fields, why) => {
    const gateway = gatewayAt(() => vectorTime);
    expect(scanTransfer(gateway, merchant, fields)).toContain(why);
    expect(gateway.latest(1)).toEqual([]);
  });

  it('feeds money that came in, signed over its moment and its bytes', () => {
    const order = scanTransfer(
      gatewayAt(() => vectorTime),
      merchant,
      { qr: qr('vietqr-3-reference').payload },
    ) as Order;
    const transaction = { id: '1795331106123', amount: 250_000, at: vectorTime };
    const call = desk.notice(order, { transaction, at: vectorTime, isForged: false })!;
    expect(JSON.parse(call.body)).toMatchObject({
      id: 1795331106123,
      gateway: 'Vietcombank',
      transactionDate: '2026-11-22 14:05:06',
      accountNumber: '0011000123456',
      transferType: 'in',
      transferAmount: 250_000,
      content: expect.stringContaining('.PI20261122A0001.'),
    });
    const mac = createHmac('sha256', 'a-feed-secret').update(`1795331106.${call.body}`).digest('hex');
    expect(call.headers).toMatchObject({ 'x-sepay-timestamp': '1795331106', 'x-sepay-signature': `sha256=${mac}` });
    const forged = desk.notice(order, { transaction, at: vectorTime, isForged: true })!;
    expect([forged.body, forged.headers['x-sepay-signature'] === `sha256=${mac}`]).toEqual([call.body, false]);
  });

  it('calls up to seven times more, ever more slowly, until it hears of success', () => {
    const again = (calls: number, body = '{}') => desk.callAgain({ status: 200, body }, calls);
    expect([1, 2, 3, 4, 5, 6, 7, 8].map((calls) => again(calls))).toEqual([
      1_000,
      1_000,
      2_000,
      3_000,
      5_000,
      8_000,
      13_000,
      undefined,
    ]);
    expect(again(1, '{"success":true}')).toBeUndefined();
  });
});
