import { z } from 'zod';
import type { TableId } from '../ids.js';
import { defineEvent, unchanged } from './define.js';
import { tableId } from './fields.js';

interface SessionMoved {
  readonly table_id: TableId;
  readonly from_table_id: TableId;
}

/** That the new table is free is the database's word: one open session per table. */
export const sessionMoved = defineEvent({
  type: 'session_moved',
  version: 1,
  summary: 'Staff move the visit to another table; its phones follow, and the old table is free.',
  sender: 'server',
  gate: 'live',
  personal: [],
  input: z.strictObject({ table_id: tableId }),
  decide: ({ table_id }, { bill }): SessionMoved | typeof unchanged =>
    table_id === bill.tableId ? unchanged : { table_id, from_table_id: bill.tableId },
  apply: (bill, { table_id }) => ({ ...bill, tableId: table_id }),
  examples: [
    {
      input: { table_id: '01900000-0000-7000-8000-000000000108' },
      payload: {
        table_id: '01900000-0000-7000-8000-000000000108' as TableId,
        from_table_id: '01900000-0000-7000-8000-000000000101' as TableId,
      },
    },
  ],
});
