import { Validator } from '@seriousme/openapi-schema-validator';
import { beforeAll, describe, expect, test } from 'vitest';
import { eventDefinitions } from '../../../src/domain/events/index.js';
import { statuses } from '../../../src/http/errors.js';
import { buildGraphqlSchema } from '../../../src/resolvers/build-schema.js';
import { openApi } from '../../../src/rest/openapi.js';
import { restRoutes } from '../../../src/rest/routes.js';

/** Whatever JSON says; the tests say what they expect. */
type Json = ReturnType<typeof JSON.parse>;

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly security: readonly object[];
  readonly parameters: readonly { $ref?: string; name?: string; description?: string; schema?: object }[];
  readonly requestBody?: { description: string; content: Record<string, { schema: Json }> };
  readonly responses: Record<
    string,
    { description: string; headers: object; content?: Record<string, { schema: Json }> }
  >;
}

let document: { paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, Json> } };

beforeAll(async () => {
  const made = openApi(await buildGraphqlSchema(), 'https://order.example.com', statuses);
  document = JSON.parse(JSON.stringify(made));
});

const operation = (method: string, path: string): Operation => {
  const found = document.paths[path]?.[method];
  if (!found) throw new Error(`the document has no ${method} ${path}`);
  return found;
};
const json = (one: Operation, status: string) => one.responses[status]?.content?.['application/json']?.schema;

describe('the OpenAPI document', () => {
  test('is valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate(structuredClone(document));
    expect(result).toMatchObject({ valid: true });
  });

  test('has every route of the table, and no operation id twice', () => {
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    expect(operations).toHaveLength(restRoutes.length);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(restRoutes.length);
    for (const { method, path } of restRoutes) expect(operation(method.toLowerCase(), path).summary).not.toBe('');
  });

  test('describes every operation, parameter, body, response, schema and property', () => {
    expect(undescribed(document, '')).toEqual([]);
  });

  test('refers to nothing that is not there, and keeps nothing that nobody refers to', () => {
    const text = JSON.stringify(document);
    const names = new Set([...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1]));
    expect(names).toEqual(new Set(Object.keys(document.components.schemas)));
  });

  test('speaks of its own words only: no name in camelCase, no enum word in upper case', () => {
    const names = [...Object.keys(document.components.schemas)].flatMap((name) =>
      propertyNames(document.components.schemas[name]),
    );
    expect(names.filter((name) => !/^[a-z][a-z0-9_]*$/.test(name))).toEqual([]);
    expect(document.components.schemas.SessionStatus.enum).toEqual(['open', 'paid', 'closed', 'expired']);
    expect(document.components.schemas.SessionStatus.description).not.toMatch(/OPEN|PAID/);
  });
});

describe('request bodies', () => {
  test('are closed, and lack what comes from the path and the headers', () => {
    const create = operation('post', '/api/v1/locations/{location_id}/qr-sessions');
    const schema = create.requestBody?.content['application/json']?.schema;
    expect(schema.additionalProperties).toBe(false);
    expect(Object.keys(schema.properties)).toEqual([
      'table_id',
      'table_token',
      'ttl_seconds',
      'device_name',
      'device_token',
    ]);
    expect(create.parameters.map(({ name }) => name)).toContain('Idempotency-Key');
  });

  test('tell the kinds of events apart by event_type, one for every type that clients append', () => {
    const schema = operation('post', '/api/v1/sessions/{session_id}/events').requestBody?.content['application/json']
      ?.schema;
    const clientTypes = Object.values(eventDefinitions)
      .filter(({ sender }) => sender !== 'server')
      .map(({ type }) => type as string);
    expect(schema.discriminator.propertyName).toBe('event_type');
    expect(Object.keys(schema.discriminator.mapping).sort()).toEqual(clientTypes.sort());
    const addItem = document.components.schemas[schema.discriminator.mapping.add_item.split('/').at(-1)];
    expect(addItem).toMatchObject({
      additionalProperties: false,
      required: ['idempotency_key', 'event_type', 'payload'],
      properties: {
        event_type: { const: 'add_item' },
        payload: { $ref: '#/components/schemas/AddItem' },
        expected_seq: { type: ['integer', 'null'] },
      },
    });
    expect(addItem.properties).not.toHaveProperty('session_id');
    expect(document.components.schemas.AddItem.required).toEqual(['menu_item_id', 'quantity']);
  });
});

