import type { Parser } from './parsers.js';

/** One environment variable: how it is read and what the documentation says of it. */
export interface Variable<T> {
  readonly meaning: string;
  readonly unit?: string;
  /** Used when the variable is absent or empty. */
  readonly fallback: T;
  /** The default in words, where it is not simply `fallback`. */
  readonly fallbackText?: string;
  readonly example: string;
  /** Never echoed, not even in the message about it. */
  readonly hidden?: boolean;
  readonly parse: Parser<T>;
}

export type ValuesOf<V> = { readonly [K in keyof V]: V[K] extends Variable<infer T> ? T : never };

export const variable = <const T>(spec: Variable<T> & { readonly fallback: NoInfer<T> }): Variable<T> => spec;

/** A variable whose absence means something of its own, which `fallbackText` states. */
export const optional = <T>(spec: Omit<Variable<T>, 'fallback'>): Variable<T | undefined> => ({
  ...spec,
  fallback: undefined,
});
