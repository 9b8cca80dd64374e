import { z } from 'zod';
import type { LocationId, TableId } from '../ids.js';
import type { SessionSettings } from '../session.js';
import { defineEvent } from './define.js';

interface SessionOpened {
  readonly table_id: TableId;
  readonly location_id: LocationId;
  /** ISO 4217 */
  readonly currency: string;
  readonly settings: SessionSettings;
}

const exampleSettings: SessionSettings = {
  admission: 'open',
  tax_inclusive: true,
  service_bps: 0,
  sliding: false,
  ttl_seconds: 14_400,
  on_paid: 'end',
  pay_first: false,
  cash_rounding: 1000,
  expiry_event: true,
  timezone: 'Asia/Ho_Chi_Minh',
};

/** Seq 1 of every session. It is written by the open-or-join statement; expiry is its time plus the TTL. */
export const sessionOpened = defineEvent({
  type: 'session_opened',
  version: 1,
  summary: 'A visit at a table begins; carries every setting that pricing and policies need.',
  sender: 'server',
  gate: 'any',
  personal: [],
  input: z.custom<SessionOpened>(),
  decide: (input): SessionOpened => input,
  apply: (bill, payload, { createdAt }) => ({
    ...bill,
    tableId: payload.table_id,
    locationId: payload.location_id,
    currency: payload.currency,
    settings: payload.settings,
    admission: payload.settings.admission,
    status: 'open',
    openedAt: createdAt,
    slidAt: createdAt,
    expiresAt: createdAt + payload.settings.ttl_seconds * 1000,
  }),
  examples: [
    {
      input: null,
      payload: {
        table_id: '01900000-0000-7000-8000-000000000101' as TableId,
        location_id: '01900000-0000-7000-8000-000000000010' as LocationId,
        currency: 'VND',
        settings: exampleSettings,
      },
    },
  ],
});
