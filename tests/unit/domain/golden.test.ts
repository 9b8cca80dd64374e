import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { claimsOf } from '../../../src/domain/claims.js';
import { blankBill, fold } from '../../../src/domain/fold.js';
import { totalsOf } from '../../../src/domain/pricing.js';
import type { GoldenHistory } from '../../golden/record.js';
import { scenes } from '../../golden/scenes.js';
import { chainFaults, eventOf, foldRows } from '../../support/log-check.js';

const folder = new URL('../../golden/', import.meta.url);
const recorded = readdirSync(folder).filter((name) => name.endsWith('.json'));

test('every scene is recorded, and every recording has its scene', () => {
  expect(recorded.sort()).toEqual(
    Object.keys(scenes)
      .map((scene) => `${scene}.json`)
      .sort(),
  );
});

describe.each(recorded)('the recorded log %s', (name) => {
  const { rows, bill, totals, head } = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as GoldenHistory;

  test('still folds to the bill and totals of its day', () => {
    const folded = foldRows(rows);
    // A later version may know more of a bill, but nothing else; claims are told by the payments since version 2.
    expect({ ...folded, claims: claimsOf(folded) }).toMatchObject(bill);
    expect(totalsOf(folded)).toMatchObject(totals);
    expect(folded.lastSeq).toBe(head.last_event_seq);
    expect(folded.expiresAt).toBe(head.expires_at);
    expect(folded.status).toBe(head.status);
    expect(totalsOf(folded).total).toBe(head.total);
  });

  test('folds step by step to the same as at once', () => {
    const [first] = rows;
    if (!first) throw new Error('a log begins with an event');
    let step = blankBill(first.tenant_id, first.session_id);
    for (const row of rows) step = fold(JSON.parse(JSON.stringify(step)) as typeof step, [eventOf(row)]);
    expect(step).toEqual(foldRows(rows));
  });

  test('has a whole chain of hashes, which a single changed sign breaks', () => {
    expect(chainFaults(rows)).toEqual([]);
    const forged = rows.map((row, at) =>
      at === rows.length - 1 ? { ...row, idempotency_key: `${row.idempotency_key}x` } : row,
    );
    expect(chainFaults(forged)).toHaveLength(1);
  });
});
