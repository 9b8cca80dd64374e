import type { Scope } from '../domain/scope.js';

/** A way in which a session's events are followed. */
export type LiveFace = 'sse' | 'long_poll' | 'websocket';

/** What is held open for those who follow a session, by all its faces. */
export interface OpenStreams {
  /** A place for one more of this credential, to be given back by a call; undefined when it has as many as it may. */
  enter(face: LiveFace, scope: Scope): (() => void) | undefined;
  /** Calls `fallen`, once, when a credential no longer counts; the answer ends the watch. */
  watch(isStanding: (() => Promise<boolean>) | undefined, fallen: () => void): () => void;
}

export interface OpenStreamsOptions {
  /** Whether a credential may have only so many. */
  readonly isLimited: boolean;
  /** Counts one more; the answer counts it out. */
  readonly opened: (face: LiveFace) => () => void;
}

/** What one credential may hold open in one process. A phone has a few tabs; a key serves a whole restaurant. */
const limits = { device: 20, key: 2_000 } as const;

/** With the two seconds for which a credential is believed, a revoked one is gone within five. */
const watchEveryMs = 2_000;

export function createOpenStreams({ isLimited, opened }: OpenStreamsOptions): OpenStreams {
  const counts = new Map<string, number>();
  const change = (name: string, by: 1 | -1) => {
    const count = (counts.get(name) ?? 0) + by;
    if (count === 0) counts.delete(name);
    else counts.set(name, count);
  };
  return {
    enter(face, scope) {
      const { name, limit } = shareOf(scope);
      if (isLimited && (counts.get(name) ?? 0) >= limit) return undefined;
      change(name, 1);
      const closed = opened(face);
      let isIn = true;
      return () => {
        if (!isIn) return;
        isIn = false;
        change(name, -1);
        closed();
      };
    },
    watch: createWatch(),
  };
}

/** Those who are nobody have one share together. */
function shareOf(scope: Scope): { readonly name: string; readonly limit: number } {
  switch (scope.kind) {
    case 'device':
      return { name: `device ${scope.deviceId}`, limit: limits.device };
    case 'key':
    case 'operator':
      return { name: `key ${scope.keyId}`, limit: limits.key };
    case 'table':
      return { name: `table ${scope.tableId}`, limit: limits.device };
    case 'nobody':
      return { name: scope.kind, limit: limits.device };
  }
}

interface Watched {
  readonly isStanding: () => Promise<boolean>;
  readonly fallen: () => void;
}

/** One clock asks for all, while there is anybody to ask for. */
function createWatch(): OpenStreams['watch'] {
  const all = new Set<Watched>();
  let ticker: NodeJS.Timeout | undefined;
  const leave = (one: Watched) => {
    all.delete(one);
    if (all.size > 0) return;
    clearInterval(ticker);
    ticker = undefined;
  };
  const ask = async (one: Watched) => {
    // A database that is away revokes nothing.
    const stands = await one.isStanding().catch(() => true);
    if (stands || !all.has(one)) return;
    leave(one);
    one.fallen();
  };
  return (isStanding, fallen) => {
    if (!isStanding) return () => undefined;
    const one = { isStanding, fallen };
    all.add(one);
    ticker ??= setInterval(() => {
      for (const watched of all) void ask(watched);
    }, watchEveryMs).unref();
    return () => leave(one);
  };
}
