/** A WebSocket that only counts what comes: the load generator must not be what is measured. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface CountingSocket {
  /** Data messages that came so far. */
  readonly messages: number;
  readonly socket: Socket;
  send(message: object): void;
  close(): void;
}

/** Called with every data message: its count so far. */
type Came = (messages: number) => void;

/** Opens a socket of GraphQL's protocol and says who it is, where there is something to say. */
export async function openCountingSocket(url: string, came: Came = () => undefined): Promise<CountingSocket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.setNoDelay(true);
  socket.write(
    [
      'GET /graphql HTTP/1.1',
      `Host: ${hostname}:${port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      'Sec-WebSocket-Protocol: graphql-transport-ws',
      '',
      '',
    ].join('\r\n'),
  );
  let messages = 0;
  const count = createFrameReader((opcode, payload) => {
    if (opcode === 0x9) return void socket.write(frame(0xa, payload()));
    if (opcode > 0x2) return undefined;
    messages += 1;
    return came(messages);
  });
  const rest = await upgraded(socket);
  socket.on('data', count);
  socket.on('error', () => undefined);
  if (rest.length > 0) count(rest);
  return {
    get messages() {
      return messages;
    },
    socket,
    send: (message) => void socket.write(frame(0x1, Buffer.from(JSON.stringify(message)))),
    close: () => socket.destroy(),
  };
}

/** What came behind the answer to the upgrade. */
async function upgraded(socket: Socket): Promise<Buffer> {
  let head = Buffer.alloc(0);
  for (;;) {
    const [part] = (await once(socket, 'data')) as [Buffer];
    head = Buffer.concat([head, part]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) continue;
    if (!head.toString('latin1', 0, 12).endsWith('101')) throw new Error(head.toString('latin1', 0, end));
    return head.subarray(end + 4);
  }
}

/** Frames of a server: never masked. Looks at the headers only, and at the payload where somebody asks. */
function createFrameReader(read: (opcode: number, payload: () => Buffer) => void): (chunk: Buffer) => void {
  let left: Buffer = Buffer.alloc(0);
  /** Bytes of a frame that was counted and is still coming. */
  let skip = 0;
  return (chunk) => {
    const data = left.length > 0 ? Buffer.concat([left, chunk]) : chunk;
    let at = Math.min(skip, data.length);
    skip -= at;
    while (data.length - at >= 2) {
      const short = data[at + 1]! & 0x7f;
      const start = at + (short < 126 ? 2 : short === 126 ? 4 : 10);
      if (data.length < start) break;
      const size =
        short < 126 ? short : short === 126 ? data.readUInt16BE(at + 2) : Number(data.readBigUInt64BE(at + 2));
      const [opcode, end] = [data[at]! & 0xf, start + size];
      // A ping is answered with what it holds, so it must be here as a whole.
      if (opcode > 0x7 && data.length < end) break;
      read(opcode, () => data.subarray(start, end));
      at = Math.min(end, data.length);
      skip = end - at;
    }
    left = data.subarray(at);
  };
}

/** Frames of a client are masked; with zeros nothing changes. */
function frame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const head =
    length < 126
      ? Buffer.from([0x80 | opcode, 0x80 | length])
      : Buffer.from([0x80 | opcode, 0x80 | 126, length >> 8, length & 0xff]);
  return Buffer.concat([head, Buffer.alloc(4), payload]);
}
