import { readFileSync } from 'node:fs';
import { type DocumentNode, getOperationAST, type GraphQLSchema, parse, validate } from 'graphql';

/** A document that was known when the program was built: parsed and checked once, at the start. */
export interface PersistedDocument {
  /** `sha256:` and the hash of the exact text. */
  readonly id: string;
  readonly name: string;
  readonly text: string;
  readonly document: DocumentNode;
}

/** The documents that `codegen.yml` collected, by id and by operation name. */
export interface PersistedDocuments {
  byId(id: string): PersistedDocument | undefined;
  byName(name: string): PersistedDocument;
}

/** Reads the list beside this file; a document that does not fit the schema stops the start. */
export function loadPersistedDocuments(schema: GraphQLSchema): PersistedDocuments {
  const texts = JSON.parse(readFileSync(new URL('./persisted-documents.json', import.meta.url), 'utf8')) as Record<
    string,
    string
  >;
  const all = Object.entries(texts).map(([id, text]) => read(schema, id, text));
  const byId = new Map(all.map((persisted) => [persisted.id, persisted]));
  const byName = new Map(all.map((persisted) => [persisted.name, persisted]));
  return {
    byId: (id) => byId.get(id),
    byName(name) {
      const found = byName.get(name);
      if (!found) throw new Error(`there is no persisted document ${name}; "npm run codegen" makes them`);
      return found;
    },
  };
}

function read(schema: GraphQLSchema, id: string, text: string): PersistedDocument {
  const document = parse(text);
  const name = getOperationAST(document)?.name?.value;
  const [problem] = validate(schema, document);
  if (problem || !name) throw new Error(`persisted document ${name ?? id}: ${problem?.message ?? 'has no name'}`);
  return { id, name, text, document };
}
