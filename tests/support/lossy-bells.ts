/** Bells between nodes of one process, which lose, double, delay and invent news. */
import type { Bells, SessionNews } from '../../src/event-log/bells/bells.js';
import type { Random } from './random.js';

export interface LossyBells extends Bells {
  /** As if the line were found dead, or found again. */
  setHearing(isHearing: boolean): void;
}

/** How often out of one time that happens to news; what is left arrives as it should. */
export interface Mischief {
  readonly lost: number;
  readonly doubled: number;
  readonly delayed: number;
  readonly invented: number;
}

export function createLossyBells(nodes: number, random: Random, mischief: Mischief): readonly LossyBells[] {
  const ears: ((news: SessionNews) => void)[] = [];
  const deliver = (to: number, news: SessionNews): void => {
    const happens = (share: number) => random() < share;
    if (happens(mischief.lost)) return;
    if (happens(mischief.doubled)) deliver(to, news);
    if (happens(mischief.invented)) ears[to]?.({ ...news, seq: news.seq + 1 + Math.floor(random() * 100) });
    if (happens(mischief.delayed)) setTimeout(() => ears[to]?.(news), random() * 50).unref();
    else setImmediate(() => ears[to]?.(news));
  };
  return Array.from({ length: nodes }, (_, node): LossyBells => {
    let isHearing = true;
    let missed: () => void = () => undefined;
    return {
      engine: 'redis',
      ring(news) {
        for (let to = 0; to < nodes; to += 1) if (to !== node) deliver(to, news);
      },
      listen(hear, onMissed) {
        ears[node] = (news) => {
          if (isHearing) hear(news);
        };
        missed = onMissed;
      },
      get isHearing() {
        return isHearing;
      },
      setHearing(next) {
        const isBack = next && !isHearing;
        isHearing = next;
        if (isBack) missed();
      },
      close: () => Promise.resolve(),
    };
  });
}
