import { CsvError, parse } from 'csv-parse/sync';
import type { RawMenu } from '../domain/menu-file.js';
import { readMenuTable, type TableLine } from '../domain/menu-table-reading.js';

/** Items with their options; more would hold up the process for seconds. */
const maxRows = 30_000;

/** Reads a menu out of a table whose cells are parted by commas, semicolons or tabs, as spreadsheets write them. */
export function readMenuCsv(content: string): RawMenu {
  try {
    const lines = linesOf(content);
    if (lines.length <= maxRows) return readMenuTable(lines);
    const message = `a table has at most ${maxRows} rows`;
    return { categories: [], items: [], errors: [{ line: null, path: '', message }] };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === 'number' ? error.lines : 1;
    return { categories: [], items: [], errors: [{ line, path: '', message: 'a quote is out of place or missing' }] };
  }
}

/** A record as the parser gives it with `info: true`; its types know of records without only. */
interface Parsed {
  /** Where the record ends, in bytes. */
  readonly info: { readonly bytes: number };
  readonly record: readonly string[];
}

function linesOf(content: string): readonly TableLine[] {
  const records = parse(content, {
    bom: true,
    delimiter: delimiterOf(content),
    info: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    to: maxRows + 1,
  }) as unknown as readonly Parsed[];
  const lineAt = lineCounter(Buffer.from(content));
  return records.map(({ record }, index) => ({ line: lineAt(records[index - 1]?.info.bytes ?? 0), cells: record }));
}

/** Tells lines of ascending places. The library's own count takes a CRLF inside quotes for two lines. */
function lineCounter(bytes: Buffer): (place: number) => number {
  const [lf, cr] = [10, 13];
  let [at, line] = [0, 1];
  return (place) => {
    for (; at < place; at += 1) {
      if (bytes[at] === lf || (bytes[at] === cr && bytes[at + 1] !== lf)) line += 1;
    }
    return line;
  };
}

/** The first line has names only, none of which has such a sign in it. */
function delimiterOf(content: string): string {
  const [first = ''] = content.split(/[\r\n]/, 1);
  const countOf = (sign: string) => first.split(sign).length;
  return [',', ';', '\t'].reduce((best, sign) => (countOf(sign) > countOf(best) ? sign : best));
}
