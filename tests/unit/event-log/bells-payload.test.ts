import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LocationId, SessionId, TenantId } from '../../../src/domain/ids.js';
import type { SessionNews } from '../../../src/event-log/bells/bells.js';
import {
  addNews,
  decodeRing,
  encodeBeat,
  encodeRings,
  isRingOf,
  type WaitingNews,
} from '../../../src/event-log/bells/payload.js';

const node = 'node-1';

/** Few tenants and locations, and sessions that come again, as in a restaurant; any ids at all besides. */
const idOf = <Id extends string>(pool: number) =>
  fc.oneof(fc.integer({ min: 0, max: pool }).map(numbered), fc.uuid()).map((id) => id as Id);
const someNews: fc.Arbitrary<SessionNews[]> = fc.array(
  fc.record({
    tenantId: idOf<TenantId>(1),
    locationId: idOf<LocationId>(3),
    sessionId: idOf<SessionId>(400),
    seq: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.constant(2 ** 31 - 1)),
  }),
  { maxLength: 1_500, size: 'max' },
);

describe('a ring', () => {
  test('says what was encoded, the newest of each session, in payloads that Postgres takes', () => {
    fc.assert(
      fc.property(someNews, (news) => {
        const payloads = encodeRings(node, collapsed(news));
        for (const payload of payloads) expect(Buffer.byteLength(payload)).toBeLessThanOrEqual(7_900);
        const rings = payloads.map((payload) => decodeRing(payload));
        for (const ring of rings) {
          expect(ring?.node).toBe(node);
          expect(ring?.news.length).toBeGreaterThan(0);
          expect(ring?.news.length).toBeLessThanOrEqual(150);
        }
        const told = rings.flatMap((ring) => ring?.news ?? []);
        expect(sorted(told)).toEqual(sorted(collapsed(news)));
      }),
      { numRuns: 30 },
    );
  });

  test('of many sessions at one place is cut by their number, of sessions at many places by its length', () => {
    const news = (places: number) =>
      Array.from({ length: 300 }, (_, i) => ({ ...newsOf(i + 1), locationId: numbered(i % places) as LocationId }));
    expect(encodeRings(node, news(1)).map(lengthOf)).toEqual([150, 150]);
    const [first] = encodeRings(node, news(300));
    expect(first?.length).toBeGreaterThan(7_700);
  });

  test('of one session told several times says the highest seq, in whatever order it was told', () => {
    const news = [4, 9, 7].map((seq) => ({ ...newsOf(1), seq }));
    expect(collapsed(news)).toEqual([{ ...newsOf(1), seq: 9 }]);
  });

  test('that tells of nothing has only its node', () => {
    expect(decodeRing(encodeBeat(node))).toEqual({ node, news: [] });
    expect(encodeRings(node, [])).toEqual([]);
  });

  test('is known as its node’s own by the whole name', () => {
    const [payload = ''] = encodeRings(node, [newsOf(1)]);
    for (const own of [payload, encodeBeat(node)]) expect(isRingOf(node, own)).toBe(true);
    for (const other of ['node-', 'node-11', 'node', '']) expect(isRingOf(other, payload), other).toBe(false);
  });

  test('that no node sends is not understood, whatever is wrong with it', () => {
    const [good = ''] = encodeRings(node, [newsOf(1), newsOf(2)]);
    expect(lengthOf(good)).toBe(2);
    const [version, name, place, session] = good.split(' ');
    const wrong = [
      '',
      'hello',
      '{"session":1}',
      'x'.repeat(8_100),
      `2${good.slice(1)}`,
      `${version}`,
      `${version} ${'n'.repeat(33)}`,
      `${version} nö`,
      ` ${good}`,
      `${good} `,
      `${good}\n`,
      good.replace(' ', '  '),
      good.replaceAll(' ', '\t'),
      `${version} ${name} ${session}`,
      `${version} ${name} ${place} ${session}x`,
      `${version} ${name} ${place} ${session?.slice(0, 22)}`,
      `${version} ${name} ${place} ${session?.slice(0, 22)}0`,
      `${version} ${name} ${place} ${session?.slice(0, 22)}01`,
      `${version} ${name} ${place} ${session?.slice(0, 22)}2147483648`,
      `${version} ${name} ${place} ${session?.slice(0, 22)}99999999999`,
      `${version} ${name} ${place} ${session?.slice(0, 22)}-1`,
      `${version} ${name} ${place}${place} ${session}`,
      // The last character holds four bits that no id has.
      `${version} ${name} ${place} ${session?.slice(0, 21)}B7`,
    ];
    for (const payload of wrong) expect(decodeRing(payload), payload).toBeUndefined();
  });

  test('is decoded from any text without a failure', () => {
    const [good = ''] = encodeRings(node, [newsOf(1), newsOf(2)]);
    const edit = fc.tuple(fc.nat(good.length), fc.nat(8), fc.string({ maxLength: 8, unit: 'binary' }));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), edit), (change) => {
        const text = typeof change === 'string' ? change : splice(good, change);
        const ring = decodeRing(text);
        for (const { seq, sessionId } of ring?.news ?? []) {
          expect(seq).toBeGreaterThan(0);
          expect(sessionId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

function splice(text: string, [at, count, inserted]: readonly [number, number, string]): string {
  return text.slice(0, at) + inserted + text.slice(at + count);
}

function lengthOf(payload: string): number | undefined {
  return decodeRing(payload)?.news.length;
}

function collapsed(news: readonly SessionNews[]): readonly SessionNews[] {
  const waiting: WaitingNews = new Map();
  for (const one of news) addNews(waiting, one);
  return [...waiting.values()];
}

function sorted(news: readonly SessionNews[]): readonly string[] {
  return news.map((one) => JSON.stringify([one.tenantId, one.locationId, one.sessionId, one.seq])).sort();
}

function newsOf(n: number): SessionNews {
  const [tenantId, locationId] = [numbered(0) as TenantId, numbered(0) as LocationId];
  return { tenantId, locationId, sessionId: numbered(n) as SessionId, seq: n };
}

function numbered(n: number): string {
  return `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;
}
