import { z } from 'zod';
import { type ServiceCall, type ServiceKind, serviceKinds } from '../bill.js';
import { defineEvent } from './define.js';
import { optional, text } from './fields.js';

interface ServiceRequested {
  readonly call_id: string;
  readonly kind: ServiceKind;
  readonly note: string | null;
  /** The table was waiting for the same already: nothing rings again. */
  readonly repeats: boolean;
}

export const requestService = defineEvent({
  type: 'request_service',
  version: 1,
  summary: 'Guests ask for a waiter or for the bill. It rings once; asking again is told, and rings no more.',
  sender: 'guest',
  gate: 'live',
  personal: ['note'],
  input: z.strictObject({ kind: z.enum(serviceKinds), note: optional(text(200)) }),
  decide: ({ kind, note }, { bill, newId }): ServiceRequested => {
    const standing = bill.calls.find((call) => call.kind === kind);
    const call_id = standing?.callId ?? newId();
    return { call_id, kind, note: note ?? null, repeats: standing !== undefined };
  },
  apply: (bill, { call_id, kind, note, repeats }, { actor, createdAt }) => {
    if (repeats) return bill;
    const call: ServiceCall = {
      ...{ callId: call_id, kind, note, requestedBy: actor, requestedAt: createdAt, takenBy: null },
    };
    return { ...bill, calls: [...bill.calls, call] };
  },
  examples: [
    {
      input: { kind: 'waiter', note: 'another spoon, please' },
      payload: {
        call_id: '01900000-0000-7000-8000-000000000901',
        kind: 'waiter',
        note: 'another spoon, please',
        repeats: false,
      },
    },
  ],
});
