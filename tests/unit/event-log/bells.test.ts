import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { LocationId, SessionId, TenantId } from '../../../src/domain/ids.js';
import type { SessionNews } from '../../../src/event-log/bells/bells.js';
import { createBellsOnWire } from '../../../src/event-log/bells/bells-on-wire.js';
import { decodeRing } from '../../../src/event-log/bells/payload.js';
import type { Ear, Wire } from '../../../src/event-log/bells/wire.js';
import { hasty, watchBells, type WatchedBells } from '../../support/bells.js';
import { eventually } from '../../support/eventually.js';

describe('bells on a wire', () => {
  const made: WatchedBells[] = [];
  const bellsOn = (wire: Wire): WatchedBells => {
    const bells = watchBells((probe) => createBellsOnWire({ engine: 'redis', wire, probe, patience: hasty }));
    made.push(bells);
    return bells;
  };
  const listening = async (wire: Wire): Promise<WatchedBells> => {
    const bells = bellsOn(wire);
    bells.listen(
      () => undefined,
      () => undefined,
    );
    await eventually(() => bells.isHearing);
    return bells;
  };

  afterEach(async () => {
    await Promise.all(made.splice(0).map((bells) => bells.close()));
  });

  test('carry news to others, and not back to whoever rang', async () => {
    const wire = createMemoryWire();
    const [a, b] = [await listening(wire), await listening(wire)];
    a.ring(news(1, 7));
    await eventually(() => b.seen.news.length === 1);
    expect(b.seen.news).toEqual([news(1, 7)]);
    expect(a.seen.news).toEqual([]);
  });

  test('send one ring at a time; what comes meanwhile goes together, the newest of each session', async () => {
    const wire = createMemoryWire();
    const bells = bellsOn(wire);
    const release = wire.hold();
    bells.ring(news(1, 1));
    await eventually(() => wire.sent.length === 1);
    for (let seq = 2; seq <= 40; seq += 1) for (const session of [1, 2, 3]) bells.ring(news(session, seq));
    release();
    await eventually(() => wire.sent.length === 2);
    expect(wire.sent.map((payload) => decodeRing(payload)?.news)).toEqual([
      [news(1, 1)],
      [news(1, 40), news(2, 40), news(3, 40)],
    ]);
    expect(wire.mostAtOnce).toBe(1);
  });

  test('drop and count a ring that fails, and ring the next', async () => {
    const wire = createMemoryWire();
    const bells = await listening(wire);
    wire.refuse();
    bells.ring(news(1, 1));
    await eventually(() => bells.seen.failures.length === 1);
    wire.accept();
    const before = wire.sent.length;
    bells.ring(news(2, 1));
    await eventually(() => wire.sent.length > before);
    expect(wire.sent.slice(before).map((payload) => decodeRing(payload)?.news)).toEqual([[news(2, 1)]]);
  });

  test('count as deaf from a ring that fails to one that comes back', async () => {
    const wire = createMemoryWire();
    const bells = await listening(wire);
    wire.refuse();
    bells.ring(news(1, 1));
    await eventually(() => !bells.isHearing);
    wire.accept();
    await eventually(() => bells.isHearing);
    expect([bells.seen.missed, wire.lines]).toEqual([2, 1]);
  });

  test('hear nothing until their own ring has come back', async () => {
    const wire = createMemoryWire();
    wire.swallow();
    const bells = bellsOn(wire);
    bells.listen(
      () => undefined,
      () => undefined,
    );
    await eventually(() => wire.lines >= 3);
    expect([bells.isHearing, bells.seen.missed]).toEqual([false, 0]);
    wire.deliver();
    await eventually(() => bells.isHearing);
    expect(bells.seen.missed).toBe(1);
    expect(bells.seen.changes).toEqual([false, true]);
  });

  test('replace a line that goes silent without being lost, and ask for a look once they hear again', async () => {
    const wire = createMemoryWire();
    const bells = await listening(wire);
    wire.swallow();
    await eventually(() => !bells.isHearing);
    await eventually(() => bells.seen.failures.length > 0);
    wire.deliver();
    await eventually(() => bells.isHearing);
    expect(bells.seen.missed).toBe(2);
  });

  test('replace a line that is lost, with a pause that grows while there is none to be had', async () => {
    const wire = createMemoryWire();
    const bells = await listening(wire);
    wire.loseLines();
    expect(bells.isHearing).toBe(false);
    await eventually(() => bells.isHearing);
    expect([bells.seen.missed, wire.lines]).toEqual([2, 2]);
  });

  test('go on after whatever a wire throws, and after whatever its listener throws', async () => {
    const wire = createMemoryWire();
    wire.breakLines();
    const bells = bellsOn(wire);
    bells.listen(
      () => {
        throw new Error('a fault of the listener');
      },
      () => undefined,
    );
    await eventually(() => bells.seen.failures.length >= 2);
    wire.mendLines();
    await eventually(() => bells.isHearing);
    const before = bells.seen.failures.length;
    const other = await listening(wire);
    other.ring(news(1, 2));
    await eventually(() => bells.seen.failures.length > before);
    other.ring(news(1, 3));
    await eventually(() => bells.seen.news.length === 2);
    expect(bells.isHearing).toBe(true);
  });

  test('ignore and count what no node sends', async () => {
    const wire = createMemoryWire();
    const bells = await listening(wire);
    await wire.send('rubbish');
    expect(bells.seen.failures).toHaveLength(1);
    expect(bells.seen.news).toEqual([]);
    expect(bells.isHearing).toBe(true);
  });

  test('ring what still waits when they are closed, and nothing after', async () => {
    const wire = createMemoryWire();
    const bells = await listening(wire);
    const before = wire.sent.length;
    bells.ring(news(1, 9));
    await bells.close();
    bells.ring(news(1, 10));
    await pause(20);
    expect(wire.sent.slice(before).map((payload) => decodeRing(payload)?.news)).toEqual([[news(1, 9)]]);
    expect(wire.ears).toBe(0);
  });

  test('close within moments also when the wire answers nothing', async () => {
    const wire = createMemoryWire();
    const bells = await listening(wire);
    const release = wire.hold();
    bells.ring(news(1, 9));
    const started = performance.now();
    await bells.close();
    expect(performance.now() - started).toBeLessThan(3_000);
    release();
  });
});

