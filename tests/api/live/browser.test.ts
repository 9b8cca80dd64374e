/** A browser's own EventSource, and the guests' page that uses it. */
import { describe, expect, test } from 'vitest';
import { add, append, demo, newEventKey, sitDown, useApi, type Visit } from '../../support/api.js';
import { hasBrowser, type Phone, useBrowser } from '../../support/browser.js';
import { cuttableDatabase as cuttable } from '../../support/cuttable-database.js';
import { figure } from '../../support/event-stream.js';
import { eventually } from '../../support/eventually.js';

const api = useApi();
const browser = useBrowser();

const close = ({ sessionId }: Visit) =>
  api.rest(`POST /sessions/${sessionId}/close`, { as: demo.staff, body: { reason: 'they left' } });

describe.runIf(hasBrowser)('an EventSource', () => {
  test('goes on by itself after its connection was cut, without a gap or a repeat, and stops at the end', async () => {
    const way = await cuttable(api.address);
    try {
      const visit = await sitDown(api);
      const { body } = await api.rest(`POST /sessions/${visit.sessionId}/stream-tickets`, { as: visit.phone });
      const { page } = await browser.phone(`${way.url}demo/`);
      await page.evaluate(
        ({ path }) => {
          const heard: string[] = [];
          const source = new EventSource(path);
          source.onmessage = ({ data, lastEventId, type }) => {
            const event = JSON.parse(data) as { event_seq: number };
            heard.push(`${type} ${lastEventId} ${event.event_seq}`);
          };
          Object.assign(window, { heard, source });
        },
        { path: `/api/v1/sessions/${visit.sessionId}/events/stream?cursor=0&ticket=${body.ticket}` },
      );
      const look = () =>
        page.evaluate(() => {
          const { heard, source } = window as unknown as { heard: string[]; source: EventSource };
          return { heard, state: source.readyState };
        });
      const until = (seq: number) => eventually(async () => (await look()).heard.length >= seq, { within: 15_000 });
      await until(2);
      for (let cut = 0; cut < 2; cut += 1) {
        await append(api, visit, add());
        await until(3 + 2 * cut);
        way.cut('refuse');
        await eventually(async () => (await look()).state === 0);
        await append(api, visit, add());
        way.mend();
        await until(4 + 2 * cut);
      }
      await close(visit);
      await eventually(async () => (await look()).state === 2, { within: 15_000 });
      expect((await look()).heard).toEqual([1, 2, 3, 4, 5, 6, 7].map((seq) => `message ${seq} ${seq}`));
    } finally {
      await way.stop();
    }
  });
});

