import type { Cell } from './csv.js';
import type { Answer, RestCsv } from './route.js';

/** Members of a payment's JSON that are words or numbers, under their own names. */
const plain = [
  ...['payment_id', 'payment_reference', 'claimed_reference', 'session_id', 'amount', 'currency', 'method', 'status'],
  ...['provider', 'provider_transaction_id', 'mismatch', 'reasons', 'bill_seq', 'split', 'refunded_amount', 'actor'],
  ...['note', 'resolution', 'resolution_note', 'resolved_by', 'resolved_at', 'created_at', 'settled_at'],
] as const;

/** The list of payments, whatever the size of its pages. */
export const paymentsCsv: RestCsv = {
  operation: 'PaymentRows',
  fileName: 'payments.csv',
  columns: plain,
  rowsOf: ({ payments }) =>
    (payments as readonly Answer[]).map((payment) => plain.map((name) => cellOf(payment[name]))),
  paging: { sizeTo: 'first', cursorTo: 'after', nextOf: ({ next_cursor: next }) => next as string | null },
};

/** Of a person the name, of a split its type; a list is written with spaces. */
function cellOf(member: unknown): Cell {
  if (Array.isArray(member)) return member.join(' ');
  if (typeof member !== 'object' || member === null) return (member ?? null) as Cell;
  const { name, id, type } = member as { readonly name?: Cell; readonly id?: Cell; readonly type: Cell };
  return name ?? id ?? type;
}

const dayColumns = ['section', 'name', 'count', 'received', 'refunded', 'net', 'amount'] as const;

/** The day report: one line for every figure, told apart by `section`. */
export const dayReportCsv: RestCsv = {
  operation: 'DayReport',
  fileName: 'day-report.csv',
  columns: dayColumns,
  rowsOf: dayRows,
};

type Row = Readonly<Partial<Record<(typeof dayColumns)[number], unknown>>>;

function dayRows(report: Answer): readonly (readonly Cell[])[] {
  const { total, open, sessions } = report as Readonly<Record<string, Answer>>;
  const listOf = (name: string, of: Answer | undefined = report) => of?.[name] as readonly Row[];
  const rows: readonly Row[] = [
    { section: 'total', name: report.date, ...total },
    ...listOf('methods').map((one) => ({ section: 'method', name: (one as Answer).method, ...one })),
    ...listOf('cashiers').map((one) => ({ section: 'cashier', ...one, amount: (one as Answer).cash })),
    ...listOf('hours').map((one) => ({ section: 'hour', name: clockOf((one as Answer).hour), ...one })),
    ...listOf('refunds').map((one) => ({ section: 'refund', name: (one as Answer).refund_id, refunded: one.amount })),
    { section: 'open', name: 'all', count: open?.count, amount: open?.amount },
    ...listOf('reasons', open).map((one) => ({ section: 'open', name: (one as Answer).reason, ...one })),
    { section: 'sessions', name: 'opened', count: sessions?.opened },
    { section: 'sessions', name: 'paid', count: sessions?.paid },
    { section: 'sessions', name: 'unpaid', count: sessions?.unpaid, amount: sessions?.unpaid_due },
    { section: 'sessions', name: 'written_off', count: sessions?.written_off, amount: sessions?.written_off_amount },
    ...listOf('unpaid_sessions').map((one) => ({ section: 'unpaid', name: idOf(one), amount: (one as Answer).due })),
    ...listOf('write_offs').map((one) => ({ section: 'write_off', name: idOf(one), amount: one.amount })),
  ];
  return rows.map((row) => dayColumns.map((column) => (row[column] ?? null) as Cell));
}

function idOf(one: Row): unknown {
  return (one as Answer).session_id;
}

function clockOf(hour: unknown): string {
  return `${String(hour).padStart(2, '0')}:00`;
}
