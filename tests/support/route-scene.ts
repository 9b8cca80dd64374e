/** Makes what the examples of routes stand in for: the live session of a path, its phone, one of its lines. */
import { randomUUID } from 'node:crypto';
import { exampleIds } from '../../src/rest/example-ids.js';
import { add, type Api, append, demo, type Json, newTable, sitDown, type Visit } from './api.js';

/** What a route needs besides its example, by the stand-in that names it. */
export interface Scene {
  /** Everything that an example says, with live ids in the place of stand-ins. */
  fill<T>(value: T): Promise<T>;
  /** The token of a credential by the description's word for it. */
  token(as: string): Promise<string>;
}

interface Stage {
  readonly api: Api;
  /** A session at the demo restaurant with a line in it, made once for the scene. */
  readonly visit: () => Promise<Visit>;
}

/** One per stand-in. Add to it what your routes name. */
const makers: Readonly<Record<string, (stage: Stage) => Promise<string>>> = {
  session_id: async ({ visit }) => (await visit()).sessionId,
  device_id: async ({ visit }) => (await visit()).deviceId,
  line_id: async ({ api, visit }) => {
    const { body } = await api.rest(`GET /sessions/${(await visit()).sessionId}/snapshot`, { as: demo.staff });
    return body.items[0].line_id;
  },
  free_table_id: async ({ api }) => (await newTable(api)).tableId,
  ticket_id: async ({ api, visit }) => {
    const seated = await visit();
    await append(api, seated, { idempotency_key: randomUUID(), event_type: 'submit_round', payload: {} });
    return `${seated.sessionId}-1`;
  },
};

const keys: Readonly<Record<string, string>> = {
  staff: demo.staff,
  cashier: demo.cashier,
  manager: demo.manager,
  operator: demo.operator,
};

/** A fresh scene: what one example makes, no other sees. */
export function createScene(api: Api): Scene {
  const visit = once(async () => {
    const seated = await sitDown(api);
    await append(api, seated, add({ quantity: 2 }));
    return seated;
  });
  const stage: Stage = { api, visit };
  const made = new Map(Object.entries(makers).map(([name, make]) => [exampleIds[name], once(() => make(stage))]));

  async function fill(value: Json): Promise<Json> {
    if (Array.isArray(value)) return Promise.all(value.map(fill));
    if (typeof value === 'string') return (await made.get(value)?.()) ?? value;
    if (value === null || typeof value !== 'object') return value;
    const members = await Promise.all(Object.entries(value).map(async ([name, one]) => [name, await fill(one)]));
    return Object.fromEntries(members);
  }

  return {
    fill,
    async token(as) {
      if (as === 'device') return (await visit()).phone;
      if (as === 'table') return (await newTable(api)).token;
      const key = keys[as];
      if (!key) throw new Error(`there is no credential ${as}`);
      return key;
    },
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
