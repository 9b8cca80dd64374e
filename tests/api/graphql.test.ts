import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Answer, demo, newEventKey, sitDown, useApi, type Visit, written } from '../support/api.js';

const api = useApi();
const persisted = JSON.parse(
  readFileSync(new URL('../../src/rest/persisted-documents.json', import.meta.url), 'utf8'),
) as Record<string, string>;
const idOf = (name: string): string => {
  const found = Object.entries(persisted).find(([, text]) => new RegExp(`^(query|mutation) ${name}\\b`).test(text));
  if (!found) throw new Error(`no persisted document ${name}`);
  return found[0];
};
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const codeOf = ({ body }: Answer) => body?.errors?.[0]?.extensions?.code;

let visit: Visit;

beforeAll(async () => {
  visit = await sitDown(api);
});

/** Past the protection against requests that a foreign page can make a browser send. */
const preflight = { 'Apollo-Require-Preflight': 'true' };
const get = (
  parameters: Record<string, string>,
  headers: Record<string, string> = preflight,
  as: string | null = null,
) => api.http('GET', `/graphql?${new URLSearchParams(parameters)}`, { headers, as });
const post = (body: unknown, headers: Record<string, string> = {}) =>
  api.http('POST', '/graphql', { body, headers, as: visit.phone });

describe('exactly one kind of event', () => {
  const addItem = { menuItemId: demo.coffee, quantity: 1 };
  const removeItem = { lineId: randomUUID() };
  const document = 'mutation Append($input: AppendEventInput!) { appendEvent(input: $input) { replayed } }';
  const variables = (event: unknown) => ({
    input: { sessionId: visit.sessionId, idempotencyKey: newEventKey(), event },
  });
  const ways: Record<string, (event: unknown) => Promise<Answer>> = {
    'a document of its own': (event) => post({ query: document, variables: variables(event) }),
    'a persisted document': (event) => post({ documentId: idOf('AppendEvent'), variables: variables(event) }),
    'an automatically persisted query': async (event) => {
      const extensions = { persistedQuery: { version: 1, sha256Hash: sha256(document) } };
      await post({ query: document, extensions, variables: variables({}) });
      return post({ extensions, variables: variables(event) });
    },
  };

  test.each(Object.keys(ways))('is enforced through %s', async (way) => {
    const send = ways[way];
    const before = await written(api);
    for (const event of [
      { addItem, removeItem },
      {},
      { addItem: null },
      { addItem, removeItem: null },
      null,
      { dance: {} },
    ]) {
      const answer = await send?.(event);
      expect([answer?.status, answer && codeOf(answer)]).toEqual([400, 'VALIDATION_FAILED']);
    }
    expect(await written(api)).toEqual(before);
    const good = await send?.({ addItem });
    expect([good?.status, good?.body.errors]).toEqual([200, undefined]);
  });

  test('is enforced where the event is written into the document', async () => {
    const literal = (event: string) =>
      `mutation { appendEvent(input: { sessionId: "${visit.sessionId}", idempotencyKey: "${newEventKey()}", event: ${event} }) { replayed } }`;
    const item = `addItem: { menuItemId: "${demo.coffee}", quantity: 1 }`;
    for (const event of [`{ ${item}, removeItem: { lineId: "${randomUUID()}" } }`, '{}', '{ addItem: null }', 'null']) {
      const answer = await post({ query: literal(event) });
      expect([answer.status, codeOf(answer)]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
    }
    expect((await post({ query: literal(`{ ${item} }`) })).body.errors).toBeUndefined();
  });
});

describe('a persisted document', () => {
  test('runs by its id, by POST and by GET', async () => {
    const variables = { id: visit.sessionId };
    const byPost = await post({ documentId: idOf('Session'), variables });
    const byGet = await get(
      { documentId: idOf('Session'), variables: JSON.stringify(variables) },
      preflight,
      visit.phone,
    );
    expect(byPost.body.data.answer).toMatchObject({ session_id: visit.sessionId, status: 'OPEN' });
    expect(byGet.body).toEqual(byPost.body);
  });

  test('has the hash of its exact text as id', () => {
    for (const [id, text] of Object.entries(persisted)) expect(id).toBe(`sha256:${sha256(text)}`);
  });

  test.each(['sha256:0000', '', 'Session', '__proto__', 'constructor'])(
    'of the unknown id "%s" is 404',
    async (documentId) => {
      const [byPost, byGet] = [await post({ documentId }), await get({ documentId })];
      expect([byPost.status, codeOf(byPost)]).toEqual([404, 'PERSISTED_DOCUMENT_NOT_FOUND']);
      expect([byGet.status, codeOf(byGet)]).toEqual([404, 'PERSISTED_DOCUMENT_NOT_FOUND']);
    },
  );

  test.each([[5], [null], [['x']], [{}]])('with an id that is no text, %j, is 404', async (documentId) => {
    expect((await post({ documentId })).status).toBe(404);
  });
});

describe('a mutation by GET', () => {
  test('is 405, as text and by id, and does nothing', async () => {
    const before = await written(api);
    const input = { sessionId: visit.sessionId, reason: 'by GET' };
    const variables = JSON.stringify({ input });
    const query = 'mutation ($input: CloseSessionInput!) { closeSession(input: $input) { session { id } } }';
    for (const parameters of [
      { query, variables },
      { documentId: idOf('CloseSession'), variables },
    ] as const) {
      const answer = await get(parameters, preflight, demo.staff);
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
    }
    expect(await written(api)).toEqual(before);
  });
});

describe('requests that a foreign page can make a browser send', () => {
  test('are refused: a GET without a header of ours, a POST that is a form or plain text', async () => {
    const simple = await get({ query: '{ viewer { kind } }' }, {});
    expect([simple.status, codeOf(simple)]).toEqual([400, 'BAD_REQUEST']);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const { status } = await api.http('POST', '/graphql', {
        raw: JSON.stringify({ query: '{ viewer { kind } }' }),
        headers: { 'Content-Type': type },
      });
      expect(status).toBe(415);
    }
  });
});

