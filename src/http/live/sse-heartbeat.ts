/** Keeps quiet connections from being taken for dead by whatever stands between. */
export interface Heartbeat {
  /** Beats for a connection, every so often, until the answer is called. */
  readonly join: (beat: () => void) => () => void;
}

const slots = 15;

/** One clock for all; each tick serves a part of the connections, so that many do not beat at one instant. */
export function createHeartbeat(everyMs: number): Heartbeat {
  const wheel = Array.from({ length: slots }, () => new Set<() => void>());
  let at = 0;
  let members = 0;
  let ticker: NodeJS.Timeout | undefined;
  const tick = () => {
    at = (at + 1) % slots;
    for (const beat of wheel[at] ?? []) beat();
  };
  return {
    join(beat) {
      const slot = wheel[at] as Set<() => void>;
      slot.add(beat);
      members += 1;
      ticker ??= setInterval(tick, everyMs / slots).unref();
      return () => {
        if (!slot.delete(beat)) return;
        members -= 1;
        if (members > 0) return;
        clearInterval(ticker);
        ticker = undefined;
      };
    },
  };
}
