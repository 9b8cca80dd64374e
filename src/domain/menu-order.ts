/**
 * What a list becomes when a file has some of it, and perhaps more: what the file has comes into the order of the file, what
 * it does not have keeps its place, and what is new follows what it follows in the file.
 */
export function inFileOrder<Row>(
  before: readonly Row[],
  inFile: readonly Row[],
  idOf: (row: Row) => string,
): readonly Row[] {
  const known = new Set(before.map(idOf));
  const named = new Set(inFile.map(idOf));
  const runs = runsOf(inFile, (row) => known.has(idOf(row)));
  const last = runs.length - 1;
  let next = 0;
  const result = before.flatMap((row) => {
    if (!named.has(idOf(row))) return [row];
    next += 1;
    // Behind the last one that was there come those that end the file.
    return next === last ? [...(runs[next - 1] ?? []), ...(runs[next] ?? [])] : (runs[next - 1] ?? []);
  });
  return last === 0 ? [...before, ...(runs[0] ?? [])] : result;
}

/** Runs that end with a row that was there before, and a last one of what comes behind them all. */
function runsOf<Row>(rows: readonly Row[], isKnown: (row: Row) => boolean): readonly (readonly Row[])[] {
  const runs: Row[][] = [[]];
  for (const row of rows) {
    runs.at(-1)?.push(row);
    if (isKnown(row)) runs.push([]);
  }
  return runs;
}