describe.runIf(hasBrowser)('the page of two guests', () => {
  const adding = (dish: string) => `button[aria-label="One more ${dish}"]`;
  const streams = () => figure(api.address, 'qr_live_streams', { face: 'sse' });

  /** Scans the code, gives a name and looks at the shared cart. */
  async function sit({ page }: Phone, name: string): Promise<void> {
    await page.fill('input[name=name]', name);
    await page.click('form button');
    await page.click('nav button:nth-child(2)');
  }

  /** How many of each line the cart shows, from top to bottom. */
  const cart = ({ page }: Phone) => page.locator('main output').allTextContents();
  const shows = (phone: Phone, wanted: readonly string[]) =>
    eventually(async () => JSON.stringify(await cart(phone)) === JSON.stringify(wanted), { within: 15_000 });
  const banner = ({ page }: Phone) => page.locator('#banner');
  const order = async ({ page }: Phone, dish: string) => {
    await page.click('nav button:nth-child(1)');
    await page.click(adding(dish));
    await page.click('nav button:nth-child(2)');
  };
  const sessionAt = async (table: number) => {
    const [row] = await api.sql`SELECT id FROM qr_sessions WHERE table_id = ${demo.table(table)} AND status = 'open'`;
    return String(row?.id);
  };

  test('shows at once what the other one orders, without asking for it', async () => {
    const lan = await browser.phone(`${api.address}/demo/#t=demo-table-1`);
    const minh = await browser.phone(`${api.address}/demo/#t=demo-table-1`);
    await sit(lan, 'Lan');
    await sit(minh, 'Minh');
    await eventually(async () => (await streams()) === 2);
    const asked: string[] = [];
    minh.page.on('request', (request) => asked.push(new URL(request.url()).pathname.split('/').at(-1) ?? ''));
    await order(lan, 'Gỏi cuốn');
    await shows(minh, ['1']);
    await minh.page.click(adding('Gỏi cuốn'));
    await shows(lan, ['2']);
    await shows(minh, ['2']);
    // The bill is read; the log is not asked for by anybody, the other events are the tap itself.
    expect(asked.filter((name) => name === 'stream' || name === 'stream-tickets')).toEqual([]);
    expect(asked.filter((name) => name === 'events')).toHaveLength(1);
    await api.rest(`POST /sessions/${await sessionAt(1)}/close`, { as: demo.staff, body: { reason: 'they left' } });
    for (const phone of [lan, minh]) {
      await eventually(async () => (await banner(phone).textContent())?.startsWith('This visit has ended'));
      expect(phone.troubles).toEqual([]);
    }
    await eventually(async () => (await streams()) === 0);
  });

  test('shows at once that a dish is sold out, and that it is to be had again', async () => {
    const lan = await browser.phone(`${api.address}/demo/#t=demo-table-5`);
    await lan.page.fill('input[name=name]', 'Lan');
    await lan.page.click('form button');
    const more = lan.page.locator(adding('Chả giò'));
    await eventually(() => more.isEnabled(), { within: 15_000 });
    const sell = async (available: boolean) => {
      const id = '01900000-0000-7000-8000-000000000208';
      await api.rest(`POST /admin/menu-items/${id}/availability`, { as: demo.staff, body: { available } });
    };
    for (const available of [false, true]) {
      await sell(available);
      await eventually(async () => (await more.isEnabled()) === available, { within: 15_000 });
    }
    expect(lan.troubles).toEqual([]);
  });

  test('sends to the kitchen, shows how far a dish is, calls a waiter, and follows to another table', async () => {
    const lan = await browser.phone(`${api.address}/demo/#t=demo-table-6`);
    await sit(lan, 'Lan');
    await order(lan, 'Gỏi cuốn');
    await lan.page.click('button:text("Send to kitchen (1)")');
    const says = (text: string) =>
      eventually(() => lan.page.locator(`:text("${text}")`).first().isVisible(), { within: 15_000 });
    await says('in the kitchen');
    const session = `/sessions/${await sessionAt(6)}`;
    const { body: bill } = await api.rest(`GET ${session}/snapshot`, { as: demo.staff });
    const staff = async (event_type: string, payload: object) => {
      const body = { idempotency_key: newEventKey(), event_type, payload };
      expect((await api.rest(`POST ${session}/events`, { as: demo.staff, body })).status).toBe(201);
    };
    await staff('set_line_state', { line_id: bill.items[0].line_id, state: 'served' });
    await says('served');
    await lan.page.click('button:text("Call a waiter")');
    await says('A waiter is called');
    await staff('resolve_service', { kind: 'waiter', outcome: 'taken' });
    await says('is coming');
    await staff('resolve_service', { kind: 'waiter', outcome: 'done' });
    await says('Call a waiter');
    await api.rest(`POST ${session}/move`, { as: demo.staff, body: { table_id: demo.table(7) } });
    await eventually(async () => (await banner(lan).textContent()) === 'You sit at T7 now.', { within: 15_000 });
    expect(await lan.page.locator('#top h1').textContent()).toMatch(/ · T7$/);
    await api.rest(`POST ${session}/close`, { as: demo.staff, body: { reason: 'they left' } });
    expect(lan.troubles).toEqual([]);
  });

  test('says that it is offline, keeps what is tapped, and is up to date once it is back', async () => {
    const way = await cuttable(api.address);
    try {
      const lan = await browser.phone(`${way.url}demo/#t=demo-table-2`);
      const minh = await browser.phone(`${api.address}/demo/#t=demo-table-2`);
      await sit(lan, 'Lan');
      await sit(minh, 'Minh');
      await order(minh, 'Gỏi cuốn');
      await shows(lan, ['1']);
      way.cut('refuse');
      await eventually(async () => (await banner(lan).textContent())?.startsWith('Offline'), { within: 15_000 });
      await lan.page.click(adding('Gỏi cuốn'));
      await order(minh, 'Chả giò');
      way.mend();
      await shows(lan, ['2', '1']);
      await shows(minh, ['2', '1']);
      await eventually(async () => !(await banner(lan).isVisible()), { within: 15_000 });
      expect([...lan.troubles, ...minh.troubles]).toEqual([]);
    } finally {
      await way.stop();
    }
  });

  test('asks again and again where no stream can be had', async () => {
    const lan = await browser.phone(`${api.address}/demo/#t=demo-table-3`);
    const minh = await browser.phone(`${api.address}/demo/#t=demo-table-3`);
    await minh.page.route('**/events/stream?*', (route) => route.fulfill({ status: 503, body: '' }));
    await sit(lan, 'Lan');
    await sit(minh, 'Minh');
    await order(lan, 'Gỏi cuốn');
    await shows(minh, ['1']);
    await minh.page.unroute('**/events/stream?*');
    await eventually(async () => (await streams()) >= 2, { within: 15_000 });
    expect(await banner(minh).isVisible()).toBe(false);
    expect(minh.troubles).toEqual([]);
  });

  test('gets another ticket when the one it has is worth nothing any more', async () => {
    const lan = await browser.phone(`${api.address}/demo/#t=demo-table-4`);
    const minh = await browser.phone(`${api.address}/demo/#t=demo-table-4`);
    let tickets = 0;
    await minh.page.route('**/stream-tickets', async (route) => {
      tickets += 1;
      if (tickets > 1) return route.continue();
      return route.fulfill({ status: 201, json: { ticket: 'worth.no.thing', expires_at: '2020-01-01T00:00:00Z' } });
    });
    await sit(lan, 'Lan');
    await sit(minh, 'Minh');
    await eventually(async () => tickets === 2 && (await streams()) >= 2, { within: 15_000 });
    await order(lan, 'Gỏi cuốn');
    await shows(minh, ['1']);
    expect(minh.troubles).toEqual([]);
  });
});
