/** A small HTTP client that keeps its connection until that is cut. */
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';

export interface LiveAsk {
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface LiveClient {
  /** Headers of the answer; undefined when the connection was lost before. */
  open(method: string, path: string, ask?: LiveAsk): Promise<Incoming>;
  /** The whole answer. */
  ask(
    method: string,
    path: string,
    ask?: LiveAsk,
  ): Promise<{ readonly status: number; readonly text: string } | undefined>;
  /** Destroys the connection, whatever is on its way there. */
  readonly cut: () => void;
}

type Incoming = IncomingMessage | undefined;

/** The token is the bearer's, unless a header says otherwise. */
export function createClient(address: string, token: string): LiveClient {
  const { hostname, port } = new URL(address);
  let agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let call: ClientRequest | undefined;

  const open: LiveClient['open'] = (method, path, { body, headers = {} } = {}) => {
    const content = body && JSON.stringify(body);
    const own = content === undefined ? {} : { 'content-type': 'application/json' };
    return new Promise((resolve) => {
      call = request(
        { agent, hostname, port, method, path, headers: { authorization: `Bearer ${token}`, ...own, ...headers } },
        resolve,
      );
      call.on('error', () => resolve(undefined));
      call.end(content);
    });
  };
  return {
    open,
    async ask(method, path, ask) {
      const response = await open(method, path, ask);
      const text = response && (await textOf(response));
      return text === undefined ? undefined : { status: response?.statusCode ?? 0, text };
    },
    cut() {
      call?.destroy();
      agent.destroy();
      agent = new Agent({ keepAlive: true, maxSockets: 1 });
    },
  };
}

function textOf(response: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (part: string) => (text += part));
    response.on('end', () => resolve(response.complete ? text : undefined));
    response.on('error', () => resolve(undefined));
    response.on('close', () => resolve(undefined));
  });
}
