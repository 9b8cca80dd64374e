/** Deep enough for every file that is read by it; what lies deeper has the line of what it is in. */
const maxDepth = 8;

interface Open {
  readonly path: string;
  readonly isList: boolean;
  /** Place in a list. */
  index: number;
  /** Name of the member that comes next. */
  name: string | undefined;
}

/** In which line each value of a JSON text begins, by its path (`items.0.name`; the whole is ``). The text must be valid. */
export function jsonLines(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  const open: Open[] = [];
  let line = 1;
  for (const [token] of text.matchAll(/\n|"(?:[^"\\]+|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g)) {
    const around = open.at(-1);
    if (token === '\n') line += 1;
    else if (token === '}' || token === ']') open.pop();
    else if (token === ',' && around) {
      around.index += 1;
      around.name = undefined;
    } else if (token === ':' || token === ',') continue;
    else if (around && !around.isList && around.name === undefined) around.name = JSON.parse(token) as string;
    else {
      const path = pathIn(around, open.length);
      if (open.length <= maxDepth) lines.set(path, line);
      if (token === '{' || token === '[') open.push({ path, isList: token === '[', index: 0, name: undefined });
    }
  }
  return lines;
}

function pathIn(around: Open | undefined, depth: number): string {
  if (!around || depth > maxDepth) return '';
  const own = around.isList ? String(around.index) : (around.name ?? '');
  return around.path ? `${around.path}.${own}` : own;
}
