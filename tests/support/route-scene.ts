/** Makes what the examples of routes stand in for: the live session of a path, its phone, one of its lines. */
import { randomUUID } from 'node:crypto';
import { exampleIds } from '../../src/rest/example-ids.js';
import { add, type Api, append, type Ask, demo, type Json, newLocation, newTable, sitDown, type Visit } from './api.js';

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
  unpaid_session_id: async ({ api, visit }) => {
    const { sessionId } = await visit();
    await api.rest(`POST /sessions/${sessionId}/close`, { as: demo.staff, body: { reason: 'ran away' } });
    return sessionId;
  },
  category_id: ({ api }) => newCategory(api),
  menu_item_id: async ({ api }) => {
    const body = { category_id: await newCategory(api), name: 'Bánh cuốn', price: 50_000 };
    const answer = await api.rest(`POST /admin/menu-items?location_id=${demo.location}`, { as: demo.manager, body });
    return answer.body.menu_item_id;
  },
  tenant_id: ({ api }) => made(api, 'tenants', { as: demo.operator, body: { name: 'Bánh Mì 37' } }, 'tenant_id'),
  location_id: async ({ api }) => (await newLocation(api)).locationId,
  table_id: async ({ api }) => (await newTable(api)).tableId,
  key_id: ({ api }) => made(api, 'api-keys', { as: demo.manager, body: { name: 'A key', role: 'staff' } }, 'key_id'),
};

async function made(api: Api, nouns: string, ask: Ask, id: string): Promise<string> {
  const { body } = await api.rest(`POST /admin/${nouns}`, ask);
  return body[id];
}

async function newCategory(api: Api): Promise<string> {
  const body = { name: `Món ${randomUUID()}` };
  const answer = await api.rest(`POST /admin/menu-categories?location_id=${demo.location}`, { as: demo.manager, body });
  return answer.body.category_id;
}

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
  const ready = new Map(Object.entries(makers).map(([name, make]) => [exampleIds[name], once(() => make(stage))]));

  async function fill(value: Json): Promise<Json> {
    if (Array.isArray(value)) return Promise.all(value.map(fill));
    if (typeof value === 'string') return (await ready.get(value)?.()) ?? value;
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
