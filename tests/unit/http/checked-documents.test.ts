import { createHash } from 'node:crypto';
import { buildSchema, type DocumentNode, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { type CheckedDocuments, createCheckedDocuments } from '../../../src/http/checked-documents.js';

const schema = buildSchema('type Query { a(of: [Int!]): Int, b: Int }');
const listedText = 'query Listed { a }';
const listed = {
  id: `sha256:${createHash('sha256').update(listedText).digest('hex')}`,
  ...{ name: 'Listed', text: listedText, document: parse(listedText) },
};
const documents = { byId: (id: string) => (id === listed.id ? listed : undefined), byName: () => listed };

const create = (options: { persistedOnly?: boolean; isExplorable?: boolean } = {}): CheckedDocuments =>
  createCheckedDocuments({ schema, documents, persistedOnly: false, isExplorable: true, ...options });
const codeOf = (found: ReturnType<CheckedDocuments>) =>
  Array.isArray(found) ? found[0]?.extensions.code : (found as DocumentNode).kind;

describe('a document', () => {
  test('is the same node for the same text, and the listed one for the text of a listed one', () => {
    const find = create();
    expect(find({ query: '{ a }' })).toBe(find({ query: '{ a }' }));
    expect(find({ query: '{ a }' })).not.toBe(find({ query: '{ a } ' }));
    expect(find({ query: listedText })).toBe(listed.document);
    expect(find({ query: '', documentId: listed.id })).toBe(listed.document);
    expect(find({ query: '', extensions: { documentId: listed.id } })).toBe(listed.document);
  });

  test.each([
    ['many', (n: number) => `{ a(of: [${'1 '.repeat(1_000)}]) } # ${n}`],
    ['long', (n: number) => `{ a } # ${n} ${'x'.repeat(90_000)}`],
  ])('is forgotten when the others since were %s, and not while it is in use', (_, other) => {
    const find = create();
    const [used, idle] = [find({ query: '{ a }' }), find({ query: '{ b }' })];
    for (let n = 0; n < 100; n += 1) {
      find({ query: other(n) });
      expect(find({ query: '{ a }' })).toBe(used);
    }
    expect(find({ query: '{ b }' })).not.toBe(idle);
  });

  test('is remembered beside a thousand usual ones', () => {
    const find = create();
    const first = find({ query: '{ a }' });
    for (let n = 0; n < 1_000; n += 1) find({ query: `{ a b } # ${n}` });
    expect(find({ query: '{ a }' })).toBe(first);
  });

  test.each([
    ['that is no GraphQL', { query: '{' }, 'GRAPHQL_PARSE_FAILED'],
    ['that does not fit', { query: '{ c }' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['of no text', { query: '' }, 'BAD_REQUEST'],
    ['of an unknown id', { query: '{ a }', documentId: 'x' }, 'PERSISTED_DOCUMENT_NOT_FOUND'],
    ['of an id that is null', { query: '{ a }', documentId: null }, 'PERSISTED_DOCUMENT_NOT_FOUND'],
    ['of a hash', { query: '', extensions: { persistedQuery: {} } }, 'PERSISTED_QUERY_NOT_FOUND'],
  ])('%s is refused', (_, asked, code) => {
    expect(codeOf(create()(asked))).toBe(code);
  });

  test('is taken from the list only, where that is wanted', () => {
    const find = create({ persistedOnly: true });
    for (const query of [listedText, '{ a }', ''])
      expect(codeOf(find({ query, extensions: { persistedQuery: {} } }))).toBe('PERSISTED_DOCUMENTS_ONLY');
    expect(find({ query: '', documentId: listed.id })).toBe(listed.document);
  });

  test('explains nothing of the schema, where that is wanted', () => {
    const refused = create({ isExplorable: false });
    const [problem] = refused({ query: '{ bb }' }) as readonly Error[];
    expect(problem?.message).not.toMatch(/did you mean/i);
    expect(codeOf(refused({ query: '{ __schema { description } }' }))).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(codeOf(create()({ query: '{ __schema { description } }' }))).toBe('Document');
  });
});
