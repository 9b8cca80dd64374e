import { type FileEntry, lineFinder, type RawMenu } from '../domain/menu-file.js';
import { jsonLines } from './json-lines.js';

/** Reads a menu out of JSON: `{categories: [{name, translations}], items: [{name, category, price, ...}]}`. */
export function readMenuJson(content: string): RawMenu {
  const text = content.startsWith('\ufeff') ? content.slice(1) : content;
  const parsed = parse(text);
  if ('line' in parsed) return nothing(parsed.line, '', 'is not valid JSON from here on');
  const { value } = parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return nothing(1, '', 'must be an object with `items`');
  const lines = jsonLines(text);
  const { categories = [], items, ...others } = value as Record<string, unknown>;
  const errors = Object.keys(others).map((path) => ({
    ...{ line: lines.get(path) ?? 1, path, message: 'is not a field of a menu' },
  }));
  const entries = (name: string, list: unknown): readonly FileEntry<unknown>[] => {
    if (Array.isArray(list))
      return list.map((one: unknown, index) => ({ value: one, lineOf: lineFinder(lines, `${name}.${index}`) }));
    errors.push({ line: lines.get(name) ?? 1, path: name, message: 'must be a list' });
    return [];
  };
  return { categories: entries('categories', categories), items: entries('items', items), errors };
}

function nothing(line: number, path: string, message: string): RawMenu {
  return { categories: [], items: [], errors: [{ line, path, message }] };
}

/** The value, or the line at which it stops being JSON. */
function parse(text: string): { readonly value: unknown } | { readonly line: number } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    const place = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    return { line: text.slice(0, Number(place ?? text.length)).split('\n').length };
  }
}
