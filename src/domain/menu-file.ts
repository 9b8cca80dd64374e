import { type FileCategory, fileCategory, type FileItem, fileItem, readFields } from './menu-fields.js';
import type { FieldError } from './rejection.js';

/** Something wrong with a file. `line` counts from 1; null where it is about the file as a whole. */
export interface FileError extends FieldError {
  readonly line: number | null;
}

/** Something that stands in a file. */
export interface FileEntry<T> {
  readonly value: T;
  /** Where a member of it stands; a member that is not there stands where the whole does. */
  readonly lineOf: (path: string) => number;
  /** What the file calls that member, where it has another name there. */
  readonly pathOf?: (path: string) => string;
}

/** A menu as its file has it: nothing of it is known to be right. */
export interface RawMenu {
  readonly categories: readonly FileEntry<unknown>[];
  readonly items: readonly FileEntry<unknown>[];
  /** What could not be read at all. */
  readonly errors: readonly FileError[];
}

/** A menu out of a file. Categories that are only named by items are not listed. */
export interface MenuFile {
  readonly categories: readonly FileEntry<FileCategory>[];
  readonly items: readonly FileEntry<FileItem>[];
}

/** The entries of the file that are right, and everything that is wrong with the others. */
export function checkedMenu(raw: RawMenu): { readonly file: MenuFile; readonly errors: readonly FileError[] } {
  const errors = [...raw.errors];
  const checked = <T>(schema: Parameters<typeof readFields<T>>[0], entries: readonly FileEntry<unknown>[]) =>
    entries.flatMap(({ value, lineOf, pathOf = (path) => path }): readonly FileEntry<T>[] => {
      const result = readFields(schema, value);
      if ('value' in result) return [{ value: result.value, lineOf }];
      errors.push(...result.errors.map(({ path, message }) => ({ line: lineOf(path), path: pathOf(path), message })));
      return [];
    });
  const categories = checked<FileCategory>(fileCategory, raw.categories);
  const items = checked<FileItem>(fileItem, raw.items);
  // A heading is named by its items as well.
  const unique = new Map(errors.map((error) => [JSON.stringify(Object.values(error)), error]));
  return { file: { categories, items }, errors: [...unique.values()] };
}

/** Finds lines by the longest part of a path that has one. */
export function lineFinder(lines: ReadonlyMap<string, number>, prefix = ''): (path: string) => number {
  return (path) => {
    for (let part = prefix && path ? `${prefix}.${path}` : prefix || path; part !== ''; part = parentOf(part)) {
      const line = lines.get(part);
      if (line !== undefined) return line;
    }
    return lines.get('') ?? 1;
  };
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('.')));
}
