import { randomUUID } from 'node:crypto';

/** The demo restaurant as a client of the REST API sees it. */
const demo = {
  location: '01900000-0000-7000-8000-000000000010',
  tea: '01900000-0000-7000-8000-000000000211',
} as const;

export interface Guest {
  readonly url: string;
  readonly sessionId: string;
  readonly token: string;
}

export interface LoggedEvent {
  readonly event_id: string;
  readonly event_seq: number;
  readonly event_type: string;
}

/** Sits down at a table of the demo restaurant. */
export async function sitDown(url: string, table: number): Promise<Guest> {
  const { status, body } = await send(`${url}/api/v1/locations/${demo.location}/qr-sessions`, {
    body: { table_token: `demo-table-${table}` },
  });
  if (status !== 201 && status !== 200) throw new Error(`table ${table}: ${JSON.stringify(body)}`);
  return { url, sessionId: body.session_id, token: body.device_token };
}

/** The request that adds one iced tea under a key. */
export function teaRequest(key: string = randomUUID()) {
  return { idempotency_key: key, event_type: 'add_item', payload: { menu_item_id: demo.tea, quantity: 1 } };
}

export function appendTea({ url, sessionId, token }: Guest, key?: string): Promise<Answer> {
  return send(`${url}/api/v1/sessions/${sessionId}/events`, { token, body: teaRequest(key) });
}

/** The whole log of a session, read by cursor. */
export async function readLog({ url, sessionId, token }: Guest): Promise<readonly LoggedEvent[]> {
  const log: LoggedEvent[] = [];
  for (let cursor = 0, hasMore = true; hasMore; ) {
    const { body } = await send(`${url}/api/v1/sessions/${sessionId}/events?cursor=${cursor}&limit=500`, { token });
    log.push(...body.events);
    cursor = body.next_cursor;
    hasMore = body.has_more;
  }
  return log;
}

export interface Answer {
  readonly status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever the server says
  readonly body: any;
}

async function send(url: string, { token, body }: { token?: string; body?: object }): Promise<Answer> {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}
