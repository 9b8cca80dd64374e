import postgres, { type Sql } from 'postgres';
import { withWatchdog } from '../watchdog.js';
import type { Bells, BellsProbe } from './bells.js';
import type { Patience } from './hearing.js';
import type { Wire } from './wire.js';
import { createBellsOnWire } from './bells-on-wire.js';

export interface PostgresBellsOptions {
  /** Where this process writes: a ring goes the way that the write went. */
  readonly url: string;
  /** Off behind PgBouncer in transaction mode. */
  readonly prepare: boolean;
  /** Past any pooler, which would give LISTEN's connection to somebody else; undefined: rings go out, and none is heard. */
  readonly listenUrl: string | undefined;
  readonly probe: BellsProbe;
  readonly patience?: Patience;
}

/** Bells through Postgres' NOTIFY. */
export function createPostgresBells({ listenUrl, probe, patience, ...options }: PostgresBellsOptions): Bells {
  const wire = createWire(options, listenUrl);
  const canHear = listenUrl !== undefined;
  return createBellsOnWire({
    engine: canHear ? 'postgres' : 'polling',
    wire,
    probe,
    canHear,
    ...(patience && { patience }),
  });
}

const channel = 'qr_session_bells';

/**
 * A ring is a transaction of its own, because NOTIFY holds a lock of the whole server during its commit; and that commit
 * need not wait for the disk. Set here and not for the connection, so that it goes through a pooler.
 */
const ringSql = `SELECT set_config('synchronous_commit', 'off', true), pg_notify('${channel}', $1)`;

/** A ring that takes longer is given up. */
const ringMs = 2_000;

function createWire({ url, prepare }: Pick<PostgresBellsOptions, 'url' | 'prepare'>, listenUrl = url): Wire {
  let bell: Sql | undefined;
  return {
    async send(payload) {
      const used = (bell ??= client(url, prepare));
      try {
        await withWatchdog(used.unsafe(ringSql, [payload], { prepare }), ringMs);
      } catch (error) {
        // The driver would send the next ring on the same connection, dead or not.
        if (bell === used) bell = undefined;
        letGo(used);
        throw error;
      }
    },
    open({ opened, heard, lost }) {
      let isOpen = true;
      const lose = (error: unknown): void => {
        if (!isOpen) return;
        isOpen = false;
        letGo(sql);
        lost(error);
      };
      const sql = client(listenUrl, false, {
        onclose: () => lose(new LineLost('the connection is gone')),
        onnotify: (_channel: string, payload: string) => {
          if (isOpen) heard(payload);
        },
      });
      sql.unsafe(`LISTEN ${channel}`).then(() => {
        if (isOpen) opened();
      }, lose);
      return {
        close() {
          isOpen = false;
          letGo(sql);
        },
      };
    },
    close() {
      if (bell) letGo(bell);
      bell = undefined;
    },
  };
}

class LineLost extends Error {
  override readonly name = 'LineLost';
  readonly code = 'CONNECTION_CLOSED';
}

/** `onnotify` is what the driver's own `listen` is made of; that one hides the loss of its connection. */
interface Listening {
  readonly onclose: () => void;
  readonly onnotify: (channel: string, payload: string) => void;
}

/** One connection. A setting beyond the name would keep it from passing a pooler. */
function client(url: string, prepare: boolean, listening?: Listening): Sql {
  return postgres(url, {
    max: 1,
    prepare,
    connect_timeout: 5,
    max_lifetime: null,
    onnotice: () => undefined,
    fetch_types: false,
    connection: { application_name: 'qr-session bells' },
    ...listening,
  });
}

/** At once: what is still under way on it fails. */
function letGo(sql: Sql): void {
  sql.end({ timeout: 0 }).catch(() => undefined);
}
