import type { Orm } from '../db/connect.js';
import type { EventLog } from '../event-log/event-log.js';
import type { ProviderHttp } from '../payments/provider.js';
import type { Menus } from './menus.js';
import type { MerchantAccounts } from './merchant-accounts.js';
import type { OpenStreams } from './open-streams.js';
import type { SecretBox } from './secret-box.js';
import type { SessionTokens } from './session-tokens.js';
import type { SingleFlight } from './single-flight.js';
import type { StreamTickets } from './stream-tickets.js';

/** What services work with: wired once in `app.ts`. */
export interface Deps {
  readonly log: EventLog;
  readonly orm: Orm;
  readonly menus: Menus;
  readonly tokens: SessionTokens;
  readonly tickets: StreamTickets;
  readonly accounts: MerchantAccounts;
  /** Keeps what has to be read again: tokens of printed codes. */
  readonly box: SecretBox;
  /** How providers are called. */
  readonly providerHttp: ProviderHttp;
  /** Does work once for all who want it done at the same time. */
  readonly singleFlight: SingleFlight;
  readonly streams: OpenStreams;
  /** Milliseconds since 1970 by this machine's clock: for what providers are told, never for a time rule. */
  readonly now: () => number;
  /** A fresh UUIDv7. */
  readonly newId: () => string;
  /** Base address for links, without a slash at its end. */
  readonly publicUrl: () => string;
  /** Used where a location has no TTL of its own, in seconds. */
  readonly defaultTtlSeconds: number;
}