describe('an automatically persisted query', () => {
  const query = `query Own${Date.now()} { viewer { kind } }`;
  const extensions = { persistedQuery: { version: 1, sha256Hash: sha256(query) } };

  test('is not known, then taught, then known', async () => {
    const unknown = await post({ extensions });
    expect(codeOf(unknown)).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect((await post({ query, extensions })).body.data.viewer.kind).toBe('DEVICE');
    expect((await post({ extensions })).body.data.viewer.kind).toBe('DEVICE');
    expect((await get({ extensions: JSON.stringify(extensions) })).body.data.viewer.kind).toBe('NOBODY');
  });

  test('is not taught under a wrong hash', async () => {
    const wrong = { persistedQuery: { version: 1, sha256Hash: sha256('something else') } };
    expect((await post({ query, extensions: wrong })).status).toBe(400);
    expect(codeOf(await post({ extensions: wrong }))).toBe('PERSISTED_QUERY_NOT_FOUND');
  });
});

describe('a document that asks for too much is refused at once', () => {
  const fanOut = (levels: number) => {
    const parts = Array.from({ length: levels }, (_, n) => `fragment f${n} on Session { ...f${n + 1} ...f${n + 1} }`);
    return `query ($id: UUID!) { session(id: $id) { ...f0 } } ${parts.join('\n')} fragment f${levels} on Session { id }`;
  };
  const deep = (levels: number) => {
    const inner = Array.from({ length: levels }).reduce<string>((text) => `ofType { ${text} }`, 'name');
    return `{ __type(name: "Query") { fields { type { ${inner} } } } }`;
  };
  const aliases = Array.from({ length: 101 }, (_, n) => `a${n}: viewer { kind }`).join('\n');
  const tokens = `{ viewer { ${'kind '.repeat(2_100)} } }`;
  const costly = `query ($id: UUID!) { ${Array.from({ length: 90 }, (_, n) => `a${n}: events(sessionId: $id, first: 500) { nodes { id seq type payload createdAt actor { type id name } } edges { cursor node { id seq type payload } } }`).join('\n')} }`;
  const directives = `{ viewer { kind ${'@include(if: true) '.repeat(60)} } }`;

  test.each([
    ['a fan-out of 2^20 fragments', fanOut(20)],
    ['101 aliases', `{ ${aliases} }`],
    ['4,000 tokens', tokens],
    ['ninety logs at once', costly],
    ['60 directives', directives],
    ['fragments in a circle', 'query { viewer { ...a } } fragment a on Viewer { ...b } fragment b on Viewer { ...a }'],
  ])('%s', async (_, query) => {
    const started = performance.now();
    const answer = await post({ query, variables: { id: visit.sessionId } });
    expect(answer.status, answer.text.slice(0, 300)).toBe(400);
    expect(codeOf(answer)).toMatch(/^GRAPHQL_(VALIDATION|PARSE)_FAILED$/);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test('nesting', async () => {
    const nested = 'query ($id: UUID!) { session(id: $id) { snapshot { items { addedBy { name } } } } }';
    expect((await post({ query: nested, variables: { id: visit.sessionId } })).status).toBe(200);
    const tooDeep = deep(12);
    expect(codeOf(await post({ query: tooDeep }))).toBe('GRAPHQL_VALIDATION_FAILED');
    expect((await post({ query: deep(3) })).status).toBe(200);
  });

  test('a full page is not too much, however its size is said', async () => {
    const fields =
      'edges { cursor node { id seq type payload createdAt actor { type id name } } } pageInfo { hasNextPage }';
    const literal = `query ($id: UUID!) { events(sessionId: $id, first: 500) { ${fields} } }`;
    const variable = `query ($id: UUID!, $n: Int!) { events(sessionId: $id, first: $n) { ${fields} } }`;
    for (const query of [literal, variable])
      expect((await post({ query, variables: { id: visit.sessionId, n: 500 } })).body.errors).toBeUndefined();
  });

  test('many pages at once are, also with the size in a variable', async () => {
    const pages = Array.from({ length: 21 }, (_, n) => `a${n}: events(sessionId: $id, first: $n) { nodes { id } }`);
    const query = `query ($id: UUID!, $n: Int!) { ${pages.join(' ')} }`;
    const hidden = `query ($id: UUID!, $n: Int!) { ...all } fragment all on Query { ... { ${pages.join(' ')} } }`;
    for (const text of [query, hidden]) {
      const answer = await post({ query: text, variables: { id: visit.sessionId, n: 500 } });
      expect([answer.status, codeOf(answer)]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
    }
  });

  test('every persisted document fits', async () => {
    for (const documentId of Object.keys(persisted)) {
      const answer = await post({ documentId, variables: {} });
      expect(answer.text).not.toMatch(/\b(cost|depth|alias|aliases|token|tokens)\b/i);
    }
  });

  test('requests in a list', async () => {
    const answer = await api.http('POST', '/graphql', { body: [{ query: '{ viewer { kind } }' }] });
    expect(answer.status).toBe(400);
  });
});

describe('GraphQL over HTTP', () => {
  const accept = { Accept: 'application/graphql-response+json' };

  test.each([
    ['a good request', { query: '{ viewer { kind } }' }, 200],
    ['text that is no GraphQL', { query: '{ viewer' }, 400],
    ['a field that is not there', { query: '{ nothing }' }, 400],
    [
      'variables that do not fit',
      { query: 'query ($id: UUID!) { session(id: $id) { id } }', variables: { id: 5 } },
      400,
    ],
    ['no query', {}, 400],
    ['an empty query', { query: '' }, 400],
    ['a query that is a number', { query: 5 }, 400],
    ['an operation that is not there', { query: 'query A { viewer { kind } }', operationName: 'B' }, 400],
    ['two operations and no name', { query: 'query A { viewer { kind } } query B { viewer { kind } }' }, 400],
    ['variables that are a text', { query: '{ viewer { kind } }', variables: 'x' }, 400],
  ])('%s', async (_, body, status) => {
    const answer = await post(body, accept);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      status,
      expect.stringContaining('application/graphql-response+json'),
    ]);
    expect('data' in answer.body).toBe(status === 200);
  });

  test('answers plain JSON to who asks for it', async () => {
    const answer = await post({ query: '{ viewer { kind } }' }, { Accept: 'application/json' });
    expect(answer.headers.get('content-type')).toContain('application/json');
  });

  test.each(['PUT', 'PATCH', 'DELETE'])('%s is 405', async (method) => {
    const answer = await api.http(method, '/graphql', { body: { query: '{ viewer { kind } }' } });
    expect([answer.status, answer.body.code]).toEqual([405, 'METHOD_NOT_ALLOWED']);
  });

  test('a bad credential fails the whole request, with 401', async () => {
    const answer = await api.graphql('{ viewer { kind } }', {}, { as: 'nonsense' });
    expect([answer.status, codeOf(answer)]).toEqual([401, 'UNAUTHENTICATED']);
    expect(answer.body.data).toBeUndefined();
  });

  test('a refusal has its path and place, and the others of the request their data', async () => {
    const query = `query ($id: UUID!) { viewer { kind } session(id: $id) { id } }`;
    const answer = await post({ query, variables: { id: randomUUID() } });
    expect(answer.status).toBe(200);
    expect(answer.body.errors).toEqual([
      {
        ...{ message: 'there is no such session', path: ['session'], locations: [expect.any(Object)] },
        extensions: { code: 'NOT_FOUND', retryable: false },
      },
    ]);
  });
});

describe('exploring', () => {
  test('a browser gets Sandbox', async () => {
    const { status, headers, text } = await api.http('GET', '/graphql', {
      headers: { Accept: 'text/html,application/xhtml+xml' },
    });
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
    expect(text).toMatch(/sandbox/i);
  });

  test('works without internet at /graphiql', async () => {
    const { status, text } = await api.http('GET', '/graphiql');
    expect(status).toBe(200);
    expect(text).not.toMatch(/<(script|link)[^>]+(src|href)="?https?:/);
  });

  test('the schema tells of itself', async () => {
    const { body } = await api.graphql('{ __schema { queryType { name } types { name } } }');
    expect(body.data.__schema.queryType.name).toBe('Query');
  });
});
