import {
  getNamedType,
  getNullableType,
  getOperationAST,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputObjectType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  print,
} from 'graphql';
import { exampleIds } from './example-ids.js';
import { answerSchema } from './openapi-answer.js';
import { problemResponses, type Statuses } from './openapi-problems.js';
import { bodySchema } from './openapi-request.js';
import { type JsonSchema, leafSchema, type NamedSchemas, schemaOf } from './openapi-types.js';
import type { PersistedDocument } from './persisted-documents.js';
import { typeAt, variableTypes } from './request-variables.js';
import type { RestCsv, RestParameter, RestRender, RestRoute } from './route.js';

export interface OperationSource {
  readonly schema: GraphQLSchema;
  readonly persisted: PersistedDocument;
  readonly schemas: NamedSchemas;
  readonly statuses: Statuses;
}

type Types = ReadonlyMap<string, GraphQLInputType>;

/** One route as an OpenAPI operation, from its line in the table and the document it runs. */
export function operationOf(route: RestRoute, source: OperationSource): object {
  const operation = getOperationAST(source.persisted.document);
  if (!operation) throw new Error(`document ${route.operation} has no operation`);
  const types = variableTypes(source.schema, operation);
  return {
    operationId: `${route.operation.charAt(0).toLowerCase()}${route.operation.slice(1)}`,
    summary: route.summary,
    ...(route.example && { 'x-example-credential': route.example.as }),
    description: rootField(source.schema, operation).description ?? route.summary,
    tags: [tagOf(route.path)],
    security: securityOf(route, types),
    parameters: parametersOf(route, { types, operation, schemas: source.schemas }),
    ...(route.body && { requestBody: requestBody(route, types, source.schemas) }),
    responses: { ...successes(route, operation, source), ...problemResponses(route, source.statuses) },
  };
}

/** What the path is about: its last word that is no parameter and no verb. */
export function tagOf(path: string): string {
  const nouns: Readonly<Record<string, string>> = {
    devices: 'Devices',
    events: 'Events',
    menu: 'Menu',
    'menu-categories': 'Menu',
    'menu-items': 'Menu',
    'menu-export': 'Menu',
    'menu-import': 'Menu',
    payments: 'Payments',
    'stream-tickets': 'Events',
    'payment-intents': 'Payments',
    reports: 'Reports',
    webhooks: 'Webhooks',
    'webhook-samples': 'Webhooks',
    'merchant-accounts': 'Merchant accounts',
    'qr-sessions': 'Sessions',
    tenants: 'Tenants',
    locations: 'Locations',
    tables: 'Tables',
    'api-keys': 'API keys',
  };
  const words = path.split('/').filter((word) => word in nouns);
  return nouns[words.at(-1) ?? ''] ?? 'Sessions';
}

function rootField(schema: GraphQLSchema, operation: OperationDefinitionNode) {
  const [selection] = operation.selectionSet.selections;
  if (selection?.kind !== Kind.FIELD) throw new Error('a route runs one root field');
  const field = schema.getRootType(operation.operation)?.getFields()[selection.name.value];
  if (!field || !selection.selectionSet) throw new Error(`there is no root field ${selection.name.value}`);
  return { ...field, selections: selection.selectionSet };
}

/** Some bodies carry a credential of their own. */
const bodyCredentials = ['tableToken', 'joinToken'];

function securityOf({ body, stream, takesTicket }: RestRoute, types: Types): readonly object[] {
  const input = body && getNullableType(types.get(body.to));
  const fields = isInputObjectType(input) ? Object.keys(input.getFields()) : [];
  const isInBody = fields.some((name) => bodyCredentials.includes(name));
  return [{ bearer: [] }, ...(takesTicket || stream?.takesTicket ? [{ ticket: [] }] : []), ...(isInBody ? [{}] : [])];
}

function parametersOf(
  route: RestRoute,
  source: { types: Types; operation: OperationDefinitionNode; schemas: NamedSchemas },
): readonly object[] {
  const own = route.parameters.map((parameter) => ({
    name: parameter.name,
    in: parameter.in,
    description: parameter.description,
    ...(isRequired(parameter, source.types) && { required: true }),
    schema: parameterSchema(parameter, source),
    ...exampleOf(parameter, route),
  }));
  const looks = (route.render?.options ?? []).map(({ name, description, schema }) => ({
    ...{ name, in: 'query', description, schema },
    ...exampleOf({ in: 'query', name }, route),
  }));
  const ifNoneMatch = isTagged(route) ? [{ $ref: '#/components/parameters/If-None-Match' }] : [];
  const actorName = route.method === 'GET' ? [] : [{ $ref: '#/components/parameters/X-Actor-Name' }];
  return [...own, ...looks, ...ifNoneMatch, ...actorName];
}

