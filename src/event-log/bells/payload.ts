import { asId, type LocationId, type SessionId, type TenantId } from '../../domain/ids.js';
import type { SessionNews } from './bells.js';

/** News that wait to be rung, the newest of each session. */
export type WaitingNews = Map<string, SessionNews>;

/** What a ring says: which node rang it, and what it tells of. One that tells of nothing proves that rings are heard. */
export interface Ring {
  readonly node: string;
  readonly news: readonly SessionNews[];
}

/** Postgres takes less than 8,000 bytes, a payload of all sessions of a large batch would fail whole. */
const maxBytes = 7_900;
const maxSessions = 150;

/** The first word. Nodes of another version, with another way to say it, are not understood and not misunderstood. */
const version = '1';

/** Adds to what waits; of several news of one session the highest seq stays. */
export function addNews(waiting: WaitingNews, news: SessionNews): void {
  const key = `${news.tenantId}/${news.sessionId}`;
  const known = waiting.get(key);
  if (!known || known.seq < news.seq) waiting.set(key, news);
}

/**
 * News as payloads: words with one space between them. Behind the version and the node's name, each place (tenant and
 * location) is followed by its sessions, each with its seq.
 */
export function encodeRings(node: string, news: Iterable<SessionNews>): readonly string[] {
  const payloads: string[] = [];
  const head = `${version} ${node}`;
  let [text, sessions, place] = [head, 0, ''];
  const cut = (): void => {
    if (sessions > 0) payloads.push(text);
    [text, sessions, place] = [head, 0, ''];
  };
  for (const [at, ofPlace] of byPlace(news)) {
    for (const { sessionId, seq } of ofPlace) {
      const word = ` ${packed(sessionId)}${seq}`;
      // As if the place had to be told as well: a few bytes more, and no second rule.
      if (sessions >= maxSessions || text.length + at.length + 1 + word.length > maxBytes) cut();
      if (place !== at) text += ` ${at}`;
      place = at;
      text += word;
      sessions += 1;
    }
  }
  cut();
  return payloads;
}

/** A ring that tells of nothing. */
export function encodeBeat(node: string): string {
  return `${version} ${node}`;
}

/** Whether the node itself sent this. */
export function isRingOf(node: string, payload: string): boolean {
  const head = encodeBeat(node);
  return payload.startsWith(head) && (payload.length === head.length || payload[head.length] === ' ');
}

const nodeName = /^[A-Za-z0-9_-]{1,32}$/;
const packedId = '[A-Za-z0-9_-]{21}[AQgw]';
const placeWord = new RegExp(`^(${packedId})(${packedId})$`);
const sessionWord = new RegExp(`^(${packedId})([1-9][0-9]{0,9})$`);
const largestSeq = 2 ** 31 - 1;

/** What a payload says; undefined for anything that `encodeRings` does not write. Anybody may notify a channel. */
export function decodeRing(payload: string): Ring | undefined {
  if (payload.length > maxBytes) return undefined;
  const [said, node = '', ...words] = payload.split(' ');
  if (said !== version || !nodeName.test(node)) return undefined;
  const news: SessionNews[] = [];
  let place: Pick<SessionNews, 'tenantId' | 'locationId'> | undefined;
  for (const word of words) {
    const [, tenant, location] = placeWord.exec(word) ?? [];
    if (tenant !== undefined && location !== undefined) {
      place = { tenantId: asId<TenantId>(unpacked(tenant)), locationId: asId<LocationId>(unpacked(location)) };
      continue;
    }
    const [, session, digits] = sessionWord.exec(word) ?? [];
    const seq = Number(digits);
    if (session === undefined || !place || !(seq <= largestSeq)) return undefined;
    news.push({ ...place, sessionId: asId<SessionId>(unpacked(session)), seq });
  }
  return { node, news };
}

function byPlace(news: Iterable<SessionNews>): Map<string, SessionNews[]> {
  const places = new Map<string, SessionNews[]>();
  for (const one of news) {
    const at = packed(one.tenantId) + packed(one.locationId);
    const there = places.get(at);
    if (there) there.push(one);
    else places.set(at, [one]);
  }
  return places;
}

/** The 16 bytes of a UUID in 22 characters. */
function packed(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

function unpacked(text: string): string {
  const hex = Buffer.from(text, 'base64url').toString('hex');
  const part = (start: number, end: number) => hex.slice(start, end);
  return `${part(0, 8)}-${part(8, 12)}-${part(12, 16)}-${part(16, 20)}-${part(20, 32)}`;
}
