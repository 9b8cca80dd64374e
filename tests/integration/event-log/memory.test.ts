import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { asJsonb } from '../../../src/event-log/jsonb.js';
import { add, join, open, tenantId, useHeart } from '../../support/heart.js';

const heart = useHeart();

describe('an event', () => {
  test('reads the same, byte for byte, from the memory of its writer and from the log', async () => {
    const sessionId = await open(heart.a);
    await join(heart.a, sessionId);
    const { event } = await add(heart.a, sessionId, { key: 'one', quantity: 2 });
    const { events } = await heart.b.log.page({ tenantId, sessionId }, { after: event.seq - 1, limit: 1 });
    expect(JSON.stringify(event.payload)).toBe(JSON.stringify(events[0]?.payload));
    expect(event.createdAt).toBe(events[0]?.createdAt);
  });

  test('has its members in the order of the database, whatever they are called', async () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '_', 'é', '字', '😀', 'B'), maxLength: 4 });
    const json = fc.object({ key: name, maxDepth: 2, values: [fc.integer(), fc.boolean(), fc.constant(null)] });
    for (const value of fc.sample(json, { numRuns: 200, seed: 7 })) {
      const [row] = await heart.sql<{ text: object }[]>`SELECT ${JSON.stringify(value)}::text::jsonb AS text`;
      expect(JSON.stringify(asJsonb(value))).toBe(JSON.stringify(row?.text));
    }
  });
});
