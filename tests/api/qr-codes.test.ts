import { beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, useBrowser } from '../support/browser.js';
import { demo, type Json, newLocation, sitDown, useApi } from '../support/api.js';
import { cut, pixelsOfPng, pixelsOfSvg, readCode } from '../support/qr-reader.js';

const api = useApi();
const browser = useBrowser();
const manager: string = demo.manager;

async function get(path: string, as: string): Promise<{ status: number; type: string | null; bytes: Buffer }> {
  const response = await fetch(`${api.address}/api/v1${path}`, { headers: { Authorization: `Bearer ${as}` } });
  const type = response.headers.get('content-type');
  return { status: response.status, type, bytes: Buffer.from(await response.arrayBuffer()) };
}

async function tablesOf(locationId: string): Promise<readonly Json[]> {
  return (await api.rest(`GET /admin/tables?location_id=${locationId}`, { as: manager })).body.tables;
}

/** How the server calls itself in links. */
async function publicUrl(): Promise<string> {
  return (await api.http('GET', '/openapi.json')).body.servers[0].url;
}

describe("a table's code", () => {
  test('as a vector picture says where its guests land, with its token in the fragment', async () => {
    const svg = await get(`/admin/tables/${demo.table(1)}/qr.svg`, manager);
    expect([svg.status, svg.type]).toEqual([200, 'image/svg+xml']);
    expect(readCode(pixelsOfSvg(svg.bytes.toString()))).toBe(`${await publicUrl()}/demo/#t=demo-table-1`);
  });

  test.each([undefined, 128, 333, 1024])('as pixels of the size %s says the same', async (size) => {
    const query = size === undefined ? '' : `?size=${size}`;
    const png = await get(`/admin/tables/${demo.table(1)}/qr.png${query}`, manager);
    expect([png.status, png.type]).toEqual([200, 'image/png']);
    const pixels = pixelsOfPng(png.bytes);
    expect([pixels.width, pixels.height]).toEqual([size ?? 512, size ?? 512]);
    expect(readCode(pixels)).toBe(`${await publicUrl()}/demo/#t=demo-table-1`);
  });

  test.each(['127', '2049', 'big', '', '12.5', '-200'])('has no size %j', async (size) => {
    const answer = await api.rest(`GET /admin/tables/${demo.table(1)}/qr.png?size=${size}`, { as: manager });
    expect(answer).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED', errors: [{ path: 'size' }] } });
  });

  test('is a credential, so nobody keeps the picture', async () => {
    for (const picture of ['qr.svg', 'qr.png']) {
      const { headers } = await api.rest(`GET /admin/tables/${demo.table(1)}/${picture}`, { as: manager });
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });
});

test("a session's code says the same in both pictures: its own join address", async () => {
  const visit = await sitDown(api);
  const { body } = await api.rest(`GET /sessions/${visit.sessionId}`, { as: visit.phone });
  const svg = await get(`/sessions/${visit.sessionId}/qr.svg`, visit.phone);
  const png = await get(`/sessions/${visit.sessionId}/qr.png?size=400`, visit.phone);
  expect(body.qr_url).toContain(`#s=${visit.sessionId}&j=`);
  expect(readCode(pixelsOfSvg(svg.bytes.toString()))).toBe(body.qr_url);
  expect(readCode(pixelsOfPng(png.bytes))).toBe(body.qr_url);
  expect((await get(`/sessions/${visit.sessionId}/qr.png`, (await sitDown(api)).phone)).status).toBe(404);
});

describe('the sheet to print', () => {
  let place: { readonly locationId: string };

  beforeAll(async () => {
    const { locationId, tableId } = await newLocation(api, {
      name: 'Phở & Bún <Mai>',
      guest_url: 'https://order.phomai.example/ban/',
    });
    place = { locationId };
    await api.rest(`DELETE /admin/tables/${tableId}`, { as: manager });
    const names = ['Sân vườn 1', ...Array.from({ length: 12 }, (_, index) => `T${12 - index}`)];
    for (const name of names)
      await api.rest('POST /admin/tables', { as: manager, body: { location_id: locationId, name } });
  });

  const sheetOf = async (query = '') => get(`/admin/locations/${place.locationId}/qr-sheet${query}`, manager);

  test('is a page that runs nothing and fetches nothing', async () => {
    const { headers, text } = await api.rest(`GET /admin/locations/${place.locationId}/qr-sheet`, { as: manager });
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(text).not.toMatch(/<script|<link|<img|<iframe|\son\w+=|style="|src=/i);
    expect(text).toContain('Phở &amp; Bún &lt;Mai&gt;');
    expect(text).not.toContain('<Mai>');
    expect(text.match(/<h2[^>]*>([^<]*)</g)?.map((tag) => tag.replace(/<[^>]*>?/g, '').replace('<', ''))).toEqual([
      'Sân vườn 1',
      ...Array.from({ length: 12 }, (_, index) => `T${index + 1}`),
    ]);
  });

  test('takes a title of its own, and only what fits', async () => {
    const titled = (await sheetOf(`?title=${encodeURIComponent('Tết <2027>')}`)).bytes.toString();
    expect(titled).toContain('<h1>Tết &lt;2027&gt;</h1>');
    for (const query of ['title=', `title=${'a'.repeat(61)}`, 'columns=0', 'columns=6', 'columns=many']) {
      const answer = await api.rest(`GET /admin/locations/${place.locationId}/qr-sheet?${query}`, { as: manager });
      expect(answer, query).toMatchObject({ status: 400, body: { errors: [{ path: query.split('=')[0] }] } });
    }
  });

  test('of a location without tables says so', async () => {
    const bare = await newLocation(api);
    await api.rest(`DELETE /admin/tables/${bare.tableId}`, { as: manager });
    const { bytes } = await get(`/admin/locations/${bare.locationId}/qr-sheet`, manager);
    expect(bytes.toString()).toContain('No tables yet');
  });

  test('is for managers of the location', async () => {
    expect((await get(`/admin/locations/${place.locationId}/qr-sheet`, demo.cashier)).status).toBe(403);
    expect((await get(`/admin/locations/${demo.otherLocation}/qr-sheet`, manager)).status).toBe(404);
  });

  test.runIf(hasBrowser).each([2, 3, 4, 5])(
    'with %i cards in a row shows codes that a camera reads',
    async (columns) => {
      const { page } = await browser.phone('about:blank');
      const policies: string[] = [];
      page.on('console', (message) => policies.push(message.text()));
      await page.setViewportSize({ width: 900, height: 1_200 });
      await page.setExtraHTTPHeaders({ Authorization: `Bearer ${manager}` });
      await page.goto(`${api.address}/api/v1/admin/locations/${place.locationId}/qr-sheet?columns=${columns}`);
      const codes = await page.locator('section').evaluateAll((sections) =>
        sections.map((section) => {
          const { x, y, width, height } = section.getBoundingClientRect();
          return { name: section.querySelector('h2')?.textContent, box: { x, y, width, height } };
        }),
      );
      const picture = pixelsOfPng(await page.screenshot({ fullPage: true }));
      const read = codes.map(({ name, box }) => ({ name, qr_url: readCode(cut(picture, box)) }));
      expect(read).toEqual((await tablesOf(place.locationId)).map(({ name, qr_url }) => ({ name, qr_url })));
      expect(policies).toEqual([]);
      const inARow = codes.filter(({ box }) => box.y === codes[0]?.box.y);
      expect(inARow).toHaveLength(columns);
      expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    },
  );

  test.runIf(hasBrowser).each([
    [1, 13],
    [2, 4],
    [3, 2],
    [4, 1],
    [5, 1],
  ])('with %i cards in a row prints on %i pages of A4', async (columns, pages) => {
    const { page } = await browser.phone('about:blank');
    await page.setContent((await sheetOf(`?columns=${columns}`)).bytes.toString());
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(pages);
    const sizes = [...pdf.matchAll(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)/g)].map(([, w, h]) => [
      Math.round(Number(w)),
      Math.round(Number(h)),
    ]);
    expect(new Set(sizes.map(String))).toEqual(new Set(['595,842']));
  });
});
