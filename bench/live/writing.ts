/** Writers of benchmarks. */
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { BenchSession } from './lab.js';

export interface Written {
  readonly id: string;
  readonly seq: number;
  /** On the monotonic clock, in milliseconds: when it was sent, and when the answer was there. */
  readonly sentAt: number;
  readonly answeredAt: number;
}

export interface Pen {
  /** Changes the number of portions on the session's one line, so that its bill stays small. */
  write(session: BenchSession): Promise<Written>;
  stop(): void;
}

const tea = '01900000-0000-7000-8000-000000000211';

/** Writes at one server, over kept connections. */
export function openPen(url: string): Pen {
  const agent = new Agent({ keepAlive: true });
  const { hostname, port } = new URL(url);
  const lines = new Map<string, Promise<string>>();
  let turn = 0;

  const append = ({ sessionId, phone }: BenchSession, type: string, payload: object): Promise<BenchAnswer> => {
    const content = JSON.stringify({ idempotency_key: randomUUID(), event_type: type, payload });
    const headers = { authorization: `Bearer ${phone}`, 'content-type': 'application/json' };
    const path = `/api/v1/sessions/${sessionId}/events`;
    return new Promise((resolve, reject) => {
      const call = request({ agent, hostname, port, path, method: 'POST', headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () => {
          if (response.statusCode === 201) resolve(JSON.parse(text));
          else reject(new Error(`a write answered ${response.statusCode}: ${text}`));
        });
        response.on('error', reject);
      });
      call.on('error', reject);
      call.end(content);
    });
  };

  const lineOf = (session: BenchSession): Promise<string> => {
    const add = () => append(session, 'add_item', { menu_item_id: tea, quantity: 1 });
    const known = lines.get(session.sessionId) ?? add().then(({ event }) => event.payload.line_id);
    lines.set(session.sessionId, known);
    return known;
  };

  return {
    async write(session) {
      const line = await lineOf(session);
      turn += 1;
      const sentAt = performance.now();
      const payload = { line_id: line, quantity: 1 + (turn % 9) };
      const { event_id: id, event_seq: seq } = await append(session, 'modify_qty', payload);
      return { id, seq, sentAt, answeredAt: performance.now() };
    },
    stop: () => agent.destroy(),
  };
}

interface BenchAnswer {
  readonly event_id: string;
  readonly event_seq: number;
  readonly event: { readonly payload: { readonly line_id: string } };
}

/** Begins so many acts a second, however long each takes; resolves when all have ended. */
export async function openLoop<T>(rate: number, count: number, act: (n: number) => Promise<T>): Promise<T[]> {
  const started = performance.now();
  const acts: Promise<T>[] = [];
  for (let n = 0; n < count; n += 1) {
    const early = started + (n * 1000) / rate - performance.now();
    if (early > 1) await pause(early);
    acts.push(act(n));
  }
  return Promise.all(acts);
}
