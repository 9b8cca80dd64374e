/** A guest who writes into sessions and repeats, under the same key, whatever got no answer. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { demo, type Json } from './api.js';
import type { Entry } from './live-history.js';
import { createClient, type LiveAsk } from './live-http.js';

/** A session that is written to. */
export interface LiveTable {
  readonly sessionId: string;
  readonly phone: string;
}

export interface LiveWriter {
  /** Writes once, one event or some together, and gives them as the server acknowledged them. */
  write(table: LiveTable): Promise<readonly Entry[]>;
  stop(): void;
}

/** `random` gives numbers from 0 to below 1. */
export function createWriter(address: string, random: () => number): LiveWriter {
  const client = createClient(address, '');
  const lines = new Map<string, string>();
  let isStopped = false;

  const untilAnswered = async (path: string, ask: LiveAsk): Promise<Json> => {
    while (!isStopped) {
      const answer = await client.ask('POST', path, ask);
      if (answer && answer.status <= 201) return JSON.parse(answer.text);
      if (answer && answer.status !== 503) throw new Error(`a write answered ${answer.status}: ${answer.text}`);
      await pause(50);
    }
    throw new Error('the writer was stopped');
  };

  const eventFor = (sessionId: string) => {
    const line = lines.get(sessionId);
    const [type, payload] =
      line !== undefined && random() < 0.5
        ? ['modify_qty', { line_id: line, quantity: 1 + Math.floor(random() * 9) }]
        : ['add_item', { menu_item_id: demo.coffee, quantity: 1 }];
    return { idempotency_key: randomUUID(), event_type: type, payload };
  };

  return {
    async write({ sessionId, phone }) {
      const isBatch = random() < 0.1;
      const events = Array.from({ length: isBatch ? 2 + Math.floor(random() * 4) : 1 }, () => eventFor(sessionId));
      const path = `/api/v1/sessions/${sessionId}/events${isBatch ? '/batch' : ''}`;
      const headers = { authorization: `Bearer ${phone}` };
      const answer = await untilAnswered(path, { headers, body: isBatch ? { events } : events[0]! });
      const written: readonly Json[] = isBatch ? answer.events : [answer];
      const line = answer.event?.payload.line_id;
      if (line !== undefined) lines.set(sessionId, line);
      return written.map(({ event_seq: seq, event_id: id }) => ({ seq, id }));
    },
    stop() {
      isStopped = true;
      client.cut();
    },
  };
}
