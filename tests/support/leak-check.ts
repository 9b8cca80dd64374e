import { afterAll, beforeAll } from 'vitest';
import { liveTimers, realSetTimeout } from './timer-watch.js';

/** What a test file must have given back when it ends. */
const TRACKED = new Set(['TCPSocketWrap', 'TCPServerWrap', 'UDPWrap', 'PipeWrap', 'ProcessWrap', 'FSEventWrap']);
/** Sockets close some turns of the loop after `end()`, so a file gets this long to become quiet. */
const QUIET_WITHIN_MS = 3_000;

// Kept from before a test file can install fake timers.
const now = performance.now.bind(performance);

type Counts = ReadonlyMap<string, number>;

let before: Counts = new Map();

beforeAll(() => {
  before = countTracked();
});

// Registered first, so it runs after every `afterAll` of the test file itself.
afterAll(async () => {
  const deadline = now() + QUIET_WITHIN_MS;
  let leaks = leakedSince(before);
  while (leaks.length > 0 && now() < deadline) {
    await new Promise((resolve) => realSetTimeout(resolve, 25));
    leaks = leakedSince(before);
  }
  if (leaks.length > 0) throw new Error(`This test file left open: ${leaks.join(', ')}`);
});

function countTracked(): Counts {
  const counts = new Map<string, number>();
  for (const type of process.getActiveResourcesInfo()) {
    if (TRACKED.has(type)) counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return counts;
}

function leakedSince(baseline: Counts): readonly string[] {
  const handles = [...countTracked()].flatMap(([type, count]) => {
    const extra = count - (baseline.get(type) ?? 0);
    return extra > 0 ? [`${extra} ${type}`] : [];
  });
  return [...handles, ...liveTimers().map((origin) => `a timer set ${origin}`)];
}
