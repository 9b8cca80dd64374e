/** Bells whose probe and news a test can look at. */
import type { Bells, BellsProbe, SessionNews } from '../../src/event-log/bells/bells.js';
import { type PostgresBellsOptions, createPostgresBells } from '../../src/event-log/bells/postgres.js';
import type { Patience } from '../../src/event-log/bells/hearing.js';

export interface WatchedBells extends Bells {
  readonly seen: {
    rung: number;
    heard: number;
    missed: number;
    failures: unknown[];
    changes: boolean[];
    news: SessionNews[];
  };
}

/** A dead line is noticed soon. On a busy machine a good one may be taken for dead, which costs a moment of deafness. */
export const hasty: Patience = { beat: 900, deaf: 500, open: 600, retry: 300 };

export function watchBells(make: (probe: BellsProbe) => Bells): WatchedBells {
  const seen: WatchedBells['seen'] = { rung: 0, heard: 0, missed: 0, failures: [], changes: [], news: [] };
  const bells = make({
    rung: () => (seen.rung += 1),
    heard: () => (seen.heard += 1),
    failed: (error) => seen.failures.push(error),
    changed: (isHearing) => seen.changes.push(isHearing),
  });
  return {
    seen,
    engine: bells.engine,
    ring: (news) => bells.ring(news),
    listen(hear, missed) {
      const hearAndTell = (news: SessionNews) => {
        seen.news.push(news);
        hear(news);
      };
      bells.listen(hearAndTell, () => {
        seen.missed += 1;
        missed();
      });
    },
    get isHearing() {
      return bells.isHearing;
    },
    close: () => bells.close(),
  };
}

/** Bells of a node on the database at `url`. */
export function postgresBells(url: string, options: Partial<PostgresBellsOptions> = {}): WatchedBells {
  return watchBells((probe) => createPostgresBells({ url, listenUrl: url, prepare: true, ...options, probe }));
}
