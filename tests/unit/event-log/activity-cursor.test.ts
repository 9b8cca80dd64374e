import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LocationId, SessionId, TenantId } from '../../../src/domain/ids.js';
import type { ActivityPosition, LocationName } from '../../../src/event-log/activity.js';
import { fromCursor, toCursor } from '../../../src/event-log/activity-cursor.js';

const place: LocationName = {
  tenantId: '01900000-0000-7000-8000-000000000001' as TenantId,
  locationId: '01900000-0000-7000-8000-000000000010' as LocationId,
};
const positions: fc.Arbitrary<ActivityPosition> = fc.record({
  tx: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  sessionId: fc.uuid().map((id) => id as SessionId),
  seq: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
});
const position: ActivityPosition = {
  tx: 4_711n,
  sessionId: '01900000-0000-7000-8000-000000000815' as SessionId,
  seq: 12,
};

describe('a cursor', () => {
  it('comes back as the position that it was made of', () => {
    fc.assert(fc.property(positions, (any) => void expect(fromCursor(place, toCursor(place, any))).toEqual(any)));
  });

  it('goes into an address as it is', () => {
    fc.assert(fc.property(positions, (any) => /^[\w-]{50}$/.test(toCursor(place, any))));
  });

  it.each([
    ['another location', { ...place, locationId: '01900000-0000-7000-8000-000000000011' as LocationId }],
    ['another tenant', { ...place, tenantId: '01900000-0000-7000-8000-000000000002' as TenantId }],
  ])('means nothing at %s', (_, elsewhere) => {
    expect(fromCursor(elsewhere, toCursor(place, position))).toBeUndefined();
  });

  it('that was cut, lengthened or changed in any place means nothing', () => {
    const cursor = toCursor(place, position);
    for (let at = 0; at < cursor.length; at += 1) {
      expect(fromCursor(place, cursor.slice(0, at))).toBeUndefined();
      for (const other of ['A', '_', '7', '=', ' ', '\0', 'é']) {
        if (cursor[at] === other) continue;
        expect(fromCursor(place, cursor.slice(0, at) + other + cursor.slice(at + 1))).toBeUndefined();
        expect(fromCursor(place, cursor.slice(0, at) + other + cursor.slice(at))).toBeUndefined();
      }
    }
    expect(fromCursor(place, `${cursor}A`)).toBeUndefined();
  });

  it('is not any text', () => {
    fc.assert(fc.property(fc.string(), (text) => fromCursor(place, text) === undefined));
    expect(fromCursor(place, 'A'.repeat(1_000_000))).toBeUndefined();
  });
});
