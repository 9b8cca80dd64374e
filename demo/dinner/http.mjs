import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';

/** The server said no. */
export class Refusal extends Error {
  /** @override */
  name = 'Refusal';
  /**
   * @param {number} status
   * @param {Record<string, any>} problem the members of the error: `code`, and what belongs to it
   */
  constructor(status, problem) {
    super(`${problem.code ?? status}: ${problem.detail ?? problem.title ?? 'no reason given'}`);
    this.status = status;
    this.code = String(problem.code);
    this.problem = problem;
  }
}

/** Nobody is there to answer. */
export class NoServer extends Error {
  /** @override */
  name = 'NoServer';
}

/**
 * @typedef {{ method?: string, token?: string | undefined, actorName?: string, body?: object | undefined }} Request
 * @param {string} url
 * @param {Request} request
 * @returns {Promise<{ status: number, body: any }>}
 */
export async function call(url, request) {
  const { method, headers, body } = parts(request);
  const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) }).catch((cause) => {
    throw new NoServer(`no answer from ${url}`, { cause });
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : parse(text, response) };
}

/**
 * Sends a whole request and destroys the socket before the answer: what happens to a phone in a lift.
 * @param {string} url
 * @param {Request} request
 */
export async function sendAndHangUp(url, request) {
  const { protocol, hostname, port, pathname, host } = new URL(url);
  const isSecure = protocol === 'https:';
  const address = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (isSecure ? 443 : 80) };
  const socket = isSecure ? tls.connect({ ...address, servername: address.host }) : net.connect(address);
  await once(socket, isSecure ? 'secureConnect' : 'connect');
  const { method, headers, body = '' } = parts(request);
  const head = Object.entries({ ...headers, Host: host, 'Content-Length': Buffer.byteLength(body) });
  const lines = [`${method} ${pathname} HTTP/1.1`, ...head.map(([name, value]) => `${name}: ${value}`)];
  await new Promise((resolve) => socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`, resolve));
  socket.destroy();
}

/** @param {Request} request */
function parts({ method = 'POST', token, actorName, body }) {
  return {
    method,
    headers: {
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(actorName === undefined ? {} : { 'X-Actor-Name': actorName }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  };
}

/**
 * @param {string} text
 * @param {Response} response
 */
function parse(text, { url, status }) {
  try {
    return JSON.parse(text);
  } catch {
    throw new NoServer(`${url} answered ${status} with something else than JSON`);
  }
}
