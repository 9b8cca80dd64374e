/** A map that forgets its oldest entries beyond a limit. */
export interface BoundedMap<T> {
  readonly get: (key: string) => T | undefined;
  readonly set: (key: string, value: T) => void;
  /** Newest first. */
  readonly latest: (count: number) => readonly T[];
  readonly size: () => number;
}

export function createBoundedMap<T>(limit: number): BoundedMap<T> {
  const entries = new Map<string, T>();
  return {
    get: (key) => entries.get(key),
    set(key, value) {
      entries.set(key, value);
      if (entries.size <= limit) return;
      for (const oldest of entries.keys()) {
        entries.delete(oldest);
        break;
      }
    },
    latest: (count) => [...entries.values()].slice(-count).reverse(),
    size: () => entries.size,
  };
}
