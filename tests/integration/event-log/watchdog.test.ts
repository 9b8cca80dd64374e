import { expect, test } from 'vitest';
import { cuttableDatabase } from '../../support/cuttable-database.js';
import { eventually } from '../../support/eventually.js';
import { add, open, refusalOf, startNode, tenantId, useHeart } from '../../support/heart.js';

const heart = useHeart();

test.each(['stall', 'refuse'] as const)(
  'statements that are given up while their connection opens (%s) do not take it along',
  async (how) => {
    const sessionId = await open(heart.a);
    const line = await cuttableDatabase(heart.url);
    const node = startNode(line.url, `waiting for connections, ${how}`, {
      limits: { statementMs: 300, commandMs: 900 },
    });
    try {
      line.cut(how);
      const reads = Array.from({ length: 8 }, (_, n) => node.log.page({ tenantId, sessionId }, { after: n, limit: 1 }));
      const writes = Array.from({ length: 8 }, () => add(node, sessionId));
      const codes = await Promise.all([...reads, ...writes].map((one) => refusalOf(one)));
      expect(new Set(codes)).toEqual(new Set(['UNAVAILABLE']));
      line.mend();
      await eventually(async () => (await refusalOf(node.log.current({ tenantId, sessionId }))) === undefined);
      await eventually(async () => (await refusalOf(add(node, sessionId))) === undefined);
      // What was given up is not carried out later.
      const { events } = await heart.a.log.page({ tenantId, sessionId }, { after: 0, limit: 100 });
      expect(events.map(({ type }) => type)).toEqual(['session_opened', 'add_item']);
    } finally {
      await node.stop();
      await line.stop();
    }
  },
);
