import type { WebSocket } from 'ws';
import type { SocketLimits } from './socket-limits.js';

/** Everything that goes out over one socket goes through here, so that what is not yet sent stays bounded. */
export interface SocketOutlet {
  readonly isOpen: boolean;
  /** More is unsent than the client should be behind. */
  readonly isFull: boolean;
  /** Bytes that the client has not taken yet. */
  readonly buffered: number;
  /** How long it has been full, in milliseconds; 0 if it is not. */
  stalledFor(now: number): number;
  /** Sends an item of a subscription, or holds it back while the client is behind. The promise: the client can take more. */
  item(prefix: Buffer, payload: Buffer): Promise<void> | undefined;
  /** Sends an answer or a word of the protocol at once. */
  text(message: string): void;
  /** Resolves when the client can take more, or is gone. */
  room(): Promise<void>;
  /** Lets everybody go who waits for room: nothing more will be sent. */
  letGo(): void;
}

/** `tooMuch` is called when answers pile up for a client that does not read them. */
export function createOutlet(socket: WebSocket, limits: SocketLimits, tooMuch: () => void): SocketOutlet {
  const { highWater, hardCap } = limits;
  let fullSince = 0;
  let waiters: (() => void)[] = [];

  const isOpen = () => socket.readyState === socket.OPEN;
  const isFull = () => fullSince > 0 && isOpen();

  const wake = (): void => {
    const woken = waiters;
    waiters = [];
    for (const resolve of woken) resolve();
  };

  const flushed = (): void => {
    if (socket.bufferedAmount > highWater) return;
    fullSince = 0;
    wake();
  };

  // Only what makes the socket full needs to be told when it is gone: everything before it is gone by then.
  const send = (message: Buffer | string, size: number): void => {
    if (socket.bufferedAmount + size <= highWater) {
      socket.send(message, { binary: false });
      return;
    }
    if (fullSince === 0) fullSince = performance.now();
    socket.send(message, { binary: false }, flushed);
  };

  const room = (): Promise<void> => new Promise((resolve) => (isFull() ? waiters.push(resolve) : resolve()));

  const sendItem = (message: Buffer): Promise<void> | undefined => {
    if (isOpen()) send(message, message.length);
    return isFull() ? room() : undefined;
  };

  const sendLater = async (message: Buffer): Promise<void> => {
    while (isFull()) await room();
    await sendItem(message);
  };

  return {
    get isOpen() {
      return isOpen();
    },
    get isFull() {
      return isFull();
    },
    get buffered() {
      return socket.bufferedAmount;
    },
    stalledFor: (now) => (isFull() ? now - fullSince : 0),
    item(prefix, payload) {
      const message = Buffer.concat([prefix, payload]);
      return isFull() ? sendLater(message) : sendItem(message);
    },
    text(message) {
      if (!isOpen()) return;
      if (socket.bufferedAmount > hardCap) tooMuch();
      else send(message, Buffer.byteLength(message));
    },
    room,
    letGo: wake,
  };
}
