import { Redis } from 'ioredis';
import type { Bells, BellsProbe } from './bells.js';
import type { Patience } from './hearing.js';
import type { Wire } from './wire.js';
import { createBellsOnWire } from './bells-on-wire.js';

export interface RedisBellsOptions {
  readonly url: string;
  readonly probe: BellsProbe;
  readonly patience?: Patience;
}

/** Bells through Redis' PUBLISH. Whether Redis is there is no condition of service, also not at the start. */
export function createRedisBells({ url, probe, patience }: RedisBellsOptions): Bells {
  return createBellsOnWire({ engine: 'redis', wire: createWire(url), probe, ...(patience && { patience }) });
}

/** Installations that share a Redis hear each other's rings, of sessions that they do not have. */
const channel = 'qr-session:bells';

/** A ring or a connection that takes longer is given up. */
const answerMs = 2_000;

function createWire(url: string): Wire {
  let bell: Redis | undefined;
  return {
    async send(payload) {
      const used = (bell ??= client(url));
      try {
        await used.publish(channel, payload);
      } catch (error) {
        if (bell === used) bell = undefined;
        used.disconnect();
        throw asRedisTrouble(error);
      }
    },
    open({ opened, heard, lost }) {
      let isOpen = true;
      const redis = client(url);
      const lose = (error: unknown): void => {
        if (!isOpen) return;
        isOpen = false;
        redis.disconnect();
        lost(asRedisTrouble(error));
      };
      redis.on('message', (_channel, payload) => {
        if (isOpen) heard(payload);
      });
      redis.on('error', lose);
      redis.on('end', () => lose(new Error('the connection is gone')));
      redis.subscribe(channel).then(() => {
        if (isOpen) opened();
      }, lose);
      return {
        close() {
          isOpen = false;
          redis.disconnect();
        },
      };
    },
    close() {
      bell?.disconnect();
      bell = undefined;
    },
  };
}

/** One connection that is never made again: whoever lost it takes a new client. */
function client(url: string): Redis {
  const redis = new Redis(url, {
    // Understood by every Redis.
    protocol: 2,
    disableClientInfo: true,
    connectionName: 'qr-session-bells',
    retryStrategy: null,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
    connectTimeout: answerMs,
    commandTimeout: answerMs,
    disconnectTimeout: 100,
  });
  // What fails is told by the command that it fails for; without a listener it would be written to the console.
  return redis.on('error', () => undefined);
}

class RedisTrouble extends Error {
  override readonly name = 'RedisTrouble';
  constructor(readonly code: string) {
    super(`Redis does not do its part: ${code}`);
  }
}

/** The driver's errors, and Redis' own words, may quote the command that failed, and that may be AUTH: only a code is kept. */
function asRedisTrouble(error: unknown): RedisTrouble {
  if (!(error instanceof Error)) return new RedisTrouble('REDIS');
  if ('code' in error && typeof error.code === 'string') return new RedisTrouble(error.code);
  return new RedisTrouble(/^[A-Z]{3,20}(?= )/.exec(error.message)?.[0] ?? 'REDIS');
}
