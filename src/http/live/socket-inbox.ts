/** One operation of a socket, from the message that begins it until nothing of it can be sent any more. */
export interface Running {
  readonly id: string;
  /** The client has said that it wants no more of it. */
  isLetGo: boolean;
  /** It gives no single answer that would be worth waiting for. */
  isStream: boolean;
  /** Frees what it holds. */
  close: (() => void) | undefined;
  /** The client has used the id again, before what ran under it has ended. */
  next: object | undefined;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
}

/** What a socket has received and not yet dealt with. */
export interface Inbox {
  /** Operations by id. */
  readonly running: ReadonlyMap<string, Running>;
  /** Takes a message as it came; throws at what is no JSON. */
  receive(text: string): void;
  /** Ends every operation: nobody listens any more. */
  clear(): void;
}

export interface InboxOptions {
  /** Deals with a message; resolves when everything that comes of it has ended. */
  readonly handle: (message: unknown) => Promise<void>;
  /** The client used an id for two operations at once. */
  readonly usedTwice: (id: string) => void;
}

/**
 * Keeps a new operation back while another one, which the client has let go of, still ends under the same id: an answer of
 * the old one would be taken for the new one's.
 */
export function createInbox({ handle, usedTwice }: InboxOptions): Inbox {
  const running = new Map<string, Running>();
  let isCleared = false;

  const begin = (id: string, message: object): void => {
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const operation: Running = { id, isLetGo: false, isStream: false, close: undefined, next: undefined, ended };
    running.set(id, operation);
    void handle(message).finally(() => {
      if (running.get(id) === operation) running.delete(id);
      end();
      if (operation.next && !isCleared) begin(id, operation.next);
    });
  };

  const subscribe = (id: string, message: object): void => {
    const before = running.get(id);
    if (!before) begin(id, message);
    else if (before.isLetGo && !before.next) before.next = message;
    else usedTwice(id);
  };

  const complete = (id: string, message: object): void => {
    const operation = running.get(id);
    if (!operation) return;
    if (operation.next) {
      operation.next = undefined;
      return;
    }
    operation.isLetGo = true;
    operation.close?.();
    void handle(message);
  };

  return {
    running,
    receive(text) {
      const message: unknown = JSON.parse(text);
      const { type, id } = named(message);
      if (type === 'subscribe' && id) subscribe(id, withQuery(message as Subscribe));
      else if (type === 'complete' && id) complete(id, message as object);
      else void handle(message);
    },
    clear() {
      isCleared = true;
      for (const { close } of running.values()) close?.();
      running.clear();
    },
  };
}

interface Subscribe {
  readonly payload?: unknown;
}

function named(message: unknown): { readonly type?: unknown; readonly id?: string | undefined } {
  if (typeof message !== 'object' || message === null) return {};
  const { type, id } = message as { type?: unknown; id?: unknown };
  return { type, id: typeof id === 'string' && id !== '' ? id : undefined };
}

/** A document that is named by its id needs no text; the library wants one all the same. */
function withQuery(message: Subscribe): object {
  const { payload } = message;
  const isObject = typeof payload === 'object' && payload !== null && !Array.isArray(payload);
  if (!isObject || 'query' in payload || !('documentId' in payload || 'extensions' in payload)) return message;
  return { ...message, payload: { ...payload, query: '' } };
}
