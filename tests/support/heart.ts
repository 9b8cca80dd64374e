/** A small harness around the heart: nodes on one database of a test file's own. */
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll } from 'vitest';
import type { EventLogOptions } from '../../src/event-log/event-log.js';
import { useTestDatabase } from './database.js';
import { type HeartNode, type NodeOptions, startNode } from './heart-acts.js';

export * from './heart-acts.js';

export interface Heart {
  readonly url: string;
  /** Two nodes on one database. */
  readonly a: HeartNode;
  readonly b: HeartNode;
  /** Any SQL, past the event log. */
  readonly sql: Sql;
  /** One more node, stopped with the others. */
  start(name: string, limits?: EventLogOptions['limits'], bells?: NodeOptions['bells']): HeartNode;
}

/** Two nodes on a database of this file's own; use them inside hooks and tests only. */
export function useHeart(limits: EventLogOptions['limits'] = {}): Heart {
  const database = useTestDatabase();
  const nodes: HeartNode[] = [];
  let sql: Sql | undefined;
  const started = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('the heart beats only inside hooks and tests');
    return part;
  };
  const start: Heart['start'] = (name, own = limits, bells = undefined) => {
    const node = startNode(database.url, name, { limits: own, bells });
    nodes.push(node);
    return node;
  };
  beforeAll(() => {
    sql = postgres(database.url, { max: 4, onnotice: () => undefined });
    start('a');
    start('b');
  });
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    await sql?.end({ timeout: 5 });
  });
  return {
    get url() {
      return database.url;
    },
    get a() {
      return started(nodes[0]);
    },
    get b() {
      return started(nodes[1]);
    },
    get sql() {
      return started(sql);
    },
    start,
  };
}
