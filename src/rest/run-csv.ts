import { toCsv } from './csv.js';
import type { Answer, RestCsv } from './route.js';

/** Most rows of one table; what is left out starts behind the last one's cursor. */
const maxRows = 10_000;
const pageSize = 500;

type Variables = Readonly<Record<string, unknown>>;

/** One run of the route's document: its data, and the same in the words of REST. */
export type RunOnce = (variables: Variables) => Promise<{ readonly answer: Answer; readonly body: Answer }>;

/** Puts all pages into one table. The answer is the last page's, for the headers. */
export async function runCsv(
  csv: RestCsv,
  variables: Variables,
  run: RunOnce,
): Promise<{ readonly answer: Answer; readonly text: string }> {
  const { paging } = csv;
  const rows = [];
  let asked: Variables = paging ? { ...variables, [paging.sizeTo]: pageSize } : variables;
  for (;;) {
    const { answer, body } = await run(asked);
    rows.push(...csv.rowsOf(body));
    const next = paging?.nextOf(answer);
    if (!paging || !next || rows.length >= maxRows) {
      const text = toCsv(csv.columnsOf?.(body) ?? csv.columns, rows);
      return { answer, text: csv.isMarked ? `\ufeff${text}` : text };
    }
    asked = { ...asked, [paging.cursorTo]: next };
  }
}
