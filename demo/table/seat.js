import { query, rest } from './api.js';

/** What the code that was scanned says. Tokens travel in the fragment only, which no server sees. */
export function scannedCode() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const [table, session, join] = ['t', 's', 'j'].map((name) => fragment.get(name));
  if (table) return { table, place: `table ${table}` };
  return session && join ? { session, join, place: `session ${session}` } : undefined;
}

/** The seat that this phone already has at this place, if its session still lives. */
export async function knownSeat({ place }) {
  const seat = seatAt(place);
  const session = seat && (await sessionOf(seat));
  if (session?.status !== 'open') return undefined;
  localStorage.setItem(LAST, place);
  return seat;
}

/**
 * Where this phone sat last: for a page that is opened without a code, as on the way back from paying. A visit that has
 * ended still shows its bill for a while; after that the seat is forgotten.
 */
export async function lastSeat() {
  const place = localStorage.getItem(LAST);
  const seat = place && seatAt(place);
  if (!seat) return undefined;
  if (await sessionOf(seat)) return seat;
  localStorage.removeItem(LAST);
  localStorage.removeItem(keptAt(place));
  return undefined;
}

const LAST = 'qr-session:last';
const keptAt = (place) => `qr-session:${place}`;
const seatAt = (place) => JSON.parse(localStorage.getItem(keptAt(place)) ?? 'null');

/** The session of a seat; undefined once the seat's token is worth nothing. */
async function sessionOf(seat) {
  return rest(`sessions/${seat.sessionId}`, seat).catch((error) => {
    if (error.code) return undefined;
    throw error;
  });
}

/** Opens the table's session or joins it; afterwards this phone is known here. */
export async function sitDown(code, name) {
  const body = { device_name: name };
  const answer = code.table
    ? await rest(`locations/${await locationOf(code.table)}/qr-sessions`, {
        body: { ...body, table_token: code.table },
      })
    : await rest(`sessions/${code.session}/devices`, { body: { ...body, join_token: code.join } });
  const seat = {
    sessionId: answer.session_id,
    locationId: answer.location_id,
    deviceId: answer.device_id,
    token: answer.device_token,
  };
  localStorage.setItem('qr-session:name', name);
  localStorage.setItem(keptAt(code.place), JSON.stringify(seat));
  localStorage.setItem(LAST, code.place);
  return seat;
}

async function locationOf(tableToken) {
  const { viewer } = await query('{ viewer { locationId } }', {}, tableToken);
  return viewer.locationId;
}
