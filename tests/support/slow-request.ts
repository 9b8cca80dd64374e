import { once } from 'node:events';
import net from 'node:net';

/** A request whose head has arrived and whose body is held back: under way for as long as the test wants. */
export interface SlowRequest {
  /** Sends the rest, and gives the whole answer as text once the server has closed the connection. */
  finish(): Promise<string>;
  abandon(): void;
}

/** Starts a POST of JSON and sends it up to the middle of its body. */
export async function startSlowRequest(url: string, token: string, body: object): Promise<SlowRequest> {
  const { hostname, port, pathname } = new URL(url);
  const text = JSON.stringify(body);
  const socket = net.connect(Number(port), hostname);
  socket.setEncoding('utf8');
  await once(socket, 'connect');
  let answer = '';
  socket.on('data', (part: string) => (answer += part));
  // The server may reset a connection that it gave up; the text so far then tells.
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const half = Math.floor(text.length / 2);
  const head = [
    `POST ${pathname} HTTP/1.1`,
    `Host: ${hostname}`,
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(text)}`,
    'Expect: 100-continue',
    'Connection: close',
  ].join('\r\n');
  socket.write(`${head}\r\n\r\n`);
  // The server says 100 when it has taken the request on.
  while (!answer.startsWith('HTTP/1.1 100')) await once(socket, 'data');
  socket.write(text.slice(0, half));
  return {
    async finish() {
      socket.write(text.slice(half));
      await closed;
      return answer;
    },
    abandon: () => void socket.destroy(),
  };
}
