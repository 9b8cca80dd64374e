import { query, rest } from './api.js';
import { follow } from './follow.js';
import { followMenu } from './follow-menu.js';
import { createOutbox } from './outbox.js';

/** The table as this phone knows it; `onChange` is called whenever there is something new to show. */
export async function joinTable(seat, { onChange, onRefused, onMoved }) {
  const { sessionId, locationId, token } = seat;
  const table = { seat, menu: undefined, snapshot: undefined, location: undefined, isOnline: true, outbox: undefined };
  table.name = '';
  /** The table that `name` is the name of. */
  let namedId;
  let refreshing;
  let following;

  async function refresh() {
    table.snapshot = await rest(`sessions/${sessionId}/snapshot`, { token });
    const { table_id } = table.snapshot;
    const moved = namedId !== undefined && namedId !== table_id;
    if (namedId !== table_id) table.name = await nameOfTable();
    namedId = table_id;
    onChange();
    if (moved) onMoved(table.name);
  }

  /** Where they sit now: staff may move them, and the phone follows. */
  async function nameOfTable() {
    const { receipt } = await query(
      'query ($id: UUID!) { receipt(sessionId: $id) { table } }',
      { id: sessionId },
      token,
    );
    return receipt.table ?? '';
  }

  /** Reads the bill until it is where the log is said to be: once for events that come together. */
  async function catchUp(seq) {
    while (table.snapshot.last_event_seq < seq) {
      refreshing ??= refresh().finally(() => {
        refreshing = undefined;
      });
      await refreshing;
    }
  }

  function setOnline(isOnline) {
    if (isOnline) void table.outbox.send();
    if (table.isOnline === isOnline) return;
    table.isOnline = isOnline;
    onChange();
  }

  table.outbox = createOutbox(seat, {
    onChange: () => {
      onChange();
      if (table.outbox?.size === 0) following?.look();
    },
    onOnline: setOnline,
    onRefused,
  });
  [table.menu, { location: table.location }] = await Promise.all([
    rest(`locations/${locationId}/menu`, { token }),
    query('query ($id: UUID!) { location(id: $id) { name } }', { id: locationId }, token),
  ]);
  await refresh();
  followMenu(seat, {
    known: () => table.menu,
    onMenu: (menu) => {
      table.menu = menu;
      onChange();
    },
  });
  following = follow(seat, {
    cursor: () => table.snapshot.last_event_seq,
    isOpen: () => table.snapshot.status === 'open',
    onNews: catchUp,
    onOnline: setOnline,
    onRefused,
  });
  return table;
}
