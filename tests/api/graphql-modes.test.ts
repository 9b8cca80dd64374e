import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { useApi } from '../support/api.js';

const persisted = JSON.parse(
  readFileSync(new URL('../../src/rest/persisted-documents.json', import.meta.url), 'utf8'),
) as Record<string, string>;
const menu = Object.entries(persisted).find(([, text]) => text.startsWith('query Menu('))?.[0] ?? '';
const variables = { locationId: '01900000-0000-7000-8000-000000000010' };

describe('in production', () => {
  const api = useApi({
    env: {
      ...{ NODE_ENV: 'production', DEMO: '0', PUBLIC_URL: 'https://order.example.com' },
      AUTH_SECRET: 'k9Jq2Vw8Zr4Xt6Bn1Mc3Lp5Hs7Gd0Fa!Yu-Te_Ri',
    },
  });

  test('nothing can be explored: no introspection, no Sandbox, no GraphiQL', async () => {
    for (const query of ['{ __schema { queryType { name } } }', '{ __type(name: "Session") { name } }']) {
      const { status, body } = await api.graphql(query);
      expect([status, body.errors[0].extensions.code]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
    }
    const page = await api.http('GET', '/graphql', { headers: { Accept: 'text/html' } });
    expect(page.text).not.toMatch(/sandbox/i);
    expect((await api.http('GET', '/graphiql')).status).toBe(404);
  });

  test('a mistyped field is not answered with the names of others', async () => {
    const { body } = await api.graphql('{ viewer { kin } }');
    expect(JSON.stringify(body)).not.toMatch(/did you mean/i);
  });

  test('ordinary queries are answered, links have the public address, and the REST face is described', async () => {
    const { body } = await api.graphql('{ viewer { kind } }');
    expect(body.data.viewer.kind).toBe('NOBODY');
    expect((await api.http('GET', '/openapi.json')).body.servers[0].url).toBe('https://order.example.com');
    expect((await api.http('GET', '/')).text).not.toContain('demo-table-1');
  });

  test('no foreign page may read it', async () => {
    const { headers } = await api.http('GET', '/livez', { headers: { Origin: 'https://elsewhere.example.com' } });
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('with PERSISTED_ONLY=1', () => {
  const api = useApi({ env: { PERSISTED_ONLY: '1' } });

  test('listed documents run, by POST and by GET', async () => {
    const ask = { as: 'demo-table-1' };
    const byPost = await api.http('POST', '/graphql', { ...ask, body: { documentId: menu, variables } });
    expect(byPost.body.data.answer.currency).toBe('VND');
    const query = new URLSearchParams({ documentId: menu, variables: JSON.stringify(variables) });
    const headers = { 'Apollo-Require-Preflight': 'true' };
    expect((await api.http('GET', `/graphql?${query}`, { ...ask, headers })).body).toEqual(byPost.body);
  });

  test.each([
    ['a document of its own', { query: '{ viewer { kind } }' }],
    ['introspection', { query: '{ __schema { queryType { name } } }' }],
    [
      'an automatically persisted query',
      { query: '{ viewer { kind } }', extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } },
    ],
    ['a hash alone', { extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } }],
    ['the exact text of a listed document', { query: persisted[menu], variables }],
    ['nothing', {}],
  ])('%s is refused', async (_, body) => {
    const answer = await api.http('POST', '/graphql', { body });
    expect([answer.status, answer.body.errors[0].extensions.code]).toEqual([400, 'PERSISTED_DOCUMENTS_ONLY']);
  });

  test('a document beside an id does not count', async () => {
    const answer = await api.http('POST', '/graphql', {
      as: 'demo-table-1',
      body: { documentId: menu, query: '{ viewer { kind } }', variables },
    });
    expect(answer.body.data).not.toHaveProperty('viewer');
  });

  test.each(['query={viewer{kind}}', 'extensions={}', 'query={viewer{kind}}&documentId='])(
    'GET ?%s is refused',
    async (query) => {
      const answer = await api.http('GET', `/graphql?${encodeURI(query)}`, {
        headers: { 'Apollo-Require-Preflight': 'true' },
      });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.body.data).toBeUndefined();
    },
  );

  test('the REST face goes on as ever', async () => {
    expect((await api.rest(`GET /locations/${variables.locationId}/menu`, { as: 'demo-table-1' })).status).toBe(200);
  });
});
