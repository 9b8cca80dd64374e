/** One operation of a socket, from the message that begins it until nothing of it can be sent any more. */
export interface Running {
  readonly id: string;
  /** Its name in the log, once it has a context. */
  requestId: string | undefined;
  /** Nobody wants any more of it: the client has said so, or is gone. */
  isLetGo: boolean;
  /** It gives no single answer that would be worth waiting for. */
  isStream: boolean;
  /** Frees what it holds. */
  close: (() => void) | undefined;
  /** While it waits for its one answer: has the client told that there will be none. */
  giveUp: (() => void) | undefined;
  /** The client has used the id again, before what ran under it has ended. */
  next: object | undefined;
  /** Resolves when it has ended. */
  ended: Promise<void>;
}

const fresh = {
  ...{ requestId: undefined, isLetGo: false, isStream: false, close: undefined, giveUp: undefined },
  next: undefined,
  ended: Promise.resolve(),
} as const;

/** What a socket has received and not yet dealt with. */
export interface Inbox {
  /** Operations by id. */
  readonly running: ReadonlyMap<string, Running>;
  /** Takes a message as it came; throws at what is no JSON. */
  receive(text: string): void;
  /** Ends every operation: nobody listens any more. */
  clear(): void;
}

/** Deals with a message; resolves, and never rejects, when everything that comes of it has ended. */
export type Handle = (message: unknown) => Promise<void>;

/**
 * Keeps a new operation back while another one, which the client has let go of, still ends under the same id: an answer of
 * the old one would be taken for the new one's. `refuse` is for an id that is in use.
 */
export function createInbox(handle: Handle, refuse: (why: string) => void): Inbox {
  const running = new Map<string, Running>();

  const begin = (id: string, message: object): void => {
    const operation: Running = { id, ...fresh };
    running.set(id, operation);
    operation.ended = handle(message).then(() => {
      if (running.get(id) !== operation) return;
      running.delete(id);
      if (operation.next) begin(id, operation.next);
    });
  };

  const subscribe = (id: string, message: object): void => {
    const before = running.get(id);
    if (!before) begin(id, message);
    else if (before.isLetGo && !before.next) before.next = message;
    else refuse(`Subscriber for ${id} already exists`);
  };

  const complete = (id: string, message: object): void => {
    const operation = running.get(id);
    if (operation?.next) operation.next = undefined;
    else if (operation && !operation.isLetGo) {
      letGo(operation);
      void handle(message);
    }
  };

  return {
    running,
    receive(text) {
      const message: unknown = JSON.parse(text);
      const { type, id } = nameOf(message);
      if (type === 'subscribe' && id) subscribe(id, withQuery(message as Subscribe));
      else if (type === 'complete' && id) complete(id, message as object);
      else void handle(message);
    },
    clear() {
      const all = [...running.values()];
      running.clear();
      for (const operation of all) letGo(operation);
    },
  };
}

function letGo(operation: Running): void {
  operation.isLetGo = true;
  operation.close?.();
}

interface Subscribe {
  readonly payload?: unknown;
}

function nameOf(message: unknown): { readonly type?: unknown; readonly id?: string | undefined } {
  if (typeof message !== 'object' || message === null) return {};
  const { type, id } = message as { type?: unknown; id?: unknown };
  return { type, id: typeof id === 'string' ? id : undefined };
}

/** A document that is named by its id needs no text; the library wants one all the same. */
function withQuery(message: Subscribe): object {
  const { payload } = message;
  if (typeof payload !== 'object' || payload === null || 'query' in payload) return message;
  const isNamed = 'documentId' in payload || 'extensions' in payload;
  return isNamed ? { ...message, payload: { ...payload, query: '' } } : message;
}
