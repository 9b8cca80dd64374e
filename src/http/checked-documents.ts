import { createHash } from 'node:crypto';
import { type DocumentNode, GraphQLError, type GraphQLSchema } from 'graphql';
import type { PersistedDocuments } from '../rest/persisted-documents.js';
import { listedOnly, unknownDocument } from './graphql-documents.js';
import type { UnknownDocument } from './graphql-errors.js';
import { createDocumentCheck } from './graphql-limits.js';

/** How a client names what it wants to run, outside of HTTP. */
export interface AskedDocument {
  readonly query: string;
  readonly documentId?: unknown;
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
}

export interface CheckedDocumentsOptions {
  readonly schema: GraphQLSchema;
  readonly documents: PersistedDocuments;
  /** Takes no document that is not in the list. */
  readonly persistedOnly: boolean;
  /** Answers introspection, and tells what a misspelt name may have meant. */
  readonly isExplorable: boolean;
}

/** Finds what may run, or says why it may not. The same text gives the same node, as long as it is remembered. */
export type CheckedDocuments = (asked: AskedDocument) => DocumentNode | readonly GraphQLError[];

/** What is remembered may weigh this much in all, in bytes: some thousand usual documents. */
const mostWeight = 16_000_000;

export function createCheckedDocuments(options: CheckedDocumentsOptions): CheckedDocuments {
  const { schema, documents, persistedOnly, isExplorable } = options;
  const check = createDocumentCheck(schema, isExplorable);
  const remembered = new Map<string, { readonly document: DocumentNode; readonly weight: number }>();
  let weight = 0;

  const remember = (text: string, document: DocumentNode): void => {
    const fresh = { document, weight: weightOf(text, document) };
    remembered.set(text, fresh);
    weight += fresh.weight;
    for (const [oldest, known] of remembered) {
      if (weight <= mostWeight) return;
      remembered.delete(oldest);
      weight -= known.weight;
    }
  };

  const read = (text: string): DocumentNode | readonly GraphQLError[] => {
    const known = remembered.get(text);
    if (known) {
      remembered.delete(text);
      remembered.set(text, known);
      return known.document;
    }
    const hash = createHash('sha256').update(text).digest('hex');
    const document = documents.byId(`sha256:${hash}`)?.document ?? check(text);
    if (!Array.isArray(document)) remember(text, document as DocumentNode);
    return document;
  };

  return ({ query, documentId, extensions }) => {
    const id = documentId === undefined ? extensions?.documentId : documentId;
    if (id !== undefined) {
      const known = typeof id === 'string' ? documents.byId(id) : undefined;
      return known ? known.document : [refusal(unknownDocument())];
    }
    if (persistedOnly) return [refusal(listedOnly())];
    if (query !== '') return read(query);
    return [extensions?.persistedQuery === undefined ? noDocument() : unknownHash()];
  };
}

/** A token costs some 300 bytes of memory (measured: 2,000 of them 563 kB); a text may be comments. */
function weightOf(text: string, { loc }: DocumentNode): number {
  let tokens = 0;
  for (let token = loc?.startToken; token; token = token.next ?? undefined) tokens += 1;
  return tokens * 300 + text.length * 2 + 500;
}

function refusal({ message, code }: UnknownDocument): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}

function noDocument(): GraphQLError {
  return new GraphQLError('send a document as `query`, or `documentId`', { extensions: { code: 'BAD_REQUEST' } });
}

/** What was taught over HTTP is not known here; clients then send the text. */
function unknownHash(): GraphQLError {
  return new GraphQLError('PersistedQueryNotFound', { extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } });
}