/** What the route's example says at this place, so that whoever reads the description can send it. */
function exampleOf(
  { in: where, name }: Pick<RestParameter, 'in' | 'name'>,
  { example }: RestRoute,
): { example?: string } {
  if (!example) return {};
  const given = { path: example.path, query: example.query, header: example.headers }[where]?.[name];
  const value = given ?? (where === 'path' ? exampleIds[name] : undefined);
  return value === undefined ? {} : { example: value };
}

function isRequired({ in: where, to }: RestParameter, types: Types): boolean {
  return where === 'path' || (where === 'query' && isNonNullType(typeAt(types, to)));
}

function parameterSchema(
  { to, read }: RestParameter,
  { types, operation, schemas }: { types: Types; operation: OperationDefinitionNode; schemas: NamedSchemas },
): JsonSchema {
  if (read) return { type: 'string' };
  const type = typeAt(types, to);
  const present = isNonNullType(type) ? type.ofType : type;
  const variable = operation.variableDefinitions?.find((one) => one.variable.name.value === to);
  const fallback = variable?.defaultValue && { default: JSON.parse(print(variable.defaultValue)) as unknown };
  return { ...leafSchema(getNamedType(present), schemas), ...(fallback ?? {}) };
}

function requestBody(route: RestRoute, types: Types, schemas: NamedSchemas): object {
  const { body } = route;
  const input = body && getNullableType(types.get(body.to));
  if (!body || !isInputObjectType(input)) throw new Error(`the body of ${route.operation} is no input object`);
  return {
    description: body.description,
    required: !body.isOptional,
    content: {
      'application/json': {
        schema: bodySchema(input, body.without, schemas),
        ...(route.example?.body && { example: route.example.body }),
      },
    },
  };
}

function successes(
  route: RestRoute,
  operation: OperationDefinitionNode,
  source: OperationSource,
): Readonly<Record<string, object>> {
  const headers = headersOf(route);
  const content = contentOf(route, operation, source);
  const answers = route.statuses.map(({ status, description }): [string, object] => [
    String(status),
    { description, headers, ...(status !== 204 && { content }) },
  ]);
  const unchanged = { description: 'The content is the one that `If-None-Match` names.', headers };
  return { ...Object.fromEntries(answers), ...(isTagged(route) && { '304': unchanged }) };
}

function contentOf(route: RestRoute, operation: OperationDefinitionNode, source: OperationSource): object {
  if (route.stream)
    return { 'text/event-stream': { schema: { type: 'string', description: route.stream.describes ?? eventsInText } } };
  if (route.render) return { [mediaType(route.render.contentType)]: { schema: renderedSchema(route.render) } };
  const { schema, persisted, schemas } = source;
  const { type, selections } = rootField(schema, operation);
  const body = schemaOf(type, (named) =>
    answerSchema(
      { schema, document: persisted.document, schemas },
      { type: named, selections, flatten: route.flatten ?? [] },
    ),
  );
  const table = route.csv && { 'text/csv': { schema: { type: 'string', description: tableOf(route.csv) } } };
  return { 'application/json': { schema: body }, ...table };
}

/** Bytes have no schema, as OpenAPI 3.1 says. */
function renderedSchema({ contentType }: RestRender): JsonSchema {
  return contentType === 'image/png' ? {} : { type: 'string' };
}

function mediaType(contentType: string): string {
  return contentType.split(';')[0] ?? contentType;
}

const eventsInText =
  'Server-Sent Events without names: `id` is the seq, `data` an item of the list as one line of JSON. Comments come in between.';

function tableOf({ columns }: RestCsv): string {
  return `The same as a table (RFC 4180), with a header row: ${columns.join(', ')}.`;
}

function headersOf({ headers = [] }: RestRoute): Readonly<Record<string, object>> {
  const own = headers.map(({ name, description }): [string, object] => [
    name,
    { description, schema: { type: 'string' } },
  ]);
  return { ...Object.fromEntries(own), 'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' } };
}

function isTagged({ headers = [] }: RestRoute): boolean {
  return headers.some(({ name }) => name === 'ETag');
}
