import { z } from 'zod';
import { type ServiceKind, serviceKinds } from '../bill.js';
import { Rejection } from '../rejection.js';
import { defineEvent } from './define.js';
import { optional } from './fields.js';

/** `taken`: somebody is on the way; `done`: the guests have what they asked for. */
export const serviceOutcomes = ['taken', 'done'] as const;

interface ServiceResolved {
  readonly call_id: string;
  readonly kind: ServiceKind;
  readonly outcome: (typeof serviceOutcomes)[number];
}

export const resolveService = defineEvent({
  type: 'resolve_service',
  version: 1,
  summary: 'Staff take a service call, so that nobody else runs, or have dealt with it.',
  sender: 'staff',
  gate: 'any',
  personal: [],
  input: z.strictObject({ kind: z.enum(serviceKinds), outcome: optional(z.enum(serviceOutcomes)) }),
  decide: ({ kind, outcome = 'done' }, { bill }): ServiceResolved => {
    const call = bill.calls.find((each) => each.kind === kind);
    if (!call) throw new Rejection('SERVICE_NOT_REQUESTED', `nobody waits for ${words[kind]}`, { kind });
    if (outcome === 'taken' && call.takenBy) {
      const taken_by = call.takenBy.name ?? call.takenBy.id;
      throw new Rejection('SERVICE_TAKEN', `${taken_by} is on the way`, { kind, taken_by });
    }
    return { call_id: call.callId, kind, outcome };
  },
  apply: (bill, { call_id, outcome }, { actor }) => ({
    ...bill,
    calls:
      outcome === 'done'
        ? bill.calls.filter(({ callId }) => callId !== call_id)
        : bill.calls.map((call) => (call.callId === call_id ? { ...call, takenBy: actor } : call)),
  }),
  examples: [
    {
      input: { kind: 'waiter', outcome: 'taken' },
      payload: { call_id: '01900000-0000-7000-8000-000000000901', kind: 'waiter', outcome: 'taken' },
    },
  ],
});

const words: Readonly<Record<ServiceKind, string>> = { waiter: 'a waiter', bill: 'the bill' };
