import { CloseCode, type Server as Protocol } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Scope } from '../../domain/scope.js';
import { createInbox, type Inbox } from './socket-inbox.js';
import type { SocketLimits } from './socket-limits.js';
import { createOutlet, type Line, type SocketOutlet } from './socket-outlet.js';
import { createPulse } from './socket-pulse.js';

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
  readonly close: (code: number, reason: string) => void;
  /** Cuts it off, and counts why. */
  readonly drop: (why: DropReason, code: number, reason: string) => void;
  /** One look at it by the clock that all sockets share. */
  readonly tick: (now: number) => void;
  /** Resolves when the connection is gone. */
  readonly gone: Promise<void>;
}

export interface SocketOptions {
  readonly protocol: Protocol<LiveSocket>;
  readonly limits: SocketLimits;
  readonly address: string;
  readonly dropped: (why: DropReason) => void;
  readonly failed: (error: unknown) => void;
}

/** By the rules of WebSockets, in bytes. */
const longestReason = 123;

const tooSlow = [1013, 'the client reads too slowly'] as const;

/** Ties a socket to the protocol library. */
export function openSocket(line: Line, options: SocketOptions): LiveSocket {
  const { socket: ws } = line;
  const { protocol, limits, address, dropped, failed } = options;
  let act = (_message: unknown): Promise<void> => Promise.resolve();
  const isOpen = () => ws.readyState === ws.OPEN;
  const close = (code: number, reason: string): void => {
    if (!isOpen()) return;
    ws.close(code, Buffer.byteLength(reason) > longestReason ? '' : reason);
    outlet.letGo();
    inbox.clear();
  };
  const drop: LiveSocket['drop'] = (why, code, reason) => {
    if (isOpen()) dropped(why);
    close(code, reason);
  };
  const handle = (message: unknown): Promise<void> =>
    act(message).catch((error: unknown) => {
      failed(error);
      drop('failed', CloseCode.InternalServerError, 'something went wrong on our side');
    });
  const outlet = createOutlet(line, limits, () => drop('slow', ...tooSlow));
  const inbox = createInbox(handle, (why) => close(CloseCode.SubscriberAlreadyExists, why));
  const pulse = createPulse(ws, limits.pingMs, () => dropped('silent'));
  const tick = (now: number): void => {
    if (outlet.stalledFor(now) > limits.stallMs) drop('slow', ...tooSlow);
    else if (isOpen() && !outlet.isFull()) pulse(now);
  };
  let left = (): void => undefined;
  const gone = new Promise<void>((resolve) => (left = resolve));
  const caller: Caller = { scope: { kind: 'nobody' } };
  const socket: LiveSocket = { outlet, inbox, address, caller, close, drop, tick, gone };
  const closed = protocol.opened(
    {
      protocol: ws.protocol,
      send: outlet.text,
      close: (code = CloseCode.InternalServerError, reason = '') => close(code, reason),
      onMessage: (take) => {
        act = take as typeof act;
      },
    },
    socket,
  );
  listen(ws, socket);
  ws.once('close', (code, reason) => {
    outlet.letGo();
    inbox.clear();
    closed(code, reason.toString()).catch(failed);
    left();
  });
  return socket;
}

function listen(ws: WebSocket, { inbox, close }: LiveSocket): void {
  // What is wrong with a frame ends the connection by itself, with the code that fits.
  ws.on('error', () => undefined);
  ws.on('message', (data: Buffer, isBinary) => {
    if (ws.readyState !== ws.OPEN) return;
    try {
      if (isBinary) throw new Error('messages are text');
      inbox.receive(data.toString('utf8'));
    } catch {
      close(CloseCode.BadRequest, 'messages are JSON, as text');
    }
  });
}
