/** Every route's example, taken from the description as a client would, and sent. */
import { expect, test } from 'vitest';
import { exampleIds } from '../../src/rest/example-ids.js';
import { restRoutes } from '../../src/rest/routes.js';
import { type Json, useApi } from '../support/api.js';
import { createScene } from '../support/route-scene.js';

const api = useApi();

/** Need a past that no request alone can make: a pending payment, money that waits, a provider's notice, an account. */
const withoutExample = [
  'DELETE /api/v1/sessions/{session_id}/payment-intents/{payment_id}',
  'POST /api/v1/admin/payments/{payment_id}/resolve',
  'POST /api/v1/admin/payments/{payment_id}/refund',
  'POST /api/v1/admin/webhooks/{webhook_id}/replay',
  'PATCH /api/v1/admin/merchant-accounts/{account_id}',
  'POST /api/v1/admin/merchant-accounts/{account_id}/rotate-secrets',
  'DELETE /api/v1/admin/merchant-accounts/{account_id}',
];

const nameOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;
const shown = restRoutes.map(nameOf).filter((name) => !withoutExample.includes(name));

test('every route has an example', () => {
  const bare = restRoutes.filter(({ example }) => !example).map(nameOf);
  expect(bare.sort()).toEqual([...withoutExample].sort());
});

test('no example needs an id that nobody makes', () => {
  const unnamed = restRoutes.flatMap(({ path, example }) =>
    [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, name = '']) =>
      example && !example.path?.[name] && !exampleIds[name] ? [`${path} ${name}`] : [],
    ),
  );
  expect(unnamed).toEqual([]);
});

test.each(shown)('%s does what its example asks', async (name) => {
  const [method = '', path = ''] = name.split(' ');
  const { body: description } = await api.http('GET', '/openapi.json');
  const operation = description.paths[path][method.toLowerCase()];
  const scene = createScene(api);
  const as = await scene.token(operation['x-example-credential']);
  const { url, headers } = await address(scene, path, operation);
  const example = operation.requestBody?.content['application/json'].example;
  const body = example === undefined ? {} : { body: await scene.fill(example) };
  const wanted = successOf(operation);
  if ('text/event-stream' in (operation.responses[wanted].content ?? {})) {
    expect(await statusOfStream(`${api.address}${url}`, as)).toBe(wanted);
    return;
  }
  const answer = await api.rest(`${method} ${url}`, { as, headers, ...body });
  expect(answer, answer.text).toMatchObject({ status: wanted });
});

/** Something new is 201; a route that also answers 200 does so for what was there before. */
function successOf({ responses }: Json): number {
  const codes = Object.keys(responses).map(Number);
  return codes.includes(201) ? 201 : Math.min(...codes);
}

async function address(scene: ReturnType<typeof createScene>, path: string, { parameters }: Json) {
  const query = new URLSearchParams();
  const headers: Record<string, string> = {};
  let filled = path;
  for (const parameter of parameters as readonly Json[]) {
    if (parameter.example === undefined) continue;
    const value = await scene.fill(String(parameter.example));
    if (parameter.in === 'path') filled = filled.replace(`{${parameter.name}}`, encodeURIComponent(value));
    else if (parameter.in === 'query') query.set(parameter.name, value);
    else headers[parameter.name] = value;
  }
  return { url: query.size > 0 ? `${filled}?${query}` : filled, headers };
}

/** A stream is not read to its end. */
async function statusOfStream(url: string, as: string): Promise<number> {
  const gone = new AbortController();
  const { status } = await fetch(url, { headers: { Authorization: `Bearer ${as}` }, signal: gone.signal });
  gone.abort();
  return status;
}
