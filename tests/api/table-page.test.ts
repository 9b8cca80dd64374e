/** The seat that the guests' page keeps on the phone, with the page's own code against the real server. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { demo, newTable, useApi } from '../support/api.js';

const api = useApi();

interface Code {
  readonly place: string;
}
interface Seat {
  readonly sessionId: string;
  readonly token: string;
}
/** What `demo/table/seat.js` exports; a browser's code, which is not compiled. */
interface SeatModule {
  scannedCode(): Code | undefined;
  knownSeat(code: Code): Promise<Seat | undefined>;
  lastSeat(): Promise<Seat | undefined>;
  sitDown(code: Code, name: string): Promise<Seat>;
}

let page: SeatModule;
let kept: Map<string, string>;

beforeEach(async () => {
  kept = new Map();
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
    removeItem: (name: string) => kept.delete(name),
  });
  const realFetch = fetch;
  vi.stubGlobal('fetch', (path: string, options: RequestInit) =>
    realFetch(new URL(path, `${api.address}/demo/`), options),
  );
  page = (await import(new URL('../../demo/table/seat.js', import.meta.url).href)) as SeatModule;
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** Opens the page at an address; what it says was scanned. */
function scan(fragment: string): Code {
  vi.stubGlobal('location', { hash: fragment });
  const code = page.scannedCode();
  if (!code) throw new Error('nothing was scanned');
  return code;
}

async function sit(): Promise<Seat> {
  const { token } = await newTable(api);
  return page.sitDown(scan(`#t=${token}`), 'Lan');
}

const close = ({ sessionId }: Seat) =>
  api.rest(`POST /sessions/${sessionId}/close`, { as: demo.staff, body: { reason: 'they left' } });

test('a phone that has sat nowhere has no last seat', async () => {
  expect(await page.lastSeat()).toBeUndefined();
});

test('a phone that comes back without a code finds the seat where it sat down last', async () => {
  await sit();
  const seat = await sit();
  expect(await page.lastSeat()).toEqual(seat);
});

test('a phone that scanned an earlier code again sits there', async () => {
  const { token } = await newTable(api);
  const code = scan(`#t=${token}`);
  const first = await page.sitDown(code, 'Lan');
  await sit();
  expect(await page.knownSeat(code)).toEqual(first);
  expect(await page.lastSeat()).toEqual(first);
});

test('a visit that has ended still shows its bill, but a new scan begins anew', async () => {
  const { token } = await newTable(api);
  const code = scan(`#t=${token}`);
  const seat = await page.sitDown(code, 'Lan');
  await close(seat);
  expect(await page.lastSeat()).toEqual(seat);
  expect(await page.knownSeat(code)).toBeUndefined();
});

test('a seat whose token is worth nothing is forgotten', async () => {
  const seat = await sit();
  await close(seat);
  await api.sql`UPDATE qr_sessions SET ended_at = ended_at - interval '2 hours' WHERE id = ${seat.sessionId}`;
  expect(await page.lastSeat()).toBeUndefined();
  expect([...kept.keys()].filter((name) => name !== 'qr-session:name')).toEqual([]);
});

test('a phone without a connection forgets nothing', async () => {
  await sit();
  const before = new Map(kept);
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')));
  await expect(page.lastSeat()).rejects.toThrow('no network');
  expect(kept).toEqual(before);
});
