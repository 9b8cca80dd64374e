import { snakeWord } from '../domain/words.js';

/** The object's own fields under their snake_case names; fields that were not given are left out. */
export function snakeFields(input: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(input)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [snakeWord(name), value]),
  );
}

/** Null and absent mean the same in an input; services take absent. */
export function given<T>(value: T | null | undefined): T | undefined {
  return value ?? undefined;
}
