import type { ValuesOf, Variable } from './variable.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** One bad value. `text` is a whole line: the variable, what is wrong, and an example. */
export interface Problem {
  readonly name: string;
  readonly text: string;
}

export type Catalogue = Readonly<Record<string, Variable<unknown>>>;

/** Read each variable on its own. An empty value counts as absent, as compose files and CI systems produce it. */
export function readValues<const V extends Catalogue>(
  catalogue: V,
  env: Environment,
): { readonly values: ValuesOf<V>; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const entries = Object.entries(catalogue).map(([name, spec]) => {
    const raw = env[name]?.trim() ?? '';
    if (raw === '') return [name, spec.fallback] as const;
    const parsed = spec.parse(raw);
    if (parsed.ok) return [name, parsed.value] as const;
    const shown = spec.hidden ? 'its value' : JSON.stringify(raw.slice(0, 80));
    problems.push(problem(catalogue, name, `${shown} ${parsed.problem}`));
    return [name, spec.fallback] as const;
  });
  // The entries come from the catalogue's own keys and parsers, which is what ValuesOf says.
  return { values: Object.fromEntries(entries) as ValuesOf<V>, problems };
}

export function problem(catalogue: Catalogue, name: string, what: string): Problem {
  return { name, text: `${name}: ${what}; example: ${name}=${catalogue[name]?.example ?? ''}` };
}
