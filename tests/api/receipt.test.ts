/** The page that guests take home: what it says, who may see it, and that no name on it can do anything. */
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { asId, type SessionId } from '../../src/domain/ids.js';
import {
  add,
  append,
  type Ask,
  demo,
  newKey,
  newLocation,
  newTable,
  sitDown,
  useApi,
  type Visit,
} from '../support/api.js';
import { hasBrowser, useBrowser } from '../support/browser.js';
import { atProvider, startPaying } from '../support/payments.js';
import { endTime } from '../support/session-time.js';

const api = useApi({ env: { SESSION_GRACE_SECONDS: '600' } });
const lab = useBrowser();

const receipt = (visit: Pick<Visit, 'sessionId'>, { query = '', ...ask }: Ask & { query?: string } = {}) =>
  api.http('GET', `/api/v1/sessions/${visit.sessionId}/receipt${query}`, { as: demo.staff, ...ask });
const codeOf = (text: string) => JSON.parse(text).code as string;
/** What stands on the page, without the tags. */
const wordsOf = (html: string) =>
  html
    .replace(/<style>[^]*<\/style>/, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

async function ticketOf(visit: Visit, as = visit.phone): Promise<string> {
  const { body } = await api.rest(`POST /sessions/${visit.sessionId}/stream-tickets`, { as });
  return body.ticket;
}

const cash = (visit: Visit, amount?: number) =>
  api.rest('POST /admin/payments/cash', {
    as: demo.cashier,
    body: { session_id: visit.sessionId, idempotency_key: randomUUID(), ...(amount && { amount }) },
  });

/** Two bowls with an egg each, and a coffee that was sent back. */
async function supper(): Promise<Visit> {
  const visit = await sitDown(api, await newTable(api));
  await append(
    api,
    visit,
    add({ menu_item_id: demo.pho, quantity: 2, options: [demo.large, demo.egg], note: 'for me' }),
  );
  await append(api, visit, add());
  await append(api, visit, { idempotency_key: randomUUID(), event_type: 'submit_round', payload: {} });
  const { body } = await api.rest(`GET /sessions/${visit.sessionId}/snapshot`, { as: demo.staff });
  const away = {
    event_type: 'set_line_state',
    payload: { line_id: body.items[1].line_id, state: 'cancelled', reason: 'cold' },
  };
  await append(api, { ...visit, phone: demo.staff }, { idempotency_key: randomUUID(), ...away });
  const discount = { event_type: 'adjust_bill', payload: { kind: 'discount', amount: 20_000, reason: 'Khách quen' } };
  await append(api, { ...visit, phone: demo.cashier }, { idempotency_key: randomUUID(), ...discount });
  return visit;
}

describe('the page', () => {
  test('has the bill with its place, time and payments, in Vietnamese and in English', async () => {
    const visit = await supper();
    await cash(visit, 100_000);
    const intent = await startPaying(api, visit);
    await atProvider(api, intent, 'pay');
    await api.sql`UPDATE qr_sessions SET opened_at = '2026-03-05T12:30:00Z', ended_at = '2026-03-05T14:05:00Z'
      WHERE id = ${visit.sessionId}`;
    const [location] = await api.sql`SELECT name FROM locations WHERE id = ${demo.location}`;

    const english = await receipt(visit, { query: '?language=en' });
    expect(english.status).toBe(200);
    expect(english.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const words = wordsOf(english.text);
    for (const said of [location?.name, 'Receipt', 'Table X ', 'Opened 05/03/2026, 19:30', 'Ended 05/03/2026, 21:05']) {
      expect(words).toContain(said);
    }
    expect(words).toMatch(/2 × Phở bò tái 200,000 75,000 \+ Tô lớn, 15,000 \+ Trứng, 10,000/);
    expect(words).toMatch(/Subtotal 200,000 Discount Khách quen -20,000/);
    expect(words).toContain('Total 180,000 ₫');
    expect(words).toContain('Cash 100,000');
    expect(words).toMatch(new RegExp(`MoMo …${intent.payment_reference.slice(-4)} 80,000`));
    expect(words).toContain('Not a tax invoice');
    expect(words).not.toContain('Due');
    // Who sat there is nobody's business.
    expect(english.text).not.toMatch(/Lan|for me|cold/);
    expect(english.text).not.toContain(visit.deviceId);
    expect(english.text).not.toContain(intent.payment_reference);

    const vietnamese = wordsOf((await receipt(visit)).text);
    for (const said of [
      'Biên nhận',
      'Bàn X ',
      '19:30 5/3/26',
      'Tổng cộng 180.000 ₫',
      'Tiền mặt 100.000',
      'Đã thanh toán',
    ]) {
      expect(vietnamese).toContain(said);
    }
  });

  test('of a bill that is not paid says so, and what is due', async () => {
    const words = wordsOf((await receipt(await supper(), { query: '?language=en' })).text);
    expect(words).toContain('Bill, not yet paid');
    expect(words).toContain('Due 180,000 ₫');
    expect(words).not.toMatch(/Ended|Receipt/);
  });

  test('of a table that ordered nothing is a page as well', async () => {
    const words = wordsOf((await receipt(await sitDown(api), { query: '?language=en' })).text);
    expect(words).toContain('Nothing was ordered');
  });

  test('tells service, tax and money given back', async () => {
    const at = await newLocation(api, { service_bps: 500, tax_inclusive: false });
    await api.sql`UPDATE menu_items SET tax_bps = 1000 WHERE id = ${at.itemId}`;
    const visit = await sitDown(api, at);
    await append(api, visit, add({ menu_item_id: at.itemId }));
    const { body } = await cash(visit);
    await api.rest(`POST /admin/payments/${body.payment_id}/refund`, {
      as: demo.cashier,
      body: { amount: 5_000, reason: 'cold', idempotency_key: randomUUID(), manual: true },
    });
    const words = wordsOf((await receipt(visit, { query: '?language=en' })).text);
    expect(words).toContain('Subtotal 50,000 Service charge 2,500 Tax 5,250 Total 57,750 ₫');
    expect(words).toContain('Cash 57,750 Given back -5,000');
    expect(words).toContain('Due 5,000 ₫');
  });

  test('shows amounts of other currencies with their point, and times of zones that only Postgres knows', async () => {
    const at = await newLocation(api, { currency: 'EUR', timezone: 'posix/Europe/Berlin' });
    const visit = await sitDown(api, at);
    await append(api, visit, add({ menu_item_id: at.itemId }));
    const words = wordsOf((await receipt(visit, { query: '?language=en' })).text);
    expect(words).toContain('1 × Cơm 500.00 Total 500.00 EUR');
  });

  test('runs nothing that a name says', async () => {
    const evil = '<script>alert(1)</script>"\'&<img src=x onerror=alert(2)>';
    const at = await newLocation(api, { name: evil });
    await api.sql`UPDATE menu_items SET name = ${evil} WHERE id = ${at.itemId}`;
    await api.sql`UPDATE dining_tables SET name = ${evil} WHERE id = ${at.tableId}`;
    const visit = await sitDown(api, at);
    await append(api, visit, add({ menu_item_id: at.itemId }));
    const discount = { event_type: 'adjust_bill', payload: { kind: 'discount', amount: 1, reason: evil } };
    await append(api, { ...visit, phone: demo.cashier }, { idempotency_key: randomUUID(), ...discount });
    const { text, headers } = await receipt(visit);
    expect(text).not.toMatch(/<script|<img/);
    expect(text.split('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;&lt;img')).toHaveLength(6);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(headers.get('cache-control')).toBe('private, no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  test.skipIf(!hasBrowser)('looks like a receipt on a phone and on a roll, and its style is let through', async () => {
    const visit = await supper();
    await cash(visit, 100_000);
    const ticket = await ticketOf(visit);
    const { page, troubles } = await lab.phone(
      `${api.address}/api/v1/sessions/${visit.sessionId}/receipt?ticket=${ticket}&language=en`,
    );
    const facts = await page.evaluate(() => ({
      width: document.documentElement.scrollWidth,
      weight: getComputedStyle(document.querySelector('.total') as Element).fontWeight,
      amounts: [...document.querySelectorAll('.n')].map((one) => one.getClientRects().length),
    }));
    expect(facts).toMatchObject({ width: 390, weight: '700' });
    expect(new Set(facts.amounts)).toEqual(new Set([1]));
    await page.emulateMedia({ media: 'print' });
    const printed = await page.evaluate(() => document.querySelector('main')?.getBoundingClientRect().width ?? 0);
    expect(printed).toBeLessThanOrEqual((72 / 25.4) * 96 + 1);
    expect(troubles).toEqual([]);
  });
});

describe('who sees it', () => {
  test('its phones and staff of the place, nobody else', async () => {
    const [visit, other] = [await supper(), await sitDown(api)];
    const elsewhere = await newLocation(api);
    const bound = await newKey(api, { locationId: elsewhere.locationId });
    const statusFor = async (as: string | null, id = visit.sessionId) =>
      (await receipt({ sessionId: id }, { as })).status;
    expect(await statusFor(visit.phone)).toBe(200);
    expect(await statusFor(demo.staff)).toBe(200);
    expect(await statusFor(demo.manager)).toBe(200);
    expect(await statusFor(other.phone)).toBe(404);
    expect(await statusFor(bound)).toBe(404);
    expect(await statusFor(demo.otherStaff)).toBe(404);
    expect(await statusFor(demo.staff, randomUUID())).toBe(404);
    expect(await statusFor(visit.token)).toBe(403);
    expect(await statusFor(demo.operator)).toBe(403);
    expect(await statusFor(null)).toBe(401);
    expect(await statusFor('nonsense')).toBe(401);
    const query =
      'query ($id: UUID!) { receipt(sessionId: $id) { restaurant payments { method } snapshot { total } } }';
    const asked = async (as: string) => (await api.graphql(query, { id: visit.sessionId }, { as })).body;
    expect((await asked(visit.phone)).data.receipt).toMatchObject({ payments: [], snapshot: { total: 180_000 } });
    expect((await asked(other.phone)).errors[0].extensions.code).toBe('NOT_FOUND');
    expect((await asked(visit.token)).errors[0].extensions.code).toBe('FORBIDDEN');
  });

  test('whoever has a ticket of the session, and reads no more than that with it', async () => {
    const [visit, other] = [await supper(), await sitDown(api)];
    const [own, staffs] = [await ticketOf(visit), await ticketOf(visit, demo.staff)];
    const by = (ticket: string, at: Visit = visit) => receipt(at, { as: null, query: `?ticket=${ticket}` });
    expect((await by(own)).status).toBe(200);
    expect((await by(staffs)).status).toBe(200);
    expect((await by(own, other)).status).toBe(404);
    expect((await by('nonsense')).status).toBe(401);
    expect(codeOf((await by('nonsense')).text)).toBe('UNAUTHENTICATED');
    expect((await by(visit.phone)).status).toBe(401);
    const snapshot = await api.http('GET', `/api/v1/sessions/${visit.sessionId}/snapshot?ticket=${own}`);
    expect(snapshot.status).toBe(401);
    const removal = await api.rest(`DELETE /sessions/${visit.sessionId}/devices/${visit.deviceId}`, { as: demo.staff });
    expect(removal.status).toBe(204);
    expect((await by(own)).status).toBe(401);
    expect((await receipt(visit, { as: visit.phone })).status).toBe(401);
  });

  test('phones during grace, and not after it; staff ever after', async () => {
    const visit = await supper();
    const ticket = await ticketOf(visit);
    await endTime(api.sql, asId<SessionId>(visit.sessionId));
    expect((await receipt(visit, { as: visit.phone })).status).toBe(200);
    expect((await receipt(visit, { as: null, query: `?ticket=${ticket}` })).status).toBe(200);
    await api.sql`UPDATE qr_sessions SET expires_at = expires_at - interval '11 minutes' WHERE id = ${visit.sessionId}`;
    expect((await receipt(visit, { as: visit.phone })).status).toBe(401);
    expect((await receipt(visit, { as: null, query: `?ticket=${ticket}` })).status).toBe(401);
    expect((await receipt(visit)).status).toBe(200);
  });

  test('a language that it does not know is refused', async () => {
    const { status, text } = await receipt(await supper(), { query: '?language=fr' });
    expect([status, codeOf(text), JSON.parse(text).errors]).toEqual([
      ...[400, 'VALIDATION_FAILED'],
      [{ path: 'language', message: 'must be vi or en' }],
    ]);
  });
});
