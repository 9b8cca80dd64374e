import type { BellsProbe, SessionNews } from './bells.js';
import { decodeRing, isRingOf } from './payload.js';
import type { Line, Wire } from './wire.js';

/** Hears rings on one line at a time, and replaces a line that is lost or no longer brings this node's own rings back. */
export interface Hearing {
  readonly isHearing: boolean;
  /** A ring of this node went out. */
  sent(startedAt: number): void;
  /** A ring of this node did not go out, so nobody knows what could be heard: until one comes back, this counts as deaf. */
  unsent(): void;
  close(): void;
}

export interface HearingOptions {
  readonly node: string;
  readonly wire: Pick<Wire, 'open'>;
  readonly probe: BellsProbe;
  readonly hear: (news: SessionNews) => void;
  readonly missed: () => void;
  /** Sends a ring of this node, so that there is one that must come back; the time of the last one. */
  readonly ringer: { beat(): void; readonly sentAt: number };
  readonly patience: Patience;
}

/** How long bells wait, in milliseconds. */
export interface Patience {
  /** A node that writes nothing rings this often. */
  readonly beat: number;
  /** A line on which an own ring does not come back for so long is dead. */
  readonly deaf: number;
  /** A connection that takes longer to open is given up. */
  readonly open: number;
  /** The longest pause before the next try. */
  readonly retry: number;
}

export const usualPatience: Patience = { beat: 10_000, deaf: 3_000, open: 6_000, retry: 2_000 };

const firstRetryMs = 100;

/** A dead connection says nothing: only a ring that does not come back shows it. */
class DeafLine extends Error {
  override readonly name = 'DeafLine';
  readonly code = 'DEAF_LINE';
}

/** What is known of the line. */
interface Ears extends HearingOptions {
  /** `unproved`: open, but the last ring was not sent, or none has come back yet. */
  phase: 'closed' | 'opening' | 'unproved' | 'hearing';
  line: Line | undefined;
  retry: NodeJS.Timeout | undefined;
  /** What the probe was told last. */
  isToldDeaf: boolean;
  /** Lines in a row on which nothing was heard. */
  failures: number;
  /** These are on the monotonic clock, in milliseconds: when the line began to open, when an own ring last came back ... */
  openedAt: number;
  ownHeardAt: number;
  /** ... and since when one that went out has not. */
  unheardSince: number | undefined;
}

export function createHearing(options: HearingOptions): Hearing {
  const times = { openedAt: 0, ownHeardAt: 0, unheardSince: undefined };
  const nothing = { line: undefined, retry: undefined, isToldDeaf: false, failures: 0, ...times };
  const ears: Ears = { ...options, phase: 'closed', ...nothing };
  const { beat, deaf } = options.patience;
  const ticker = setInterval(() => look(ears), Math.min(beat, deaf) / 3).unref();
  open(ears);
  return {
    get isHearing() {
      return ears.phase === 'hearing' && performance.now() - ears.ownHeardAt < beat + deaf;
    },
    sent(startedAt) {
      if (ears.ownHeardAt < startedAt) ears.unheardSince ??= performance.now();
    },
    unsent() {
      if (ears.phase === 'hearing') ears.phase = 'unproved';
    },
    close() {
      clearInterval(ticker);
      letGo(ears);
    },
  };
}

function open(ears: Ears): void {
  ears.phase = 'opening';
  ears.openedAt = performance.now();
  const opened = (): void => {
    ears.phase = 'unproved';
    ears.unheardSince = undefined;
    ears.ringer.beat();
  };
  try {
    const [heard, lost] = [(payload: string) => takeIn(ears, payload), (error: unknown) => replace(ears, error)];
    ears.line = ears.wire.open({ opened, heard, lost });
  } catch (error) {
    replace(ears, error);
  }
}

function letGo(ears: Ears): void {
  clearTimeout(ears.retry);
  ears.line?.close();
  ears.line = undefined;
  ears.phase = 'closed';
}

function replace(ears: Ears, error: unknown): void {
  ears.probe.failed(error);
  if (!ears.isToldDeaf) ears.probe.changed(false, error);
  ears.isToldDeaf = true;
  letGo(ears);
  const pause = Math.min(ears.patience.retry, firstRetryMs * 2 ** ears.failures);
  ears.failures += 1;
  ears.retry = setTimeout(() => open(ears), pause * (0.5 + Math.random() / 2)).unref();
}

/** Whatever comes, and whatever becomes of it, must not reach the driver that calls. */
function takeIn(ears: Ears, payload: string): void {
  try {
    if (isRingOf(ears.node, payload)) return heardOwn(ears);
    const ring = decodeRing(payload);
    if (!ring) throw new SyntaxError('a ring that no node sends');
    ears.probe.heard();
    for (const news of ring.news) ears.hear(news);
  } catch (error) {
    ears.probe.failed(error);
  }
}

function heardOwn(ears: Ears): void {
  ears.ownHeardAt = performance.now();
  ears.unheardSince = undefined;
  if (ears.phase !== 'unproved') return;
  ears.phase = 'hearing';
  ears.failures = 0;
  if (ears.isToldDeaf) ears.probe.changed(true);
  ears.isToldDeaf = false;
  ears.missed();
}

function look(ears: Ears): void {
  const { phase, patience, ringer } = ears;
  const now = performance.now();
  if (phase === 'opening') {
    if (now - ears.openedAt >= patience.open) replace(ears, new DeafLine('the line does not open'));
  } else if (phase !== 'closed') {
    const isDeaf = ears.unheardSince !== undefined && now - ears.unheardSince >= patience.deaf;
    if (isDeaf) replace(ears, new DeafLine('own rings do not come back'));
    else if (phase === 'unproved' || now - ringer.sentAt >= patience.beat) ringer.beat();
  }
}
