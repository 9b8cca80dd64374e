/** The list of payments: its filters, its pages, its totals, and the same as CSV. */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  add,
  type Answer,
  append,
  demo,
  type Json,
  newKey,
  newLocation,
  newTable,
  type Place,
  sitDown,
  useApi,
  type Visit,
} from '../support/api.js';
import { atProvider, startPaying } from '../support/payments.js';
import { momoBody } from '../support/webhooks.js';

const api = useApi();

type Kitchen = Place & { readonly itemId: string };

const list = (query: string, headers: Record<string, string> = {}, as: string = demo.cashier): Promise<Answer> =>
  api.rest(`GET /admin/payments?${query}`, { as, headers });
const payments = async (query: string): Promise<Json[]> => (await list(query)).body.payments;
const idsOf = (all: readonly Json[]): readonly string[] => all.map(({ payment_id: id }) => id);
const pathsOf = ({ body }: Answer): readonly string[] => body.errors.map(({ path }: Json) => path);

async function meal(kitchen: Kitchen): Promise<Visit> {
  const visit = await sitDown(api, await newTable(api, kitchen.locationId));
  await append(api, visit, add({ menu_item_id: kitchen.itemId }));
  return visit;
}

async function record(visit: Visit, body: object): Promise<Json> {
  const answer = await api.rest(`POST /sessions/${visit.sessionId}/payments`, {
    as: demo.cashier,
    body: { payment_reference: randomUUID(), method: 'other', status: 'succeeded', ...body },
  });
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}

const sums = (counts: readonly [number, number, number], money: readonly [number, number, number]) => ({
  ...{ count: counts[0], settled_count: counts[1], open_count: counts[2] },
  ...{ received: money[0], refunded: money[1], net: money[0] - money[1], open_amount: money[2] },
});

