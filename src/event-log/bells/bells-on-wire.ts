import { randomBytes } from 'node:crypto';
import type { BellEngine, Bells, BellsProbe } from './bells.js';
import { createHearing, type Hearing, type Patience, usualPatience } from './hearing.js';
import { createRinger } from './ringer.js';
import type { Wire } from './wire.js';

export interface BellsOnWireOptions {
  readonly engine: BellEngine;
  readonly wire: Wire;
  readonly probe: BellsProbe;
  readonly patience?: Patience;
  /** False where rings go out and none can be heard. */
  readonly canHear?: boolean;
}

/** The last rings get this long, in milliseconds. */
const lastRingsMs = 1_000;

/** Bells on a wire. Nothing that happens to the wire is thrown, and nobody waits for it. */
export function createBellsOnWire(options: BellsOnWireOptions): Bells {
  const { engine, wire, probe, patience = usualPatience, canHear = true } = options;
  const node = randomBytes(9).toString('base64url');
  let hearing: Hearing | undefined;
  let isClosed = false;
  const ringer = createRinger({
    ...{ node, probe, send: (payload) => wire.send(payload) },
    sent: (startedAt) => hearing?.sent(startedAt),
    unsent: () => hearing?.unsent(),
  });
  return {
    engine,
    ring(news) {
      if (!isClosed) ringer.ring(news);
    },
    listen(hear, missed) {
      if (canHear) hearing ??= createHearing({ node, wire, probe, ringer, patience, hear, missed });
    },
    get isHearing() {
      return hearing?.isHearing ?? false;
    },
    async close() {
      isClosed = true;
      hearing?.close();
      await Promise.race([ringer.whenQuiet(), after(lastRingsMs)]);
      wire.close();
    },
  };
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
