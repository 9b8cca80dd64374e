import type { FastifyRequest } from 'fastify';
import type { PersistedDocuments } from '../rest/persisted-documents.js';
import { UnknownDocument } from './graphql-errors.js';

interface DocumentOptions {
  readonly documents: PersistedDocuments;
  /** Takes no document that is not in the list. */
  readonly persistedOnly: boolean;
}

type Asked = Readonly<Record<string, unknown>>;

/** Puts the text in place of `documentId`, and refuses other documents where only listed ones are taken. */
export function resolveDocument({ documents, persistedOnly }: DocumentOptions, request: FastifyRequest): void {
  const isGet = request.method === 'GET';
  const place: unknown = isGet ? request.query : request.body;
  if (typeof place !== 'object' || place === null || Array.isArray(place)) return;
  const { documentId, ...asked } = place as Asked;
  if (documentId === undefined) {
    if (persistedOnly && (!isGet || 'query' in asked || 'extensions' in asked)) throw listedOnly();
    return;
  }
  const known = typeof documentId === 'string' ? documents.byId(documentId) : undefined;
  if (!known) throw unknownDocument();
  const { extensions: _hash, ...rest } = asked;
  replace(request, { ...rest, query: known.text });
}

/** Apollo reads a GET's parameters from the raw address, a POST's from the body. */
function replace(request: FastifyRequest, asked: Asked): void {
  if (request.method !== 'GET') {
    request.body = asked;
    return;
  }
  const texts = Object.entries(asked).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  request.raw.url = `/graphql?${new URLSearchParams(texts).toString()}`;
}

/** A `documentId` that names nothing. */
export function unknownDocument(): UnknownDocument {
  return new UnknownDocument(404, 'PERSISTED_DOCUMENT_NOT_FOUND', 'there is no persisted document of this id');
}

/** A document that is not in the list, where only listed ones are taken. */
export function listedOnly(): UnknownDocument {
  return new UnknownDocument(
    400,
    'PERSISTED_DOCUMENTS_ONLY',
    'this server takes persisted documents only: send documentId',
  );
}
