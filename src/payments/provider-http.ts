import { setTimeout as sleep } from 'node:timers/promises';
import { writeExact } from './exact-json.js';
import { ProviderFailure, type ProviderCall, type ProviderHttp, type ProviderReply } from './provider.js';

/** One try, for metrics and logs. Nothing of what was said is in it. */
export interface ProviderProbe {
  readonly host: string;
  readonly attempt: number;
  /** The status, or why there is none. */
  readonly outcome: number | ProviderFailure['kind'];
  readonly milliseconds: number;
}

interface ProviderHttpOptions {
  /** For a call that may be repeated: all its tries and the pauses between them. */
  readonly timeoutMs: number;
  /** For one try of such a call, so that one lost packet does not use up the whole time. */
  readonly attemptMs: number;
  /** For a call that must not be repeated: giving up early would only leave its outcome unknown. */
  readonly onceMs: number;
  readonly attempts: number;
  readonly maxBytes: number;
  readonly probe?: (probe: ProviderProbe) => void;
}

const defaults: ProviderHttpOptions = {
  timeoutMs: 10_000,
  attemptMs: 6_000,
  onceMs: 30_000,
  attempts: 3,
  maxBytes: 64 * 1024,
};
const firstPauseMs = 200;

/** The only way to the providers. A redirect is never followed: it could carry a signed request anywhere. */
export function createProviderHttp(options: Partial<ProviderHttpOptions> = {}): ProviderHttp {
  const limits = { ...defaults, ...options };
  return async (call) => {
    const attempts = call.isRepeatable ? limits.attempts : 1;
    const endsAt = performance.now() + (call.isRepeatable ? limits.timeoutMs : limits.onceMs);
    for (let attempt = 1; ; attempt += 1) {
      const tried = await observed(call, { attempt, endsAt, limits });
      const pause = firstPauseMs * 2 ** (attempt - 1) * (0.5 + Math.random());
      const isOver = attempt >= attempts || performance.now() + pause >= endsAt;
      if (isOver || !isWorthRepeating(tried)) return settled(tried);
      await sleep(pause);
    }
  };
}

interface Try {
  readonly attempt: number;
  readonly endsAt: number;
  readonly limits: ProviderHttpOptions;
}

type Tried = ProviderReply | ProviderFailure;

function settled(tried: Tried): ProviderReply {
  if (tried instanceof ProviderFailure) throw tried;
  return tried;
}

function isWorthRepeating(tried: Tried): boolean {
  if (tried instanceof ProviderFailure) return tried.kind === 'unreachable';
  return tried.status >= 500 || tried.status === 429;
}

async function observed(call: ProviderCall, { attempt, endsAt, limits }: Try): Promise<Tried> {
  const started = performance.now();
  const left = endsAt - started;
  const tried = await tryOnce(call, {
    milliseconds: call.isRepeatable ? Math.min(left, limits.attemptMs) : left,
    limits,
  });
  limits.probe?.({
    host: hostOf(call.url),
    attempt,
    outcome: tried instanceof ProviderFailure ? tried.kind : tried.status,
    milliseconds: performance.now() - started,
  });
  return tried;
}

async function tryOnce(
  call: ProviderCall,
  { milliseconds, limits }: { readonly milliseconds: number; readonly limits: ProviderHttpOptions },
): Promise<Tried> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), milliseconds);
  try {
    const response = await fetch(call.url, { ...requestOf(call), signal: abort.signal });
    return await readReply(response, { host: hostOf(call.url), maxBytes: limits.maxBytes });
  } catch (error) {
    if (error instanceof ProviderFailure) return error;
    const why = abort.signal.aborted ? `no answer within ${Math.round(milliseconds)} ms` : reasonOf(error);
    return new ProviderFailure(`${hostOf(call.url)}: ${why}`, 'unreachable');
  } finally {
    clearTimeout(timer);
    // Whatever was not read is not waited for.
    abort.abort();
  }
}

function requestOf(call: ProviderCall): RequestInit {
  const isJson = 'json' in call.body;
  return {
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': isJson ? 'application/json; charset=UTF-8' : 'application/x-www-form-urlencoded; charset=UTF-8',
    },
    body: 'json' in call.body ? writeExact(call.body.json) : new URLSearchParams(call.body.form).toString(),
    redirect: 'manual',
  };
}

async function readReply(
  response: Response,
  { host, maxBytes }: { readonly host: string; readonly maxBytes: number },
): Promise<ProviderReply> {
  // A redirect that is not followed may also show as status 0.
  if (response.status === 0 || (response.status >= 300 && response.status < 400)) {
    throw new ProviderFailure(`${host}: wants to redirect`, 'unreadable');
  }
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    if (size > maxBytes) throw new ProviderFailure(`${host}: answered with more than ${maxBytes} bytes`, 'unreadable');
    parts.push(part);
  }
  return { status: response.status, text: Buffer.concat(parts).toString('utf8') };
}

/** Codes only: a message could hold the address with all that was in it. */
function reasonOf(error: unknown): string {
  const cause: unknown = error instanceof Error ? (error.cause ?? error) : error;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : 'the connection failed';
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'an address that is none';
}