describe('an evening', () => {
  let kitchen: Kitchen;
  let at: string;
  /** Cash 50,000, of which 20,000 went back. */
  let cash: Json;
  /** MoMo 60,000 for 50,000. */
  let over: Json;
  /** MoMo 30,000, begun. */
  let begun: Json;
  /** MoMo 50,000, begun; 40,000 came for it. */
  let halfway: Visit;

  beforeAll(async () => {
    kitchen = await newLocation(api);
    at = `location_id=${kitchen.locationId}`;
    const first = await meal(kitchen);
    const paid = await api.rest('POST /admin/payments/cash', {
      ...{ as: demo.cashier, body: { session_id: first.sessionId, idempotency_key: randomUUID() } },
    });
    await api.rest(`POST /admin/payments/${paid.body.payment_id}/refund`, {
      ...{ as: demo.cashier, body: { amount: 20_000, reason: 'cold', idempotency_key: randomUUID() } },
    });
    over = await record(await meal(kitchen), { method: 'momo', amount: 60_000 });
    begun = await startPaying(api, await meal(kitchen), { split: { type: 'amount', amount: 30_000 } });
    halfway = await meal(kitchen);
    await atProvider(api, await startPaying(api, halfway), 'pay_short');
    [cash] = await payments(`${at}&method=cash`);
  });

  test('is listed from its end, each payment with all that is known of it', async () => {
    const { status, headers, body } = await list(at);
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['payments', 'next_cursor', 'totals']);
    expect(body.payments.map(({ amount }: Json) => amount)).toEqual([40_000, 50_000, 30_000, 60_000, 50_000]);
    expect(idsOf(body.payments)).toEqual([...idsOf(body.payments)].sort().reverse());
    expect(body.payments.at(-1)).toEqual(cash);
    expect(cash).toMatchObject({
      status: 'partially_refunded',
      refunded_amount: 20_000,
      refunds: [{ amount: 20_000 }],
    });
    expect(body.next_cursor).toBeNull();
    expect(headers.get('vary')).toContain('Accept');
  });

  test('adds up by method and together', async () => {
    const byCash = sums([1, 1, 0], [50_000, 20_000, 0]);
    const byMomo = sums([4, 2, 2], [100_000, 0, 100_000]);
    expect((await list(at)).body.totals).toEqual([
      {
        ...{ currency: 'VND', ...sums([5, 3, 2], [150_000, 20_000, 100_000]) },
        methods: [
          { method: 'cash', ...byCash },
          { method: 'momo', ...byMomo },
        ],
      },
    ]);
    expect((await list(`${at}&method=momo&limit=1`)).body.totals).toEqual([
      { currency: 'VND', ...byMomo, methods: [{ method: 'momo', ...byMomo }] },
    ]);
    expect((await list(`${at}&method=vnpay`)).body.totals).toEqual([]);
  });

  test.each<[string, number]>([
    ['status=pending', 2],
    ['status=succeeded', 2],
    ['status=partially_refunded', 1],
    ['method=cash', 1],
    ['reason=short', 1],
    ['reason=over', 1],
    ['reason=late', 0],
    ['unresolved=true', 2],
    ['unresolved=false', 5],
    ['unresolved=true&method=cash', 0],
    ['resolution=accept', 0],
  ])('has so many with %s: %i', async (filter, count) => {
    const { body } = await list(`${at}&${filter}`);
    expect(body.payments).toHaveLength(count);
    expect(body.totals.map(({ count: all }: Json) => all)).toEqual(count === 0 ? [] : [count]);
  });

  test('is listed by session', async () => {
    const own = await payments(`session_id=${halfway.sessionId}`);
    expect(own.map(({ amount }) => amount)).toEqual([40_000, 50_000]);
  });

  test('has pages that follow each other without a gap, each with the totals of all', async () => {
    const all = idsOf(await payments(at));
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const answer: Answer = await list(`${at}&limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...idsOf(answer.body.payments));
      expect(answer.body.totals[0].count).toBe(5);
      cursor = answer.body.next_cursor;
      expect(answer.headers.get('next-cursor')).toBe(cursor);
    }
    expect(seen).toEqual(all);
  });

  test('has a payment begun long ago among those that need somebody, until somebody decides', async () => {
    await api.sql`UPDATE payments SET expires_at = now() - interval '1 minute' WHERE id = ${begun.payment_id}`;
    const stale = await payments(`${at}&reason=stale_pending`);
    expect(idsOf(stale)).toEqual([begun.payment_id]);
    expect(stale[0].reasons).toEqual(['stale_pending']);
    const { body } = await list(`${at}&unresolved=true`);
    expect(body.payments).toHaveLength(3);
    expect(body.totals[0]).toMatchObject(sums([3, 2, 3], [100_000, 0, 130_000]));
    await api.rest(`POST /admin/payments/${begun.payment_id}/resolve`, {
      ...{ as: demo.cashier, body: { resolution: 'write_off', note: 'they went' } },
    });
    expect(await payments(`${at}&reason=stale_pending`)).toEqual([]);
    expect(await payments(`${at}&unresolved=true`)).toHaveLength(2);
    expect(idsOf(await payments(`${at}&resolution=write_off`))).toEqual([begun.payment_id]);
  });

  test('is one location of several, and a key that is bound to it sees no other', async () => {
    const own = await newKey(api, { role: 'cashier', locationId: kitchen.locationId });
    expect((await list('limit=500', {}, own)).body.payments).toHaveLength(5);
    const elsewhere = await newLocation(api);
    const other = await newKey(api, { role: 'cashier', locationId: elsewhere.locationId });
    expect((await list('limit=500', {}, other)).body).toEqual({ payments: [], next_cursor: null, totals: [] });
  });

  test('adds up each currency by itself', async () => {
    const dollars = await newLocation(api, { currency: 'USD' });
    await record(await meal(dollars), { amount: 12_345 });
    const { body } = await list('limit=1');
    expect(body.totals.map(({ currency }: Json) => currency)).toEqual(['USD', 'VND']);
    expect(body.totals[0]).toMatchObject(sums([1, 1, 0], [12_345, 0, 0]));
  });

  test('is the same over GraphQL', async () => {
    const { body } = await api.graphql(
      `query ($filter: PaymentFilter) { payments(filter: $filter, first: 2) {
        edges { cursor node { id reasons } } pageInfo { hasNextPage hasPreviousPage endCursor } nextCursor
        totals { currency count received methods { method net } } } }`,
      { filter: { locationId: kitchen.locationId, method: 'MOMO' } },
      { as: demo.cashier },
    );
    const { edges, pageInfo, nextCursor, totals } = body.data.payments;
    expect(edges.map(({ node }: Json) => node.reasons)).toEqual([['SHORT'], []]);
    expect(pageInfo).toEqual({ hasNextPage: true, hasPreviousPage: false, endCursor: edges[1].cursor });
    expect(nextCursor).toBe(edges[1].cursor);
    expect(totals).toEqual([
      { currency: 'VND', count: 4, received: 100_000, methods: [{ method: 'MOMO', net: 100_000 }] },
    ]);
    expect(over.reasons).toEqual(['over']);
  });
});

describe('money that came before its payment', () => {
  test('counts once, and once it has found it is listed only among the adopted', async () => {
    const kitchen = await newLocation(api);
    const total = async () => {
      const { body } = await list('limit=1');
      const dong = body.totals.find(({ currency }: Json) => currency === 'VND');
      return [dong?.received ?? 0, dong?.open_count ?? 0];
    };
    const [received = 0, open = 0] = await total();
    const reference = `QR${randomUUID().slice(0, 8).toUpperCase()}`;
    const raw = momoBody({ orderId: reference, requestId: reference, amount: 50_000 });
    await api.http('POST', '/webhooks/momo', { raw });
    const [stray] = await payments('reason=unmatched&limit=1');
    expect(stray).toMatchObject({ claimed_reference: reference, session_id: null, amount: 50_000 });
    expect(await total()).toEqual([received + 50_000, open + 1]);

    const waiting = { payment_reference: reference, amount: 50_000, method: 'momo', status: 'pending' };
    const pending = await record(await meal(kitchen), waiting);
    await api.http('POST', '/webhooks/momo', { raw });
    expect(await payments(`location_id=${kitchen.locationId}`)).toMatchObject([
      { payment_id: pending.payment_id, status: 'succeeded' },
    ]);
    expect(await total()).toEqual([received + 50_000, open]);
    expect(idsOf(await payments('limit=500'))).not.toContain(stray.payment_id);
    const adopted = await list('resolution=adopted');
    expect(idsOf(adopted.body.payments)).toEqual([stray.payment_id]);
    expect(adopted.body.payments[0].resolved_by).toEqual({ type: 'server', id: 'server', name: null });
    expect(adopted.body.totals).toEqual([]);
  });
});

describe('a stretch of time', () => {
  let kitchen: Kitchen;
  let at: string;
  const amounts = async (query: string) => (await payments(`${at}&${query}`)).map(({ amount }) => amount).sort();

  beforeAll(async () => {
    kitchen = await newLocation(api, { timezone: 'Asia/Ho_Chi_Minh' });
    at = `location_id=${kitchen.locationId}`;
    // Local time is UTC+7: the fifth of March begins on the fourth at 17:00 UTC.
    const times = [
      '2026-03-04T16:59:59.999Z',
      '2026-03-04T17:00:00Z',
      '2026-03-05T16:59:59.999Z',
      '2026-03-05T17:00:00Z',
    ];
    for (const [index, time] of times.entries()) {
      const { payment_id: id } = await record(await meal(kitchen), { amount: index + 1 });
      await api.sql`UPDATE payments SET settled_at = ${time} WHERE id = ${id}`;
    }
    const { payment_id: id } = await record(await meal(kitchen), { amount: 9, status: 'pending' });
    await api.sql`UPDATE payments SET created_at = '2026-03-05T03:00:00Z' WHERE id = ${id}`;
  });

  test('is of whole local days where dates are given, the last one with it', async () => {
    expect(await amounts('from=2026-03-05&to=2026-03-05')).toEqual([2, 3, 9]);
    expect(await amounts('from=2026-03-04&to=2026-03-05')).toEqual([1, 2, 3, 9]);
    expect(await amounts('from=2026-03-05')).toEqual([2, 3, 4, 9]);
    expect(await amounts('to=2026-03-04')).toEqual([1]);
  });

  test('is exact where times are given: from the first on, before the second', async () => {
    expect(await amounts('from=2026-03-04T17:00:00Z&to=2026-03-05T17:00:00Z')).toEqual([2, 3, 9]);
    expect(await amounts('from=2026-03-05T00:00:00%2B07:00&to=2026-03-05T17:00:00.001Z')).toEqual([2, 3, 4, 9]);
    expect(await amounts('from=2026-03-05T00:00:00+07:00')).toEqual([2, 3, 4, 9]);
  });

  test('of a key that is bound to a location has that location’s days', async () => {
    const key = await newKey(api, { role: 'cashier', locationId: kitchen.locationId });
    const { body } = await list('from=2026-03-05&to=2026-03-05', {}, key);
    expect(body.payments).toHaveLength(3);
    expect(body.totals[0]).toMatchObject(sums([3, 2, 1], [5, 0, 9]));
  });

  test.each<[string, string]>([
    ['from=2026-02-30', 'from'],
    ['to=yesterday', 'to'],
    ['from=2026-03-05T10:00', 'from'],
    ['from=2026-03-06&to=2026-03-05', 'to'],
    ['from=2026-03-05T00:00:00Z&to=2026-03-05T00:00:00Z', 'to'],
  ])('is refused as %s', async (query, path) => {
    const answer = await list(`${at}&${query}`);
    expect([answer.status, pathsOf(answer)]).toEqual([400, [path]]);
  });

  test('by dates needs to know the place', async () => {
    const answer = await list('from=2026-03-05');
    expect([answer.status, pathsOf(answer)]).toEqual([400, ['from']]);
    expect((await list('from=2026-03-05T00:00:00Z&limit=1')).status).toBe(200);
  });
});

test.each<[string, string]>([
  ['limit=0', 'limit'],
  ['limit=501', 'limit'],
  ['limit=many', 'limit'],
  ['cursor=nonsense', 'cursor'],
  ['status=paid', 'status'],
  ['method=card', 'method'],
  ['reason=odd', 'reason'],
  ['unresolved=maybe', 'unresolved'],
  ['location_id=here', 'location_id'],
])('a list with %s is refused, naming the parameter', async (query, path) => {
  const answer = await list(query);
  expect([answer.status, pathsOf(answer)]).toEqual([400, [path]]);
});

describe('as CSV', () => {
  const csv = { Accept: 'text/csv' };
  const header =
    'payment_id,payment_reference,claimed_reference,session_id,amount,currency,method,status,provider,provider_transaction_id,mismatch,reasons,bill_seq,split,refunded_amount,actor,note,resolution,resolution_note,resolved_by,resolved_at,created_at,settled_at';

  test('has a header row and a line for every payment, with the words of the list', async () => {
    const kitchen = await newLocation(api);
    const visit = await meal(kitchen);
    const recorded = await record(visit, { amount: 60_000, note: 'two notes, "old"', payment_reference: 'A.1' });
    const answer = await list(`location_id=${kitchen.locationId}`, csv);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="payments.csv"');
    expect(answer.headers.get('vary')).toContain('Accept');
    expect(answer.text).toBe(
      `${header}\r\n${recorded.payment_id},A.1,,${visit.sessionId},60000,VND,other,succeeded,,,over,over,3,,0,` +
        `${recorded.actor.name},"two notes, ""old""",,,,,${recorded.created_at},${recorded.settled_at}\r\n`,
    );
  });

  test.each(['=cmd|calc', '+84 1', '-1', '@now', '\tx'])('keeps a spreadsheet from running %j', async (note) => {
    const kitchen = await newLocation(api);
    await record(await meal(kitchen), { amount: 1, note });
    const { text } = await list(`location_id=${kitchen.locationId}`, csv);
    expect(text).toContain(`,'${note},`);
    expect(text).not.toContain(`,${note},`);
  });

  test('keeps to the filter, and is JSON for those who take anything', async () => {
    const kitchen = await newLocation(api);
    await record(await meal(kitchen), { amount: 1 });
    expect((await list(`location_id=${kitchen.locationId}&method=cash`, csv)).text).toBe(`${header}\r\n`);
    const anything = await list(`location_id=${kitchen.locationId}`, { Accept: '*/*' });
    expect(anything.body.payments).toHaveLength(1);
  });

  test('is refused like the list itself', async () => {
    const answer = await list('status=paid', csv);
    expect([answer.status, answer.headers.get('content-type'), pathsOf(answer)]).toEqual([
      ...[400, expect.stringMatching('problem[+]json'), ['status']],
    ]);
    expect((await list('limit=1', csv, demo.staff)).status).toBe(403);
  });

  test('has ten thousand lines at most, and says where the others start', async () => {
    const kitchen = await newLocation(api);
    await api.sql`
      INSERT INTO payments (tenant_id, id, location_id, payment_reference, method, status, amount, currency, actor)
      SELECT ${demo.tenant}, ('01990000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, ${kitchen.locationId},
        'bulk-' || n, 'cash', 'succeeded', n, 'VND', '{"type": "staff", "id": "k", "name": "Mai"}'
      FROM generate_series(1, 10003) n`;
    const first = await list(`location_id=${kitchen.locationId}&limit=7`, csv);
    const lines = first.text.split('\r\n');
    expect(lines).toHaveLength(1 + 10_000 + 1);
    const cursor = first.headers.get('next-cursor');
    expect(cursor).toMatch(/0004$/);
    const rest = await list(`location_id=${kitchen.locationId}&cursor=${cursor}`, csv);
    expect(
      rest.text
        .split('\r\n')
        .slice(1, -1)
        .map((line) => line.split(',')[4]),
    ).toEqual(['3', '2', '1']);
    expect(rest.headers.get('next-cursor')).toBeNull();
    const { body } = await list(`location_id=${kitchen.locationId}&limit=1`);
    expect(body.totals[0]).toMatchObject(sums([10_003, 10_003, 0], [(10_003 * 10_004) / 2, 0, 0]));
  });
});
