import DataLoader from 'dataloader';
import { laneKey } from './lane.js';
import type { Loaded, SessionLoader } from './load-sessions.js';
import type { LogName } from './read-events.js';
import type { SessionState } from './session-state.js';
import type { StateCache } from './state-cache.js';

/** Gives a session as it is now: its head by key, and only the part of its log that this process has not folded yet. */
export type SessionReader = (log: LogName) => Promise<SessionState | undefined>;

/** Reads of one turn of the event loop go to the database together; a session asked for twice is read once. */
export function createSessionReader(load: SessionLoader, states: StateCache): SessionReader {
  const loader = new DataLoader<LogName, Loaded | undefined, string>(
    async (logs) => {
      for (const log of logs) loader.clear(log);
      const loaded = await load(logs.map((log) => ({ ...log, known: states.get(nameOf(log)), keys: [] })));
      return logs.map((log) => loaded.get(nameOf(log)));
    },
    { cacheKeyFn: nameOf, maxBatchSize: 100 },
  );
  return async (log) => {
    const found = await loader.load(log);
    if (found) states.put(nameOf(log), found.state);
    return found?.state;
  };
}

function nameOf({ tenantId, sessionId }: LogName): string {
  return laneKey(tenantId, sessionId);
}
