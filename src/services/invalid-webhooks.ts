import { insertWebhookSample, type WebhookSampleRow } from '../db/webhook-samples.js';
import type { Invalidity, MerchantAccount, WebhookRequest } from '../payments/provider.js';
import type { Deps } from './deps.js';
import { shownHeaders } from './webhook-headers.js';

/** A call that is no provider's, or not to be read. */
export interface InvalidWebhook {
  readonly account: MerchantAccount;
  readonly why: Invalidity;
  readonly detail: string;
  readonly address: string;
  readonly request: WebhookRequest;
}

/** Keeps a few of the calls that changed nothing, so that a person can find out who sends them. */
export interface InvalidWebhooks {
  /** Keeps the beginning of the call, unless enough of this minute's are kept. Says whether it does; never fails, never waits. */
  take(call: InvalidWebhook): boolean;
  /** Resolves when all that was taken is written, or given up. */
  settled(): Promise<void>;
}

/** Of each provider and in each process. */
const perMinute = 100;
/** The parts of a sample in bytes; together they are what the table allows. */
const bounds = { sample: 8_192, query: 4_096, headers: 2_048 } as const;

type Sample = Omit<WebhookSampleRow, 'receivedAt'>;

/** One statement at a time writes samples, whatever comes in. After a failure those that wait are dropped, so none pile up. */
export function createInvalidWebhooks(
  { orm, newId }: Pick<Deps, 'orm' | 'newId'>,
  onFailure: (error: unknown, dropped: number) => void,
): InvalidWebhooks {
  const minutes = new Map<string, { readonly since: number; taken: number }>();
  let waiting: Sample[] = [];
  let writing: Promise<void> | undefined;

  function mayTake(provider: string): boolean {
    const now = performance.now();
    const known = minutes.get(provider);
    const minute = known && now - known.since < 60_000 ? known : { since: now, taken: 0 };
    minutes.set(provider, minute);
    minute.taken += 1;
    return minute.taken <= perMinute;
  }

  async function write(): Promise<void> {
    try {
      for (let next = waiting.shift(); next; next = waiting.shift()) await insertWebhookSample(orm, next);
    } catch (error) {
      onFailure(error, waiting.length + 1);
      waiting = [];
    }
    writing = undefined;
  }

  return {
    take(call) {
      const { provider } = call.account;
      if (!mayTake(provider)) return false;
      waiting.push(sampleOf(newId(), call));
      writing ??= write();
      return true;
    },
    settled: async () => await writing,
  };
}

function sampleOf(id: string, { account, why, detail, address, request }: InvalidWebhook): Sample {
  const head = [
    `${request.method} ?${request.query.slice(0, bounds.query)}`,
    shownHeaders(request.headers).join('\n').slice(0, bounds.headers),
    `(${request.body.length} bytes; ${why}: ${detail.slice(0, 200)})`,
    '',
  ].join('\n');
  const sample = Buffer.concat([Buffer.from(head), request.body.subarray(0, bounds.sample)]).subarray(0, bounds.sample);
  return {
    tenantId: account.tenantId,
    id,
    provider: account.provider,
    account: account.id,
    reason: why,
    address,
    sample,
  };
}
