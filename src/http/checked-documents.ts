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

/** Texts that are remembered, by number and by characters in all. */
const most = { texts: 500, characters: 2_000_000 };

export function createCheckedDocuments(options: CheckedDocumentsOptions): CheckedDocuments {
  const { schema, documents, persistedOnly, isExplorable } = options;
  const check = createDocumentCheck(schema, isExplorable);
  const remembered = new Map<string, DocumentNode>();
  let characters = 0;

  const remember = (text: string, document: DocumentNode): void => {
    remembered.set(text, document);
    characters += text.length;
    for (const oldest of remembered.keys()) {
      if (remembered.size <= most.texts && characters <= most.characters) return;
      remembered.delete(oldest);
      characters -= oldest.length;
    }
  };

  const read = (text: string): DocumentNode | readonly GraphQLError[] => {
    const known = remembered.get(text);
    if (known) {
      remembered.delete(text);
      remembered.set(text, known);
      return known;
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
