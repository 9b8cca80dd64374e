import { type Server as Protocol, CloseCode } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Scope } from '../../domain/scope.js';
import { createInbox, type Inbox } from './socket-inbox.js';
import type { SocketLimits } from './socket-limits.js';
import { createOutlet, type SocketOutlet } from './socket-outlet.js';

/** Who speaks over a socket. */
export interface Caller {
  readonly scope: Scope;
  readonly isStanding?: (() => Promise<boolean>) | undefined;
}

/** Why a socket was cut off by the server. */
export type DropReason = 'slow' | 'silent' | 'revoked' | 'too_many' | 'failed';

/** One client's socket. */
export interface LiveSocket {
  readonly outlet: SocketOutlet;
  readonly inbox: Inbox;
  /** Where the client comes from. */
  readonly address: string;
  /** Nobody, until the client has said who it is. */
  caller: Caller;
  /** Ends it in order. */
  close(code: number, reason: string): void;
  /** Cuts it off, and counts why. */
  drop(why: DropReason, code: number, reason: string): void;
  /** One look at it by the clock that all sockets share. */
  tick(now: number): void;
  /** Lets running queries answer, and sends the client to another node. */
  leave(): Promise<void>;
  /** Called once, when the connection is gone. */
  onGone(act: () => void): void;
}

export interface SocketOptions {
  readonly protocol: Protocol<LiveSocket>;
  readonly limits: SocketLimits;
  readonly address: string;
  readonly dropped: (why: DropReason) => void;
  readonly failed: (error: unknown) => void;
}

/** Ties a socket to the protocol library. */
export function openSocket(ws: WebSocket, options: SocketOptions): LiveSocket {
  const { protocol, limits, address } = options;
  let handle = (_message: unknown): Promise<void> => Promise.resolve();
  const goneActs: (() => void)[] = [];
  const isOpen = () => ws.readyState === ws.OPEN;

  const close = (code: number, reason: string): void => {
    if (!isOpen()) return;
    ws.close(code, reason);
    outlet.letGo();
    inbox.clear();
  };
  const drop: LiveSocket['drop'] = (why, code, reason) => {
    if (isOpen()) options.dropped(why);
    close(code, reason);
  };
  const outlet = createOutlet(ws, limits, () => drop('slow', ...tooSlow));
  const inbox = createInbox({
    handle: async (message) => {
      try {
        await handle(message);
      } catch (error) {
        options.failed(error);
        drop('failed', CloseCode.InternalServerError, 'something went wrong on our side');
      }
    },
    usedTwice: (id) => close(CloseCode.SubscriberAlreadyExists, `there is an operation ${id.slice(0, 60)} already`),
  });
  const pulse = createPulse(ws, limits, () => {
    options.dropped('silent');
    ws.terminate();
  });
  const socket: LiveSocket = {
    ...{ outlet, inbox, address, close, drop },
    caller: { scope: { kind: 'nobody' } },
    tick(now) {
      if (outlet.stalledFor(now) > limits.stallMs) drop('slow', ...tooSlow);
      else if (isOpen()) pulse(now);
    },
    async leave() {
      await answered(inbox, limits.drainMs);
      const gone = new Promise<void>((resolve) => (ws.readyState === ws.CLOSED ? resolve() : goneActs.push(resolve)));
      close(1001, `retry: ${500 + Math.floor(Math.random() * 2_501)}`);
      await gone;
    },
    onGone: (act) => void goneActs.push(act),
  };
  listen(ws, socket);
  const closed = protocol.opened(
    {
      protocol: ws.protocol,
      send: (message) => outlet.text(message),
      close: (code = 1011, reason = '') => close(code, reason),
      onMessage: (act) => {
        handle = act as typeof handle;
      },
    },
    socket,
  );
  ws.once('close', (code, reason) => {
    outlet.letGo();
    inbox.clear();
    for (const act of goneActs) act();
    closed(code, reason.toString()).catch(options.failed);
  });
  return socket;
}

const tooSlow = [1013, 'the client reads too slowly'] as const;

function listen(ws: WebSocket, { inbox, close }: LiveSocket): void {
  // The library of the frames ends the connection by itself, with the code that fits.
  ws.on('error', () => undefined);
  ws.on('message', (data, isBinary) => {
    if (ws.readyState !== ws.OPEN) return;
    try {
      if (isBinary) throw new Error('messages are text');
      inbox.receive((data as Buffer).toString('utf8'));
    } catch {
      close(CloseCode.BadRequest, 'messages are JSON objects, as text');
    }
  });
}

/** Pings now and then, and notices who does not answer any more. */
function createPulse(ws: WebSocket, { pingMs }: SocketLimits, silent: () => void): (now: number) => void {
  // Those who connect at once must not be pinged at once.
  let nextAt = performance.now() + Math.random() * pingMs;
  let unanswered = 0;
  ws.on('pong', () => {
    unanswered = 0;
  });
  return (now) => {
    if (now < nextAt) return;
    nextAt = now + pingMs;
    unanswered += 1;
    if (unanswered > 2) silent();
    else ws.ping();
  };
}

/** Resolves when everything that gives one answer has given it, or when that takes too long. */
async function answered({ running }: Inbox, milliseconds: number): Promise<void> {
  const answers = [...running.values()].filter(({ isStream }) => !isStream).map(({ ended }) => ended);
  if (answers.length === 0) return;
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([Promise.all(answers), overdue]);
  clearTimeout(timer);
}
