import {
  coerceInputValue,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isInputType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';
import { type FieldError, invalid } from '../domain/rejection.js';
import { bodyToInput, enumName, oneOfWords } from './body-to-input.js';
import type { RestParameter, RestRoute } from './route.js';
import { snakeWord } from '../domain/words.js';

/** The parts of an HTTP request that a route's table can name. */
export interface RestRequest {
  readonly path: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
}

type Variables = Record<string, unknown>;

/** The types of an operation's variables; one that has a default may be left out. */
export function variableTypes(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
): ReadonlyMap<string, GraphQLInputType> {
  const types = (operation.variableDefinitions ?? []).map(({ variable, type, defaultValue }) => {
    const known = typeFromAST(schema, type);
    if (!known || !isInputType(known)) throw new Error(`variable ${variable.name.value} has no input type`);
    return [variable.name.value, defaultValue ? getNullableType(known) : known] as const;
  });
  return new Map(types);
}

/** Builds the variables as the route's table says; VALIDATION_FAILED names unknown fields of the body. */
export function requestVariables(
  route: RestRoute,
  types: ReadonlyMap<string, GraphQLInputType>,
  request: RestRequest,
): Variables {
  const variables: Variables = {};
  const { body } = route;
  if (body) variables[body.to] = readBody(body, types.get(body.to), request.body);
  for (const parameter of route.parameters) {
    const text = textOf(parameter, request);
    if (text === undefined) continue;
    const type = typeAt(types, parameter.to);
    place(variables, parameter.to, parameter.read ? parameter.read(text) : fromText(type, text, parameter.name));
  }
  return variables;
}

function readBody(body: NonNullable<RestRoute['body']>, type: GraphQLInputType | undefined, json: unknown): unknown {
  const given = json === undefined && body.isOptional ? {} : json;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw invalid([{ path: '', message: 'the body must be a JSON object' }]);
  }
  if (!type) throw new Error(`the operation has no variable ${body.to}`);
  const errors: FieldError[] = [];
  for (const hidden of body.without) {
    if (snakeWord(hidden) in given) errors.push({ path: snakeWord(hidden), message: 'is not a field of this request' });
  }
  const input = bodyToInput(type, given, { path: '', errors });
  if (errors.length > 0) throw invalid(errors);
  return input;
}

/** What GraphQL does not accept of the variables, in the words of REST. */
export function variableErrors(
  route: RestRoute,
  types: ReadonlyMap<string, GraphQLInputType>,
  variables: Variables,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (const [name, type] of types) {
    if (variables[name] === undefined && !isNonNullType(type)) continue;
    coerceInputValue(variables[name], type, (path, value, error) => {
      const missing = /^Field "(\w+)" of required type/.exec(error.message)?.[1];
      const full = missing === undefined ? [name, ...path] : [name, ...path, missing];
      const isAbsent = missing !== undefined || value === undefined;
      errors.push({ path: restPath(route, full), message: isAbsent ? 'is required' : inRestWords(error.message) });
    });
  }
  return errors;
}

function restPath(route: RestRoute, path: readonly (string | number)[]): string {
  const full = path.join('.');
  const parameter = route.parameters.find(({ to }) => to === full);
  if (parameter) return parameter.name;
  const words = path.slice(path[0] === route.body?.to ? 1 : 0).map((word) => snakeWord(String(word)));
  const event = words.indexOf('event');
  if (event >= 0) words.splice(event, 2, 'payload');
  return words.join('.');
}

/** GraphQL's messages tell types, and quote field names; ours are in snake_case. */
function inRestWords(message: string): string {
  if (message.startsWith('Expected non-nullable type')) return 'must not be null';
  return message.replace(/"([a-z]\w*)"/g, (_, word: string) => `"${snakeWord(word)}"`);
}

function textOf({ in: where, name }: RestParameter, request: RestRequest): string | undefined {
  if (where === 'path') return request.path[name];
  return where === 'query' ? request.query[name] : request.headers[name.toLowerCase()];
}

/** The type of a place in the variables, as `input.sessionId`. */
export function typeAt(types: ReadonlyMap<string, GraphQLInputType>, to: string): GraphQLInputType {
  const [name = '', ...fields] = to.split('.');
  const type = fields.reduce<GraphQLInputType | undefined>((outer, field) => {
    const object = outer && getNullableType(outer);
    return isInputObjectType(object) ? object.getFields()[field]?.type : undefined;
  }, types.get(name));
  if (!type) throw new Error(`there is no variable ${to}`);
  return type;
}

function fromText(type: GraphQLInputType, text: string, path: string): unknown {
  const named = getNamedType(type);
  if (isEnumType(named)) {
    const name = enumName(named, text);
    if (name === undefined) throw invalid([{ path, message: oneOfWords(named) }]);
    return name;
  }
  if ((named.name === 'Int' || named.name === 'SafeInt') && /^-?\d+$/.test(text)) return Number(text);
  if (named.name === 'Boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}

function place(variables: Variables, to: string, value: unknown): void {
  const [name = '', field] = to.split('.');
  if (field === undefined) variables[name] = value;
  else variables[name] = { ...(variables[name] as object | undefined), [field]: value };
}
