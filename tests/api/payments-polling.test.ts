import { describe, expect, test } from 'vitest';
import type { ProviderHttp } from '../../src/payments/provider.js';
import { pollPayments } from '../../src/services/poll-payments.js';
import { type Json, useApi, type Visit } from '../support/api.js';
import { useOtherNode } from '../support/other-node.js';
import { dinner, type Method, owed, paymentsOf, snapshotOf, startPaying, typesOf } from '../support/payments.js';

const api = useApi();
const other = useOtherNode(api);

const fail = (error: unknown): never => {
  throw error;
};

/** A guest who was sent to pay; the sweep is due for the payment alone. */
async function asked(method: Method): Promise<{ readonly visit: Visit; readonly intent: Json }> {
  const visit = await dinner(api);
  const intent = await startPaying(api, visit, { method });
  await api.sql`UPDATE payments SET next_poll_at = NULL`;
  return { visit, intent };
}

/** Lets so much time pass for the sweep; the fold keeps its own expiry. */
const past = (intent: Json, interval: string) => api.sql`
  UPDATE payments SET next_poll_at = session_clock(), expires_at = session_clock() - ${interval}::interval
  WHERE id = ${intent.payment_id}`;

const due = (intent: Json) =>
  api.sql`UPDATE payments SET next_poll_at = session_clock() WHERE id = ${intent.payment_id}`;

/** One sweep whose questions to the provider are answered so. */
const sweep = (said: object) => {
  const providerHttp: ProviderHttp = async () => ({ status: 200, text: JSON.stringify(said) });
  return pollPayments({ ...other.deps, providerHttp }, fail);
};

const nextPoll = async (intent: Json): Promise<unknown> => {
  const [row] = await api.sql`SELECT next_poll_at FROM payments WHERE id = ${intent.payment_id}`;
  return row?.next_poll_at;
};

const zalopay = (code: number, more: object = {}) => ({
  ...{ return_code: code, return_message: '', sub_return_code: code === 2 ? -329 : 1, sub_return_message: '' },
  ...{ is_processing: code === 3, amount: 0, zp_trans_id: 0, ...more },
});

const momo = ({ payment_reference }: Json, resultCode: number) => ({
  ...{ partnerCode: 'MOMO', orderId: payment_reference, requestId: 'q', extraData: '', amount: owed, transId: 0 },
  ...{ payType: 'qr', resultCode, refundTrans: [], message: '', responseTime: 1_795_331_106_123 },
});

describe('a payment of which the provider says that it failed', () => {
  test('has failed, also where the answer names no amount', async () => {
    const { visit, intent } = await asked('zalopay');
    await due(intent);
    await sweep(zalopay(2));
    expect(await paymentsOf(api, visit)).toMatchObject([{ status: 'failed', reasons: [] }]);
    expect((await snapshotOf(api, visit)).claims).toEqual([]);
  });

  test('is asked about no more once its time is over', async () => {
    const { intent } = await asked('momo');
    await due(intent);
    await sweep(momo(intent, 1006));
    expect(await nextPoll(intent)).not.toBeNull();
    await past(intent, '2 hours');
    await sweep(momo(intent, 1006));
    expect(await nextPoll(intent)).toBeNull();
  });
});

describe('a payment whose time is over', () => {
  test('while the guest was paying is asked about again, and settled when it has gone through', async () => {
    const { visit, intent } = await asked('momo');
    await past(intent, '1 second');
    await sweep(momo(intent, 1000));
    expect(await snapshotOf(api, visit)).toMatchObject({ claims: [] });
    expect(await nextPoll(intent)).not.toBeNull();
    await past(intent, '11 minutes');
    await sweep({ ...momo(intent, 0), transId: 4_193_767_509 });
    expect(await snapshotOf(api, visit)).toMatchObject({ status: 'paid', paid: owed });
    expect(await typesOf(api, visit)).toEqual(expect.arrayContaining(['payment_ended', 'payment_settled']));
    expect(await nextPoll(intent)).toBeNull();
  });

  test('and for which nobody came is asked about for one hour more', async () => {
    const { intent } = await asked('momo');
    await past(intent, '59 minutes');
    await sweep(momo(intent, 1000));
    expect(await nextPoll(intent)).not.toBeNull();
    await past(intent, '61 minutes');
    await sweep(momo(intent, 1000));
    expect(await nextPoll(intent)).toBeNull();
  });

  test('by a provider that cannot be asked is over at once', async () => {
    const { visit, intent } = await asked('bank_transfer');
    await past(intent, '1 second');
    await sweep({});
    expect(await nextPoll(intent)).toBeNull();
    expect(await paymentsOf(api, visit)).toMatchObject([{ status: 'failed', reasons: [] }]);
  });

  test('and whose money the provider holds back is shown to people, and asked about for a day', async () => {
    const { visit, intent } = await asked('momo');
    await past(intent, '2 hours');
    await sweep(momo(intent, 9000));
    expect(await snapshotOf(api, visit)).toMatchObject({ claims: [] });
    expect(await paymentsOf(api, visit)).toMatchObject([{ status: 'pending', reasons: ['stale_pending'] }]);
    expect(await nextPoll(intent)).not.toBeNull();
    await past(intent, '25 hours');
    await sweep(momo(intent, 9000));
    expect(await nextPoll(intent)).toBeNull();
    expect(await paymentsOf(api, visit)).toMatchObject([{ status: 'pending', reasons: ['stale_pending'] }]);
  });
});