describe('responses', () => {
  test("have flattened members beside the others, and none of the table's own", () => {
    const create = json(operation('post', '/api/v1/locations/{location_id}/qr-sessions'), '201');
    expect(create.required).toEqual(expect.arrayContaining(['session_id', 'qr_url', 'device_token', 'snapshot']));
    expect(create.properties).not.toHaveProperty('session');
    expect(create.properties.snapshot).toMatchObject({ $ref: '#/components/schemas/Snapshot' });
    const batch = json(operation('post', '/api/v1/sessions/{session_id}/events/batch'), '201');
    expect(Object.keys(batch.properties.events.items.properties)).toEqual(['event_id', 'event_seq', 'replayed']);
    const names = Object.values(document.components.schemas).flatMap(propertyNames);
    expect(names.filter((name) => name.startsWith('_'))).toEqual([]);
  });

  test('need no member that is there only on request', () => {
    const append = json(operation('post', '/api/v1/sessions/{session_id}/events'), '201');
    expect(append.properties).toHaveProperty('snapshot');
    expect(append.required).toEqual(['event_id', 'event_seq', 'replayed', 'event']);
  });

  test('tell the codes of every refusal by status', () => {
    const { responses } = operation('post', '/api/v1/sessions/{session_id}/events');
    const codes = (status: string) =>
      responses[status]?.content?.['application/problem+json']?.schema.properties.code.enum;
    expect(Object.keys(responses)).toEqual([
      '200',
      '201',
      '400',
      '401',
      '403',
      '404',
      '409',
      '413',
      '415',
      '422',
      '500',
      '503',
    ]);
    expect(codes('422')).toEqual(['UNKNOWN_MENU_ITEM', 'INVALID_OPTIONS', 'QUANTITY_OUT_OF_RANGE']);
    expect(codes('409')).toContain('SEQ_CONFLICT');
    expect(responses['503']?.headers).toHaveProperty('Retry-After');
  });

  test('of tagged content have an ETag and a 304', () => {
    const { responses, parameters } = operation('get', '/api/v1/sessions/{session_id}/snapshot');
    expect(responses['200']?.headers).toHaveProperty('ETag');
    expect(responses).toHaveProperty('304');
    expect(parameters).toContainEqual({ $ref: '#/components/parameters/If-None-Match' });
  });

  test('of a removal have no body', () => {
    const { responses } = operation('delete', '/api/v1/sessions/{session_id}/devices/{device_id}');
    expect(responses['204']).not.toHaveProperty('content');
  });
});

test('a route whose body can carry a credential works without a bearer, any other does not', () => {
  expect(operation('post', '/api/v1/sessions/{session_id}/devices').security).toEqual([{ bearer: [] }, {}]);
  expect(operation('get', '/api/v1/sessions/{session_id}').security).toEqual([{ bearer: [] }]);
});

/** Places that a reader would find without a word of explanation. */
function undescribed(value: unknown, place: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => undescribed(item, `${place}[${index}]`));
  if (typeof value !== 'object' || value === null) return [];
  const members = Object.entries(value);
  const isProperties = /\.properties$/.test(place) && !/problem\+json/.test(place);
  const own = isProperties ? members.filter(([, one]) => !(one as { description?: string }).description) : [];
  const isOperationPart = /(\.(get|post|patch|delete)|\.requestBody|\.responses\.\d+|\.parameters\[\d+\])$/.test(place);
  const isBare = isOperationPart && !('description' in value) && !('$ref' in value);
  return [
    ...own.map(([name]) => `${place}.${name}`),
    ...(isBare ? [place] : []),
    ...members
      .filter(([name]) => !/^examples?$/.test(name))
      .flatMap(([name, one]) => undescribed(one, `${place}.${name}`)),
  ];
}

function propertyNames(schema: unknown): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap(propertyNames);
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([name, value]) => [
    ...(name === 'properties' ? Object.keys(value as object) : []),
    ...(name === 'examples' ? [] : propertyNames(value)),
  ]);
}
