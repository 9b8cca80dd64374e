import { query, rest, Unreachable } from './api.js';
import { createOutbox } from './outbox.js';

/** The table as this phone knows it; `onChange` is called whenever there is something new to show. */
export async function joinTable(seat, { onChange, onRefused }) {
  const { sessionId, locationId, token } = seat;
  const table = { seat, menu: undefined, snapshot: undefined, location: undefined, isOnline: true, outbox: undefined };
  let cursor = 0;
  let timer;

  async function refresh() {
    table.snapshot = await rest(`sessions/${sessionId}/snapshot`, { token });
    cursor = table.snapshot.last_event_seq;
    onChange();
  }

  /** Asks what is new behind the cursor, as often as the server suggests. */
  async function poll() {
    clearTimeout(timer);
    let pause = 2_500;
    try {
      const page = await rest(`sessions/${sessionId}/events?cursor=${cursor}&limit=100`, { token });
      pause = Math.max(250, page.poll_after_ms);
      if (page.events.length > 0) await refresh();
      setOnline(true);
      await table.outbox.send();
    } catch (error) {
      if (error instanceof Unreachable) setOnline(false);
      else onRefused(error);
    }
    clearTimeout(timer);
    timer = setTimeout(poll, pause);
  }

  function setOnline(isOnline) {
    if (table.isOnline === isOnline) return;
    table.isOnline = isOnline;
    onChange();
  }

  table.outbox = createOutbox(seat, {
    onChange: () => {
      onChange();
      if (table.outbox?.size === 0) void poll();
    },
    onRefused,
  });
  [table.menu, { location: table.location }] = await Promise.all([
    rest(`locations/${locationId}/menu`, { token }),
    query('query ($id: UUID!) { location(id: $id) { name } }', { id: locationId }, token),
  ]);
  await refresh();
  addEventListener('online', poll);
  addEventListener('offline', () => setOnline(false));
  document.addEventListener('visibilitychange', () => document.hidden || poll());
  void poll();
  return table;
}
