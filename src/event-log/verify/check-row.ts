import { eventDefinition } from '../../domain/events/index.js';
import type { Seq } from '../../domain/ids.js';
import { hashAt, sealFaults } from '../hash-chain.js';
import type { LogRow } from './read-log.js';

/** One thing that is not as it was written; `seq` is 0 where it is the session itself. */
export interface Fault {
  readonly seq: Seq;
  readonly what: FaultKind;
  readonly text: string;
}

export type FaultKind =
  | 'type'
  | 'content'
  | 'moved'
  | 'personal'
  | 'erased'
  | 'actor'
  | 'fingerprint'
  | 'prev_hash'
  | 'hash'
  | 'link'
  | 'gap'
  | 'head'
  | 'created_at'
  | 'fold'
  | 'checkpoint';

/** Further apart than this, the time of a row and the time in its UUIDv7 are not of one writing (milliseconds). */
const farApartMs = 15 * 60_000;

/** What of a row can be told to be wrong by itself, apart from its place behind the row before it. */
export function checkRow(row: LogRow, previousHash: Buffer): readonly Fault[] {
  const { seq, type } = row.event;
  const fault = (what: FaultKind, text: string): Fault => ({ seq, what, text });
  if (!isKnownType(type)) return [fault('type', `there is no event type ${type}`)];
  const faults: Fault[] = [];
  const broken = sealFaults({ ...row, seq }, row, row.seal);
  if (broken.includes('personal')) faults.push(fault('personal', personalText(row)));
  if (broken.includes('content')) faults.push(contentFault(row, previousHash));
  if (isErased(row) && !mayBeErased(row)) faults.push(fault('erased', erasedText(row)));
  const strange = Object.keys(row.event.actor).filter((member) => !['type', 'id', 'name'].includes(member));
  if (strange.length > 0) faults.push(fault('actor', `its actor has members that nobody wrote: ${strange.join(', ')}`));
  if (row.fingerprintBytes !== 32) faults.push(fault('fingerprint', 'its fingerprint is no SHA-256'));
  const minted = timeInId(row.event.id);
  if (minted !== undefined && Math.abs(minted - row.event.createdAt) > farApartMs) {
    faults.push(fault('created_at', `its time ${iso(row.event.createdAt)} is far from that in its id, ${iso(minted)}`));
  }
  return faults;
}

export function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

function isKnownType(type: string): boolean {
  try {
    return eventDefinition(type).type === type;
  } catch {
    return false;
  }
}

/** Rows are moved by a few places, if at all. */
const movedByAtMost = 50;

/** The hash vouches for everything at once; where it stands tells what was done all the same. */
function contentFault(row: LogRow, previousHash: Buffer): Fault {
  const { event, seal } = row;
  const { seq } = event;
  const fits = (at: Seq, prevHash: Buffer) => hashAt({ ...row, seq: at }, row, { ...seal, prevHash }).equals(seal.hash);
  if (fits(seq, previousHash)) return { seq, what: 'prev_hash', text: 'its prev_hash was changed' };
  for (let by = 1; by <= movedByAtMost; by += 1) {
    const home = [seq + by, seq - by].find((at) => at > 0 && fits(at, seal.prevHash));
    if (home) return { seq, what: 'moved', text: `is the event that was written as seq ${home}` };
  }
  const covered = 'payload, actor, type, version, key, event id or digest, or the hash itself';
  return { seq, what: 'content', text: `${event.type}: is not what was sealed (${covered})` };
}

function personalText({ event, seal }: LogRow): string {
  const fields = [...eventDefinition(event.type).personal, "the actor's name"].join(', ');
  const why = seal.salt
    ? 'do not fit their digest'
    : seal.personalDigest
      ? 'stand without their salt'
      : 'were filled in';
  return `${event.type}: its personal fields (${fields}) ${why}`;
}

/** Personal fields were there once. */
function isErased({ seal }: LogRow): boolean {
  return seal.personalDigest !== null && seal.salt === null;
}

/** What retention erases: names and words of guests, once the session counts as anonymised. */
function mayBeErased({ head, event }: LogRow): boolean {
  return head?.isAnonymised === true && (event.actor.type === 'device' || event.type === 'device_joined');
}

function erasedText({ head, event }: LogRow): string {
  const why = head?.isAnonymised ? 'no guest wrote it' : 'the session was never anonymised';
  return `${event.type}: its personal fields were erased although ${why}`;
}

/** The time that a UUIDv7 was made at; undefined for any other id. */
function timeInId(id: string): number | undefined {
  return id[14] === '7' ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : undefined;
}
