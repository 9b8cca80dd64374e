import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { billTable } from '../../demo/dinner/bill.mjs';
import { loadDocument } from '../../demo/dinner/protocols/documents.mjs';
import { toEventInput, toRestWords } from '../../demo/dinner/protocols/graphql-names.mjs';
import { readSettings } from '../../demo/dinner/settings.mjs';
import { widthOf } from '../../demo/dinner/story.mjs';
import { whoIs, wordsOf } from '../../demo/dinner/words.mjs';
import { runProgram } from '../support/server-process.js';
import type { Line, LogEvent, Payment } from '../../demo/dinner/types.js';

const persisted = JSON.parse(
  readFileSync(new URL('../../src/rest/persisted-documents.json', import.meta.url), 'utf8'),
) as object;
const operations = readdirSync(new URL('../../demo/dinner/operations', import.meta.url));

describe('the documents of the dinner', () => {
  it.each(operations)('%s is in the list of the server under the id that the phones send', (file) => {
    const { id, text } = loadDocument(file.replace('.graphql', ''));
    expect(persisted).toHaveProperty([id], text);
  });
});

describe('the words of GraphQL', () => {
  it('become those of REST, except inside stored JSON', () => {
    const answer = { lastEventSeq: 3, type: 'ADD_ITEM', payload: { keepMe: 'AS_IS' }, items: [{ addedBy: null }] };
    expect(toRestWords(answer)).toEqual({
      last_event_seq: 3,
      type: 'add_item',
      payload: { keepMe: 'AS_IS' },
      items: [{ added_by: null }],
    });
  });

  it('take an event as one field of its own name', () => {
    expect(toEventInput('modify_qty', { line_id: 'l', delta: 1 })).toEqual({ modifyQty: { lineId: 'l', delta: 1 } });
  });
});

describe('the bill as a table', () => {
  const line = (name: string, line_total: number): Line => ({
    ...{ line_id: 'l', menu_item_id: 'm', quantity: 2, unit_price: line_total / 2, options: [], note: null },
    ...{ name, line_total, state: 'draft', round: null, added_by: { type: 'device', id: 'd', name: 'Tuấn' } },
  });

  it('aligns its figures also when letters are written with combining marks', () => {
    const items = [line('Phở bò tái', 150_000), line('Phở bò tái'.normalize('NFD'), 2_000), line('Trà', 10_000)];
    const table = billTable({ ...blank, items, total: 162_000, paid: 0, due: 162_000 });
    const ends = table.slice(2, 5).map((row) => widthOf(row.slice(0, row.indexOf('Tuấn'))));
    expect(new Set(ends).size).toBe(1);
    expect(table[2]).toMatch(/2 {2}Phở bò tái +75\.000 +150\.000 {2}Tuấn$/);
    expect(table.at(-1)).toMatch(/Due \(VND\) +162\.000$/);
  });

  it('shows how cash was rounded, and who paid how much in which way', () => {
    const rounding = { adjustment_id: 'c', kind: 'discount', amount: 333, basis_points: null, reason: 'cash rounding' };
    const paid = (method: string, amount: number, name: string): Payment => ({
      ...{ payment_id: method, payment_reference: method, amount, method, status: 'succeeded' },
      actor: { type: 'device', id: 'd', name },
    });
    const failed = { ...paid('zalopay', 7_000, 'Hoa'), status: 'failed' };
    const bill = {
      ...blank,
      items: [],
      subtotal: 10_333,
      adjustments: [rounding],
      total: 10_000,
      paid: 10_000,
      due: 0,
    };
    const table = billTable(bill, [paid('momo', 4_000, 'Lan'), failed, paid('cash', 6_000, 'Mai')]);
    const words = table.filter((row) => !row.startsWith('─')).map((row) => row.trim().replaceAll(/ {2,}/g, ' '));
    expect(words.slice(1)).toEqual([
      ...['Subtotal 10.333', 'Cash rounding −333', 'Total 10.000'],
      ...['Paid through MoMo 4.000 Lan', 'Paid in cash 6.000 Mai', 'Due (VND) 0'],
    ]);
  });

  const blank = {
    ...{ session_id: 's', status: 'open', currency: 'VND', devices: [], subtotal: 0, service_charge: 0 },
    ...{ discount: 0, surcharge: 0, adjustments: [], payment_status: 'none', claims: [], added_since_payment: null },
    ...{ rounds: [], service_calls: [], last_event_seq: 1 },
  };
});

