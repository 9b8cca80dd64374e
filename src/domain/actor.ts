/** Who did it: written into every event. `name` is what people see; it can be erased later without breaking the log. */
export interface Actor {
  readonly type: 'device' | 'staff' | 'server' | 'worker' | 'provider';
  readonly id: string;
  readonly name: string | null;
}

/** The server acting by itself, for instance when it opens a session. */
export const server: Actor = { type: 'server', id: 'server', name: null };

/** A background job acting by itself, for instance when time ends a session. */
export const worker: Actor = { type: 'worker', id: 'worker', name: null };
