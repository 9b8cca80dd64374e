/** What stands in one cell; null is an empty one. */
export type Cell = string | number | boolean | null;

/** A table of RFC 4180: a header row, lines that end in CRLF, quotes where they are needed. UTF-8 without a mark. */
export function toCsv(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [columns, ...rows].map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
}

function cellText(cell: Cell): string {
  const text = typeof cell === 'string' ? unlikeFormula(cell) : String(cell ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * A guest's words must not run as a formula when somebody opens the file in a spreadsheet; one apostrophe more can be taken
 * away again. Numbers are no text.
 */
function unlikeFormula(text: string): string {
  return /^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

/** True when the caller would rather have CSV than JSON; what is asked for equally is answered in JSON. */
export function prefersCsv(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  const ranges = accept.split(',').map(readRange);
  const weightOf = (...names: readonly string[]) => {
    const [best] = names.flatMap((name) => ranges.filter((range) => range.name === name));
    return best?.weight ?? 0;
  };
  return weightOf('text/csv', 'text/*', '*/*') > weightOf('application/json', 'application/*', '*/*');
}

function readRange(text: string): { readonly name: string; readonly weight: number } {
  const [name = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = Number(parameters.find((part) => part.startsWith('q='))?.slice(2) ?? 1);
  return { name, weight: Number.isNaN(weight) ? 0 : weight };
}
