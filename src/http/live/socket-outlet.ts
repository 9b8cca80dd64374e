import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { SocketLimits } from './socket-limits.js';
import { textFrame } from './text-frame.js';

/** Everything that goes out over one socket goes through here, so that what is not yet sent stays bounded. */
export interface SocketOutlet {
  readonly isOpen: () => boolean;
  /** More is unsent than the client should be behind. */
  readonly isFull: () => boolean;
  /** Bytes that the client has not taken yet. */
  readonly buffered: () => number;
  /** How long it has been full, in milliseconds; 0 if it is not. */
  stalledFor(now: number): number;
  /** Sends an item of a subscription, or holds it back while the client is behind. The promise: the client can take more. */
  item(start: string, payload: Buffer): Promise<void> | undefined;
  /** Sends an answer or a word of the protocol at once. */
  readonly text: (message: string) => void;
  /** Resolves when the client can take more, or is gone. */
  room(): Promise<void>;
  /** Lets everybody go who waits for room: nothing more will be sent. */
  letGo(): void;
}

/** A socket and the connection below it. */
export interface Line {
  readonly socket: WebSocket;
  readonly stream: Duplex;
}

/** `tooMuch` is called when answers pile up for a client that does not read them. */
export function createOutlet(line: Line, limits: SocketLimits, tooMuch: () => void): SocketOutlet {
  const { socket } = line;
  const gauge = createGauge(line, limits.highWater);
  const { room } = gauge;

  const sendItem = (start: string, payload: Buffer): Promise<void> | undefined => {
    if (!gauge.isOpen()) return undefined;
    gauge.sendFrame(textFrame(start, payload));
    return gauge.isFull() ? room() : undefined;
  };

  const sendItemLater = async (start: string, payload: Buffer): Promise<void> => {
    while (gauge.isFull()) await room();
    await sendItem(start, payload);
  };

  return {
    isOpen: gauge.isOpen,
    isFull: gauge.isFull,
    buffered: () => socket.bufferedAmount,
    stalledFor: gauge.stalledFor,
    item: (start, payload) => (gauge.isFull() ? sendItemLater : sendItem)(start, payload),
    text(message) {
      if (!gauge.isOpen()) return;
      if (gauge.behind() > limits.hardCap) tooMuch();
      else gauge.send(message);
    },
    room,
    letGo: gauge.letGo,
  };
}

/** Sends, and knows when a socket has more to send than it should, and when it has room again. */
function createGauge({ socket, stream }: Line, highWater: number) {
  const gather = createGathering(stream);
  let fullSince = 0;
  let behind = 0;
  let waiters: (() => void)[] = [];
  const isOpen = () => socket.readyState === socket.OPEN;
  const isFull = () => fullSince > 0 && isOpen();
  const letGo = (): void => {
    const woken = waiters;
    waiters = [];
    for (const resolve of woken) resolve();
  };
  const flushed = (): void => {
    if (socket.bufferedAmount > highWater) return;
    fullSince = 0;
    behind = 0;
    letGo();
  };
  const take = (size: number): void => {
    gather();
    if (fullSince > 0) behind += size;
    else if (socket.bufferedAmount + size > highWater) fullSince = performance.now();
  };
  return {
    isOpen,
    isFull,
    letGo,
    stalledFor: (now: number) => (isFull() ? now - fullSince : 0),
    /** Bytes sent behind what made it full: one answer may be as large as it is. */
    behind: () => behind,
    room: (): Promise<void> => new Promise((resolve) => void (isFull() ? waiters.push(resolve) : resolve())),
    /** Only what is sent to a full socket tells when it is out: everything before it is out by then. */
    send(message: string): void {
      take(Buffer.byteLength(message));
      if (fullSince > 0) socket.send(message, flushed);
      else socket.send(message);
    },
    /** Past the library, which without compression would write it to the same stream at once. */
    sendFrame(frame: Buffer): void {
      take(frame.length);
      if (fullSince > 0) stream.write(frame, flushed);
      else stream.write(frame);
    },
  };
}

/**
 * What follows a message in the same turn of the event loop goes out with one call to the system: a replay of hundreds of
 * events cost a third of its time in such calls. The first message does not wait.
 */
function createGathering(stream: Duplex): () => void {
  let sent = 0;
  const endOfTurn = (): void => {
    if (sent > 1) stream.uncork();
    sent = 0;
  };
  return () => {
    sent += 1;
    if (sent === 1) process.nextTick(endOfTurn);
    if (sent === 2) stream.cork();
  };
}