describe('the words of money', () => {
  const event = (event_type: string, name: string | null, payload: LogEvent['payload']): LogEvent => ({
    ...{ event_id: event_type, event_seq: 1, event_type, payload, created_at: '2026-01-01T12:00:00.000Z' },
    actor: { type: 'device', id: 'd', name },
  });
  const split = { type: 'share', part: 0, parts: 3 };
  const start = event('payment_started', 'Lan', { payment_id: 'p', method: 'momo', amount: 309_334, split });
  const settled = event('payment_settled', null, { payment_id: 'p', method: 'momo', amount: 309_334 });
  const taken = { method: 'cash', amount: 314_000, rounding: -333, tendered: 500_000, change: 186_000 };

  it('tell which part somebody pays, whose money is there, and what cash came to', () => {
    const log = [start, settled];
    expect(wordsOf(start, log)).toBe('wants to pay 309.334 ₫ through MoMo, part 1 of 3');
    expect(wordsOf(settled, log)).toBe('has 309.334 ₫ from Lan');
    expect(wordsOf(event('payment_settled', 'Mai', taken), log)).toBe(
      'takes 314.000 ₫ in cash (314.333 ₫, rounded) and gives 186.000 ₫ back',
    );
  });

  it('tell what goes to the kitchen', () => {
    const round = event('submit_round', 'Mai', { round: 2, line_ids: ['l-1', 'l-2'], held: false });
    expect(wordsOf(round, [])).toBe('sends round 2 to the kitchen: 2 lines');
  });

  it('call a provider by its name', () => {
    expect(whoIs({ type: 'provider', id: 'zalopay', name: null })).toBe('ZaloPay');
    expect(whoIs({ type: 'server', id: 'server', name: null })).toBe('server');
    expect(whoIs({ type: 'device', id: 'd', name: 'Lan' })).toBe('Lan');
  });
});

describe('the address of the dinner', () => {
  it('is --url before BASE_URL before the default, without a slash at its end', () => {
    expect(readSettings(['--url', 'http://a:1/'], { BASE_URL: 'http://b:2' }).base).toBe('http://a:1');
    expect(readSettings([], { BASE_URL: 'http://b:2' }).base).toBe('http://b:2');
    expect(readSettings([], {}).base).toBe('http://localhost:4000');
  });

  it.each([['--url', 'table four'], ['--url', 'ftp://a'], ['--ur'], ['extra']])('refuses %s %s', (...argv) => {
    expect(() => readSettings(argv, {})).toThrow();
  });
});

describe('the dinner at a server that is not for it', () => {
  /** Answers these paths, and nothing else. */
  async function serve(answers: Readonly<Record<string, object>>): Promise<string> {
    const server = createServer(({ url = '' }, response) => {
      const answer = answers[url];
      response.writeHead(answer ? 200 : 404).end(JSON.stringify(answer ?? { status: 404 }));
    });
    onTestFinished(() => void server.close());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const needs = 'The dinner needs a server with DEMO=1 and no *_URL of a provider.';

  it('says before it begins that nobody plays the payment providers', async () => {
    const url = await serve({ '/livez': {} });
    const stderr = `${url} does not simulate payment providers. ${needs}\n`;
    expect(await runProgram(['demo/dinner/main.mjs', '--url', url])).toMatchObject({ code: 2, stdout: '', stderr });
  });

  it('says plainly that its keys are unknown, or that a provider is another', async () => {
    for (const code of ['UNAUTHENTICATED', 'PROVIDER_UNAVAILABLE']) {
      const refusal = { errors: [{ message: 'not here', extensions: { code } }] };
      const url = await serve({ '/livez': {}, '/demo/gateway/orders': { orders: [] }, '/graphql': refusal });
      const stderr = `${code}: not here. ${needs}\n`;
      expect(await runProgram(['demo/dinner/main.mjs', '--url', url])).toMatchObject({ code: 2, stderr });
    }
  });
});