/** A wire within the process, with the faults that real ones have. */
function createMemoryWire() {
  const ears = new Set<Ear>();
  const sent: string[] = [];
  let isRefusing = false;
  let isSilent = false;
  let isBroken = false;
  let held: Promise<void> | undefined;
  let lines = 0;
  let atOnce = 0;
  let mostAtOnce = 0;
  const wire = {
    sent,
    get lines() {
      return lines;
    },
    get ears() {
      return ears.size;
    },
    get mostAtOnce() {
      return mostAtOnce;
    },
    async send(payload: string) {
      sent.push(payload);
      atOnce += 1;
      mostAtOnce = Math.max(mostAtOnce, atOnce);
      await held;
      atOnce -= 1;
      if (isRefusing) throw new Error('refused');
      if (!isSilent) for (const ear of [...ears]) ear.heard(payload);
    },
    open(ear: Ear) {
      if (isBroken) throw new Error('no line can be had');
      lines += 1;
      ears.add(ear);
      setImmediate(() => ears.has(ear) && ear.opened());
      return { close: () => void ears.delete(ear) };
    },
    close: () => undefined,
    refuse: () => (isRefusing = true),
    accept: () => (isRefusing = false),
    swallow: () => (isSilent = true),
    deliver: () => (isSilent = false),
    breakLines: () => (isBroken = true),
    mendLines: () => (isBroken = false),
    loseLines() {
      for (const ear of [...ears]) {
        ears.delete(ear);
        ear.lost(new Error('lost'));
      }
    },
    hold() {
      let release: () => void = () => undefined;
      held = new Promise((resolve) => {
        release = resolve;
      });
      return release;
    },
  };
  return wire satisfies Wire;
}

function news(session: number, seq: number): SessionNews {
  const id = (n: number) => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;
  return {
    tenantId: id(1) as TenantId,
    locationId: id(2) as LocationId,
    sessionId: id(100 + session) as SessionId,
    seq,
  };
}
