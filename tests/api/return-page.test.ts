import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { demo, newLocation, useApi } from '../support/api.js';
import { type RawAnswer, sendRaw, strangeReference, vnpayQuery } from '../support/webhooks.js';

const api = useApi();

const open = (path: string): Promise<RawAnswer> => sendRaw(`${api.address}/pay/return/${path}`, { method: 'GET' });
const textOf = async (path: string): Promise<string> => (await open(path)).body.toString();

const titles = {
  succeeded: ['Đã thanh toán', 'Paid'],
  failed: ['Chưa thanh toán được', 'Not paid'],
  pending: ['Đang chờ xác nhận', 'Waiting for confirmation'],
  unknown: ['Không rõ giao dịch', 'Unknown payment'],
} as const;

/** Which of the four things the page says, in both languages. */
function stateOf(page: string): string | undefined {
  return Object.entries(titles).find(
    ([, [vi, en]]) => page.includes(`<h1>${vi}</h1>`) && page.includes(`>${en}</h2>`),
  )?.[0];
}

/** The address to which the page goes by itself, as a browser reads it. */
function refreshOf(page: string): string | undefined {
  const [, content] = /<meta http-equiv="refresh" content="([^"]*)">/.exec(page) ?? [];
  return content?.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>');
}

/** A payment that nobody asks the provider about. */
async function payment(status: string, locationId: string = demo.location): Promise<string> {
  const reference = strangeReference();
  const row = {
    ...{ tenant_id: demo.tenant, id: randomUUID(), location_id: locationId, payment_reference: reference, status },
    ...{ method: 'vnpay', provider: 'vnpay', account: 'default', amount: 50_000, currency: 'VND' },
    ...{ actor: api.sql.json({ type: 'device', id: randomUUID(), name: null }) },
  };
  await api.sql`INSERT INTO payments ${api.sql(row)}`;
  return reference;
}

const signed = (reference: string): string => `vnpay?${vnpayQuery({ vnp_TxnRef: reference })}`;

describe('a guest who comes back from paying', () => {
  test.each([
    ['succeeded', 'succeeded'],
    ['partially_refunded', 'succeeded'],
    ['failed', 'failed'],
    ['pending', 'pending'],
  ])('sees of a payment that is %s that it is %s, whatever the address says', async (status, shown) => {
    expect(stateOf(await textOf(signed(await payment(status))))).toBe(shown);
  });

  test("is led back to the restaurant's own page, and to ours where it has none", async () => {
    const { locationId } = await newLocation(api, { guest_url: 'https://pho.example.com/?a="b"&c' });
    const own = await textOf(signed(await payment('succeeded', locationId)));
    expect(own).toContain('href="https://pho.example.com/?a=&quot;b&quot;&amp;c"');
    expect(await textOf(signed(await payment('succeeded')))).toMatch(/href="http:\/\/localhost:\d+\/demo\/"/);
    const { locationId: hostile } = await newLocation(api, { guest_url: 'javascript:alert(1)' });
    expect(await textOf(signed(await payment('succeeded', hostile)))).not.toContain('javascript:');
  });

  test('waits while it is pending: the page looks again, stays verifiable, and gives up after a minute', async () => {
    const query = signed(await payment('pending')).slice('vnpay?'.length);
    let at = `?${query}`;
    let looks = 0;
    for (; looks < 50; looks += 1) {
      const page = await textOf(`vnpay${at}`);
      expect(stateOf(page)).toBe('pending');
      const next = refreshOf(page);
      if (next === undefined) break;
      expect(next).toMatch(/^3;url=\?/);
      at = next.slice('3;url='.length);
      expect(at.startsWith(`?${query}&look=`)).toBe(true);
    }
    expect(looks).toBe(20);
    expect(await textOf(`vnpay${at}`)).toContain(`<a href="?${query.replaceAll('&', '&amp;')}">`);
  });

  test.each(['succeeded', 'failed'])('is left in peace once the payment %s', async (status) => {
    expect(refreshOf(await textOf(signed(await payment(status))))).toBeUndefined();
  });
});

describe('an address that the provider did not sign', () => {
  let reference: string;

  beforeAll(async () => {
    reference = await payment('succeeded');
  });

  test.each([
    ['has no query', () => 'vnpay'],
    ['has a query of somebody else', () => `vnpay?vnp_TxnRef=${reference}&vnp_ResponseCode=00`],
    ['was changed', () => signed(reference).replace('vnp_Amount=5', 'vnp_Amount=6')],
    ['is of a provider that nobody knows', () => signed(reference).replace('vnpay', 'nobody')],
    ['is of a provider called like a property', () => signed(reference).replace('vnpay', '__proto__')],
    ['is of an account that is not there', () => signed(reference).replace('vnpay', `vnpay/${randomUUID()}`)],
    ["is another provider's", () => signed(reference).replace('vnpay', 'momo')],
    ['names no order of ours', () => signed(strangeReference())],
  ])('%s: the page says that it does not know', async (_, path) => {
    const page = await textOf(path());
    expect([stateOf(page), refreshOf(page)]).toEqual(['unknown', undefined]);
    expect(page).not.toContain(reference);
  });

  test('puts none of its own words into the page', async () => {
    const hostile = `"><script>alert(1)</script><img/src=x/onerror='a'>`;
    for (const path of [`vnpay?${hostile}`, `vnpay?look=3${hostile}&look=1`, `${encodeURIComponent(hostile)}?a`]) {
      const page = await textOf(path);
      expect(page).not.toMatch(/<script|<img|onerror/);
    }
    const raw = `${signed(await payment('pending'))}&x=${hostile}`;
    const page = await textOf(raw);
    expect(stateOf(page)).toBe('pending');
    expect(page).not.toMatch(/<script|<img/);
    expect(refreshOf(page)).toContain(`&x=${hostile.replaceAll("'", '&#39;')}&look=1`);
  });
});

test('the page runs nothing, is shown in no frame, and is kept by nobody', async () => {
  const { status, headers, body } = await open(signed(await payment('succeeded')));
  expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  const policy = String(headers['content-security-policy']);
  expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/]+=*'; /);
  for (const rule of ["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"])
    expect(policy).toContain(rule);
  expect(headers['cache-control']).toBe('no-store');
  expect(headers['referrer-policy']).toBe('no-referrer');
  expect(body.toString()).not.toMatch(/<script|style="|src=/);
  expect(body.toString()).toContain('width=device-width');
});

test('its style is the one that its policy allows', async () => {
  const { headers, body } = await open('vnpay');
  const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(body.toString()) ?? [];
  const digest = Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style))).toString('base64');
  expect(headers['content-security-policy']).toContain(`'sha256-${digest}'`);
});

test('only GET opens it', async () => {
  const { status, headers } = await sendRaw(`${api.address}/pay/return/vnpay`, { method: 'POST' });
  expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
});
