import { hash as hashOf, randomBytes } from 'node:crypto';
import { canonicalJson } from '../domain/canonical-json.js';
import type { StoredEvent } from '../domain/events/define.js';
import { eventDefinition } from '../domain/events/index.js';
import type { SessionId, TenantId } from '../domain/ids.js';

/** Which session's chain, and where in it. */
export interface ChainPosition {
  readonly tenantId: TenantId;
  readonly sessionId: SessionId;
  readonly seq: number;
}

/** What the row of an event carries besides the event, to prove later that nothing was changed, added or taken out. */
export interface Seal {
  /** 16 random bytes; null when the event has no personal fields, or when they were erased. */
  readonly salt: Buffer | null;
  readonly personalDigest: Buffer | null;
  readonly prevHash: Buffer;
  readonly hash: Buffer;
}

/** The chain's value before the first event. */
export const genesis: Buffer = Buffer.alloc(32);

/** Seals a new event onto the chain. */
export function seal(position: ChainPosition, entry: { event: StoredEvent; key: string }, prevHash: Buffer): Seal {
  const personal = personalFields(entry.event);
  const salt = personal ? freshSalt() : null;
  const personalDigest = personal && salt ? digestPersonal(personal, salt) : null;
  const hash = chainHash(position, prevHash, contentHash(entry, personalDigest));
  return { salt, personalDigest, prevHash, hash };
}

/** What of a row is not what was sealed: its personal fields, or the rest. */
export type SealFault = 'personal' | 'content';

/** Finds what does not fit the row's hashes. Personal fields are there with their salt, or erased with it. */
export function sealFaults(
  position: ChainPosition,
  entry: { event: StoredEvent; key: string },
  sealed: Seal,
): readonly SealFault[] {
  const faults: SealFault[] = isPersonalIntact(entry.event, sealed) ? [] : ['personal'];
  return hashAt(position, entry, sealed).equals(sealed.hash) ? faults : [...faults, 'content'];
}

/** The hash that a row would have at this place of the chain. */
export function hashAt(
  position: ChainPosition,
  entry: { event: StoredEvent; key: string },
  { prevHash, personalDigest }: Pick<Seal, 'prevHash' | 'personalDigest'>,
): Buffer {
  return chainHash(position, prevHash, contentHash(entry, personalDigest));
}

function isPersonalIntact(event: StoredEvent, { salt, personalDigest }: Seal): boolean {
  const personal = personalFields(event);
  if (!personal || !salt) return !personal && !salt;
  return personalDigest?.equals(digestPersonal(personal, salt)) === true;
}

/** At once: a hash object costs twice as much, and this is on the way of every write. */
function sha256(data: string | Buffer): Buffer {
  return hashOf('sha256', data, 'buffer');
}

/** sha256(prev . tenant . session . seq . content): a form that SQL can compute too (see open-session). */
function chainHash(position: ChainPosition, prevHash: Buffer, content: Buffer): Buffer {
  const seq = Buffer.alloc(8);
  seq.writeBigInt64BE(BigInt(position.seq));
  const session = [uuidBytes(position.tenantId), uuidBytes(position.sessionId)];
  return sha256(Buffer.concat([prevHash, ...session, seq, content]));
}

/** SHA-256 over everything the event says, its personal fields only as their digest. */
export function contentHash(
  { event, key }: { event: StoredEvent; key: string },
  personalDigest: Buffer | null,
): Buffer {
  const hidden = new Set(eventDefinition(event.type).personal);
  const payload = Object.fromEntries(Object.entries(event.payload).filter(([field]) => !hidden.has(field)));
  const { type, id } = event.actor;
  const content = {
    event_id: event.id,
    type: event.type,
    version: event.version,
    key,
    payload,
    actor: { type, id },
    personal: personalDigest?.toString('hex') ?? null,
  };
  return sha256(canonicalJson(content));
}

function digestPersonal(personal: object, salt: Buffer): Buffer {
  return sha256(Buffer.concat([salt, Buffer.from(canonicalJson(personal))]));
}

/** The fields that name or describe a person, or nothing if none is filled in. */
function personalFields(event: StoredEvent): object | undefined {
  const fields = eventDefinition(event.type)
    .personal.map((field) => [field, event.payload[field]] as const)
    .filter(([, value]) => value !== null && value !== undefined);
  const name = event.actor.name;
  if (fields.length === 0 && name === null) return undefined;
  return { payload: Object.fromEntries(fields), name };
}

let salts: Buffer = Buffer.alloc(0);

/** 16 random bytes; drawn in stock, because each draw costs as much as two hashes. */
function freshSalt(): Buffer {
  if (salts.length === 0) salts = randomBytes(16 * 256);
  const salt = salts.subarray(0, 16);
  salts = salts.subarray(16);
  return salt;
}

function uuidBytes(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}
