import type { Orm } from '../db/connect.js';
import type { EventLog } from '../event-log/event-log.js';
import type { MenuCache } from './menu-cache.js';
import type { SessionTokens } from './session-tokens.js';

/** What services work with: wired once in `app.ts`. */
export interface Deps {
  readonly log: EventLog;
  readonly orm: Orm;
  readonly menus: MenuCache;
  readonly tokens: SessionTokens;
  /** A fresh UUIDv7. */
  readonly newId: () => string;
  /** Base address for links, without a slash at its end. */
  readonly publicUrl: () => string;
  /** Used where a location has no TTL of its own, in seconds. */
  readonly defaultTtlSeconds: number;
}
