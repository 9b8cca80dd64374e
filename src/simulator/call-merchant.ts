import { request } from 'node:http';
import type { OutgoingCall } from './desk.js';
import type { Answer } from './order.js';

/** As much of an answer as is kept. */
const BODY_KEPT = 1_000;

export interface CallOptions {
  /** The server to call, `http://host:port`. */
  readonly address: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** One webhook call, on a connection of its own. Never throws, follows no redirect. */
export function callMerchant(call: OutgoingCall, { address, timeoutMs, signal }: CallOptions): Promise<Answer> {
  const url = `${address}${call.path}${call.query === '' ? '' : `?${call.query}`}`;
  const body = Buffer.from(call.body, 'utf8');
  const headers = { ...call.headers, ...(call.method === 'POST' ? { 'content-length': body.length } : {}) };
  return new Promise((resolve) => {
    const fail = (error: Error) => resolve({ status: 0, body: error.message });
    const outgoing = request(url, { method: call.method, headers, agent: false, signal }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (part: string) => {
        if (text.length < BODY_KEPT) text = (text + part).slice(0, BODY_KEPT);
      });
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body: text }));
      incoming.on('error', fail);
    });
    outgoing.on('error', fail);
    const patience = setTimeout(() => outgoing.destroy(new Error('no answer in time')), timeoutMs);
    patience.unref();
    outgoing.on('close', () => clearTimeout(patience));
    outgoing.end(body);
  });
}
