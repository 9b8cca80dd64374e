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
  const seat = JSON.parse(localStorage.getItem(`qr-session:${place}`) ?? 'null');
  if (!seat) return undefined;
  const session = await rest(`sessions/${seat.sessionId}`, seat).catch((error) => {
    if (error.code) return undefined;
    throw error;
  });
  return session?.status === 'open' ? seat : undefined;
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
  localStorage.setItem(`qr-session:${code.place}`, JSON.stringify(seat));
  return seat;
}

async function locationOf(tableToken) {
  const { viewer } = await query('{ viewer { locationId } }', {}, tableToken);
  return viewer.locationId;
}
