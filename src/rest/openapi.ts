import type { GraphQLSchema } from 'graphql';
import { operationOf, tagOf } from './openapi-operation.js';
import { problemSchema, type Statuses } from './openapi-problems.js';
import type { NamedSchemas } from './openapi-types.js';
import { loadPersistedDocuments } from './persisted-documents.js';
import type { RestRoute } from './route.js';
import { restRoutes } from './routes.js';

/** The REST face as OpenAPI 3.1, made from the route table, the documents that the routes run, and their types. */
export function openApi(schema: GraphQLSchema, publicUrl: string, statuses: Statuses): object {
  const documents = loadPersistedDocuments(schema);
  const schemas: NamedSchemas = new Map([['Problem', problemSchema]]);
  const paths: Record<string, Record<string, object>> = {};
  for (const route of restRoutes) {
    const persisted = documents.byName(route.operation);
    const operation = operationOf(route, { schema, persisted, schemas, statuses });
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation };
  }
  return {
    openapi: '3.1.0',
    info,
    servers: [{ url: publicUrl, description: 'This server.' }],
    tags: tagsOf(restRoutes),
    paths,
    components: { schemas: Object.fromEntries(schemas), securitySchemes, headers, parameters },
  };
}

const info = {
  title: 'QR Session',
  version: '1',
  summary: 'One table, one shared bill, many phones.',
  description: [
    'Every route runs a persisted GraphQL document through the same schema, guards and services as `/graphql`.',
    'Names are snake_case, enum words lower_snake, times RFC 3339 UTC, ids UUIDs; amounts are integers in minor units.',
    'Unknown fields of a body are refused. Every answer carries `X-Request-Id`: yours, if you sent a sane one.',
    'Errors are `application/problem+json`; programs decide by `code`.',
    'A path answers 405 `METHOD_NOT_ALLOWED` with `Allow` to methods that it does not have.',
  ].join('\n\n'),
  license: { name: 'MIT', identifier: 'MIT' },
};

const securitySchemes = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description:
      "An API key of the restaurant, a device token (from creating or joining a session), or the token of a table's printed code.",
  },
  ticket: {
    type: 'apiKey',
    in: 'query',
    name: 'ticket',
    description:
      "From `POST /api/v1/sessions/{session_id}/stream-tickets`; for that session's stream and receipt only.",
  },
};

const headers = {
  'X-Request-Id': { description: 'Names this request in the log.', schema: { type: 'string' } },
  'Retry-After': {
    description: 'Seconds to wait before the same request is worth another try.',
    schema: { type: 'integer' },
  },
  'WWW-Authenticate': { description: '`Bearer`', schema: { type: 'string' } },
};

const parameters = {
  'If-None-Match': {
    name: 'If-None-Match',
    in: 'header',
    description: 'An `ETag` of an earlier answer; 304 if nothing has changed since.',
    schema: { type: 'string' },
  },
  'X-Actor-Name': {
    name: 'X-Actor-Name',
    in: 'header',
    description:
      'The person who acts with a key, 1 to 60 characters, percent-encoded where need be. Closing, taking cash, deciding about a payment and giving back need it when the key is shared.',
    schema: { type: 'string' },
  },
};

const tagDescriptions: Readonly<Record<string, string>> = {
  Sessions: 'One visit at one table.',
  Devices: 'Phones of a session.',
  Events: "A session's log, and the bill that it folds to.",
  Menu: 'What a location sells.',
  Payments: 'Money that came, is on its way, or was given back.',
  Reports: 'What a location took in.',
  Webhooks: 'What payment providers sent, for operators.',
  'Merchant accounts': 'Accounts with payment providers, for managers.',
  Tenants: 'Restaurant businesses, for operators.',
  Locations: 'Where a restaurant serves, and by which rules.',
  Tables: 'Where guests sit, and their printed codes.',
  'API keys': 'Credentials of staff, cashiers and managers.',
};

function tagsOf(routes: readonly RestRoute[]): readonly object[] {
  const names = [...new Set(routes.map(({ path }) => tagOf(path)))];
  return names.map((name) => ({ name, description: tagDescriptions[name] ?? name }));
}
