/** Runs `work` under a name; whoever comes while it runs shares its end. */
export type SingleFlight = (name: string, work: () => Promise<void>) => Promise<void>;

export function createSingleFlight(): SingleFlight {
  const running = new Map<string, Promise<void>>();
  return (name, work) => {
    const known = running.get(name);
    if (known) return known;
    const run = work().finally(() => running.delete(name));
    running.set(name, run);
    return run;
  };
}
