import { z } from 'zod';
import { defineEvent } from './define.js';

/** Written by the worker, or by the next guests' scan, once the database's clock has passed the expiry. */
export const sessionExpired = defineEvent({
  type: 'session_expired',
  version: 1,
  summary: 'Time ended the visit.',
  sender: 'server',
  gate: 'due',
  personal: [],
  input: z.strictObject({}),
  decide: (): Record<string, never> => ({}),
  apply: (bill) => ({ ...bill, status: 'expired' }),
  examples: [{ input: {}, payload: {} }],
});
