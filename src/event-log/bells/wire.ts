/** A way to all nodes, this one among them: what is sent on it is heard on every line that is open. */
export interface Wire {
  /** Resolves once the payload is on its way; rejects, before long, when it is not. */
  send(payload: string): Promise<void>;
  /** A new connection that hears. It never comes back by itself: when it is lost, another one takes its place. */
  open(ear: Ear): Line;
  /** Lets go of what sends. */
  close(): void;
}

/** Whom a line tells. Nothing is told any more after `lost`, or after the line was closed. */
export interface Ear {
  /** From here on everything that is sent is heard. */
  readonly opened: () => void;
  readonly heard: (payload: string) => void;
  readonly lost: (error: unknown) => void;
}

export interface Line {
  /** Lets go at once, without waiting for anybody. */
  close(): void;
}
