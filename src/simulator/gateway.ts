import { type BoundedMap, createBoundedMap } from './bounded-map.js';
import type { Order, ProviderName } from './order.js';
import { defaultPace, type Pace, type SimulatorOptions } from './options.js';

/** What all simulated providers share: the orders they hold, their clock and their numbers. In memory, on purpose. */
export interface Gateway {
  readonly find: (provider: ProviderName, reference: string) => Order | undefined;
  readonly add: (order: Order) => void;
  readonly latest: (count: number) => readonly Order[];
  /** Of the provider, the order in which this money moved. */
  readonly findPaid: (provider: ProviderName, transactionId: string) => Order | undefined;
  readonly notePaid: (order: Order, transactionId: string) => void;
  /** Answers by request id, for requests that may come twice. */
  readonly answered: BoundedMap<Answered>;
  readonly now: () => number;
  /** Grows always, also past a restart: as many digits as a time in milliseconds. */
  readonly newNumber: () => number;
  readonly pageOf: (provider: ProviderName, reference: string) => string;
  /** The path on this server that a merchant's webhook address means; undefined: not one of ours. */
  readonly webhookPath: (address: string) => string | undefined;
  readonly pace: Pace;
}

export interface Answered {
  /** Of what was asked: the same id with another one is a mistake. */
  readonly fingerprint: string;
  readonly reply: Reply;
  readonly at: number;
}

/** An answer of a provider's API. */
export interface Reply {
  readonly status: number;
  readonly body: object;
}

const ORDERS_KEPT = 10_000;
const WEBHOOK = /^\/webhooks\/[\w-]+(\/[\w-]+)?$/;

export function createGateway({ publicUrl, pace, now = Date.now }: SimulatorOptions): Gateway {
  const orders = createBoundedMap<Order>(ORDERS_KEPT);
  const paid = createBoundedMap<Order>(ORDERS_KEPT);
  let lastNumber = 0;
  return {
    find: (provider, reference) => orders.get(`${provider}:${reference}`),
    add: (order) => orders.set(`${order.provider}:${order.reference}`, order),
    latest: orders.latest,
    findPaid: (provider, transactionId) => paid.get(`${provider}:${transactionId}`),
    notePaid: (order, transactionId) => paid.set(`${order.provider}:${transactionId}`, order),
    answered: createBoundedMap(ORDERS_KEPT),
    now,
    newNumber: () => {
      lastNumber = Math.max(lastNumber + 1, now());
      return lastNumber;
    },
    pageOf: (provider, reference) => `${publicUrl()}/demo/gateway/?order=${provider}:${reference}`,
    webhookPath: (address) => webhookPath(address, publicUrl()),
    pace: { ...defaultPace, ...pace },
  };
}

/** Whatever host it names: only the path counts, and only those of webhooks. */
function webhookPath(address: string, publicUrl: string): string | undefined {
  const url = webAddress(address);
  if (!url || url.search !== '' || url.hash !== '') return undefined;
  const prefix = webAddress(publicUrl)?.pathname.replace(/\/$/, '') ?? '';
  const path =
    prefix !== '' && url.pathname.startsWith(`${prefix}/`) ? url.pathname.slice(prefix.length) : url.pathname;
  return WEBHOOK.test(path) ? path : undefined;
}

/** An http or https address; undefined for all else, so that no link of a page runs a script. */
export function webAddress(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}
