import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Rejection } from '../domain/rejection.js';
import type { Deps } from '../services/deps.js';
import { createInvalidWebhooks } from '../services/invalid-webhooks.js';
import {
  type PaymentProvider,
  type ReceivedWebhook,
  receiveWebhook,
  type WebhookAnswer,
  webhookProvider,
  type WebhookRequest,
  type WebhookTools,
} from '../services/receive-webhook.js';
import { withDeadline } from './deadline.js';

export interface WebhookOptions {
  readonly deps: Deps;
  /** Counts a webhook by provider and verdict, of which there are few. */
  readonly count: (provider: string, verdict: string) => void;
}

/** Largest body, in bytes. Those of providers have one or two kilobytes. */
const bodyLimit = 65_536;
/** Every provider waits longer than this, and comes again if there is no answer. */
const answerMs = 10_000;

/** The providers' way in: `/webhooks/{route}` for the default account, `/webhooks/{route}/{account_id}` for the others. */
export async function mountWebhooks(app: FastifyInstance, { deps, count }: WebhookOptions): Promise<void> {
  const samples = createInvalidWebhooks(deps, (error, dropped) => {
    app.log.warn({ err: error, dropped }, 'samples of webhooks could not be kept');
  });
  await app.register(async (scope) => {
    takeBodiesAsTheyAre(scope);
    scope.addHook('onClose', () => samples.settled());
    const handler = async (request: FastifyRequest, reply: FastifyReply) => {
      const { route = '' } = request.params as { route?: string };
      const provider = webhookProvider(route);
      const tools = { samples, onFailure: tellFailure(request.log, provider) };
      const started = performance.now();
      const { answer, verdict, isTold } = await receive(deps, { request, provider }, tools);
      count(provider.name, verdict);
      const ms = Math.round((performance.now() - started) * 100) / 100;
      if (isTold) request.log.info({ operation: 'webhook', provider: provider.name, verdict, ms }, 'webhook');
      return send(reply, answer);
    };
    for (const url of ['/webhooks/:route', '/webhooks/:route/:account_id']) scope.all(url, { bodyLimit }, handler);
  });
}

/** What is signed are bytes: they are read whatever they call themselves, and nothing parses them before the signature is checked. */
function takeBodiesAsTheyAre(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  scope.addHook('onRequest', (request, _reply, done) => {
    // The server would judge it; adapters do so from the raw headers.
    delete request.raw.headers['content-type'];
    done();
  });
  scope.setErrorHandler((error) => {
    throw isTooLarge(error) ? new Rejection('PAYLOAD_TOO_LARGE', 'the body may have at most 64 kB') : error;
  });
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'FST_ERR_CTP_BODY_TOO_LARGE';
}

function tellFailure(log: FastifyBaseLogger, { name }: PaymentProvider): WebhookTools['onFailure'] {
  return (error) => log.error({ err: error, provider: name }, 'webhook failed');
}

/** Our own faults get the provider's own answer too: it says "come again" in words that the provider knows. */
async function receive(
  deps: Deps,
  { request, provider }: { readonly request: FastifyRequest; readonly provider: PaymentProvider },
  tools: WebhookTools,
): Promise<ReceivedWebhook> {
  const { account_id: accountId = 'default' } = request.params as { account_id?: string };
  try {
    const call = { provider, accountId, request: asItCame(request, deps.now()), address: request.ip };
    return await withDeadline(receiveWebhook(deps, call, tools), answerMs);
  } catch (error) {
    if (error instanceof Rejection && error.code === 'NOT_FOUND') throw error;
    tools.onFailure(error);
    return { answer: provider.acknowledge({ result: 'error' }), verdict: 'error', isTold: true };
  }
}

function asItCame({ raw, body }: FastifyRequest, receivedAt: number): WebhookRequest {
  const { method = '', url = '', rawHeaders } = raw;
  const mark = url.indexOf('?');
  return {
    method,
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers: readHeaders(rawHeaders),
    body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
    receivedAt,
  };
}

/** By lower-case name; one that comes twice is joined, so that it fits no check made for one. */
function readHeaders(raw: readonly string[]): Readonly<Record<string, string>> {
  const headers = new Map<string, string>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [name = '', value = ''] = [raw[at]?.toLowerCase(), raw[at + 1]];
    const known = headers.get(name);
    headers.set(name, known === undefined ? value : `${known}, ${value}`);
  }
  return Object.fromEntries(headers);
}

/** As bytes, to which the server adds no content type of its own. */
function send(reply: FastifyReply, { status, headers, body }: WebhookAnswer): FastifyReply {
  return reply
    .status(status)
    .headers(headers)
    .send(body === '' ? undefined : Buffer.from(body));
}
