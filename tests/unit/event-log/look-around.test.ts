import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LocationId, SessionId, TenantId } from '../../../src/domain/ids.js';
import { createChannel } from '../../../src/event-log/channel.js';
import { createHub } from '../../../src/event-log/hub.js';
import type { Glance } from '../../../src/event-log/look-heads.js';
import type { SessionState } from '../../../src/event-log/session-state.js';

const log = { tenantId: 'tenant' as TenantId, sessionId: 'session' as SessionId };
const news = (seq: number) => ({ ...log, locationId: 'location' as LocationId, seq });

/** A hub whose database answers when the test says so. Its clock goes on only by `tick`. */
function startHub() {
  const glances: { tell: (heads: Glance[]) => void; answer: (seq: number) => void; fail: () => void }[] = [];
  const bells = { isHearing: true };
  let seq = 1;
  let failures = 0;
  const reads = { begun: 0, failing: 0 };
  const hub = createHub({
    bells,
    clock: { learn: () => undefined, now: () => 0 },
    known: () => undefined,
    openChannel: (name) => createChannel(name, () => Promise.resolve([])),
    refresh: async () => {
      reads.begun += 1;
      if (reads.failing > 0) {
        reads.failing -= 1;
        throw new Error('the database is away');
      }
      await turn();
      hub.learn(stateAt(seq));
    },
    glance: () =>
      new Promise<readonly Glance[]>((resolve, reject) => {
        const answer = (at: number) => resolve([{ ...log, seq: at, isPast: false }]);
        glances.push({ tell: resolve, answer, fail: () => reject(new Error('the database is away')) });
      }),
    expire: () => Promise.resolve(),
    failed: () => (failures += 1),
  });
  const feed = hub.follow(log, { after: 0 });
  hub.learn(stateAt(1));
  return {
    ...{ hub, feed, bells, glances, reads },
    write: (at: number) => (seq = at),
    get failures() {
      return failures;
    },
  };
}

function stateAt(lastSeq: number): SessionState {
  const bill = { ...log, lastSeq, expiresAt: 1, settings: { expiry_event: true } };
  return { bill, status: 'open', isPast: false, recent: new Map() } as unknown as SessionState;
}

/** What was answered is taken in first. */
async function tick(): Promise<void> {
  await settled();
  vi.advanceTimersByTime(250);
  await settled();
}

async function settled(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await turn();
}

describe('a hub', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  test('that hears looks at nothing it has just read; one that is deaf looks at every tick', async () => {
    const { bells, glances, feed } = startHub();
    await tick();
    expect(glances).toHaveLength(0);
    bells.isHearing = false;
    await tick();
    expect(glances).toHaveLength(1);
    glances[0]?.answer(1);
    await tick();
    expect(glances).toHaveLength(2);
    feed.close();
  });

  test('reads at once what it hears of while it looks, for the look may have come too early', async () => {
    const { hub, bells, glances, reads, write, feed } = startHub();
    bells.isHearing = false;
    await tick();
    bells.isHearing = true;
    write(2);
    hub.hear(news(2));
    glances[0]?.answer(1);
    await settled();
    expect(reads.begun).toBe(1);
    feed.close();
  });

  test('looks at the next tick where what it heard of could not be read', async () => {
    const started = startHub();
    const { hub, glances, reads, write, feed } = started;
    reads.failing = 1;
    write(2);
    hub.hear(news(2));
    await tick();
    expect(started.failures).toBe(1);
    expect(glances).toHaveLength(1);
    feed.close();
  });

  test('looks once more where news may have been missed while it looked', async () => {
    const { hub, bells, glances, feed } = startHub();
    bells.isHearing = false;
    await tick();
    bells.isHearing = true;
    hub.lookAtAll();
    glances[0]?.answer(1);
    await tick();
    expect(glances).toHaveLength(2);
    glances[1]?.answer(1);
    await tick();
    await tick();
    expect(glances).toHaveLength(2);
    feed.close();
  });

  test('looks again at the next tick where a look failed', async () => {
    const { bells, glances, feed } = startHub();
    bells.isHearing = false;
    await tick();
    bells.isHearing = true;
    glances[0]?.fail();
    await tick();
    expect(glances).toHaveLength(2);
    feed.close();
  });

  test('takes a head of another tenant for none of its own, should the ids of two sessions be the same', async () => {
    const { hub, bells, glances, reads, feed } = startHub();
    const foreign = hub.follow({ ...log, tenantId: 'another tenant' as TenantId }, { after: 0 });
    bells.isHearing = false;
    await tick();
    glances[0]?.tell([
      { ...log, seq: 2, isPast: false },
      { ...log, tenantId: 'another tenant' as TenantId, seq: 0, isPast: false },
    ]);
    await settled();
    expect(reads.begun).toBe(1);
    feed.close();
    foreign.close();
  });

  test('of which nobody follows anything has no clock', () => {
    const { feed } = startHub();
    expect(vi.getTimerCount()).toBe(1);
    feed.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
