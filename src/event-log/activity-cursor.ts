import { createHash } from 'node:crypto';
import type { SessionId } from '../domain/ids.js';
import type { ActivityPosition, LocationName } from './activity.js';

/** Of the cursor's form: what another one means may change. */
const version = 1;
/** version, seq, transaction, session, and the mark of the location. */
const layout = { seq: 1, tx: 5, session: 13, mark: 29, end: 37 } as const;
const maxSeq = 2 ** 31 - 1;

/** A position as clients keep it. It is of use at this location only, and no secret. */
export function toCursor(place: LocationName, { tx, sessionId, seq }: ActivityPosition): string {
  const bytes = Buffer.alloc(layout.end);
  bytes.writeUInt8(version, 0);
  bytes.writeUInt32BE(seq, layout.seq);
  bytes.writeBigUInt64BE(tx, layout.tx);
  bytes.write(sessionId.replaceAll('-', ''), layout.session, 'hex');
  markOf(place, bytes.subarray(0, layout.mark)).copy(bytes, layout.mark);
  return bytes.toString('base64url');
}

/** The position; undefined for what `toCursor` never made for this location. */
export function fromCursor(place: LocationName, cursor: string): ActivityPosition | undefined {
  if (cursor.length > 2 * layout.end) return undefined;
  const bytes = Buffer.from(cursor, 'base64url');
  if (bytes.length !== layout.end || bytes[0] !== version || bytes.toString('base64url') !== cursor) return undefined;
  if (!markOf(place, bytes.subarray(0, layout.mark)).equals(bytes.subarray(layout.mark))) return undefined;
  const seq = bytes.readUInt32BE(layout.seq);
  if (seq > maxSeq) return undefined;
  const session = bytes.toString('hex', layout.session, layout.mark);
  const sessionId = session.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') as SessionId;
  return { tx: bytes.readBigUInt64BE(layout.tx), sessionId, seq };
}

/** Binds a cursor to its location, and shows what was cut or mistyped. */
function markOf({ tenantId, locationId }: LocationName, bytes: Buffer): Buffer {
  const hash = createHash('sha256').update(`${tenantId}/${locationId}/`).update(bytes).digest();
  return hash.subarray(0, layout.end - layout.mark);
}
