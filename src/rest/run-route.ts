import { execute, type ExecutionResult, type GraphQLSchema, getOperationAST } from 'graphql';
import { invalid } from '../domain/rejection.js';
import { answerBody, enumPlaces } from './answer-body.js';
import type { PersistedDocuments } from './persisted-documents.js';
import { type RestRequest, requestVariables, variableErrors, variableTypes } from './request-variables.js';
import type { Answer, RestRoute } from './route.js';

/** What goes back over HTTP. */
export interface RestResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A JSON value, or the text of another content type. */
  readonly body: unknown;
}

/** A route made ready: everything that does not depend on the request is worked out. */
export type RouteRunner = (request: RestRequest, context: object) => Promise<RestResponse>;

/** Binds a route to its document. Errors come out as thrown by the resolvers, for the one place that translates them. */
export function prepareRoute(schema: GraphQLSchema, documents: PersistedDocuments, route: RestRoute): RouteRunner {
  const { document } = documents.byName(route.operation);
  const operation = getOperationAST(document);
  if (!operation) throw new Error(`document ${route.operation} has no operation`);
  const types = variableTypes(schema, operation);
  const places = enumPlaces(schema, document, operation).get('answer');
  return async (request, contextValue) => {
    const variableValues = requestVariables(route, types, request);
    const result = await execute({ schema, document, variableValues, contextValue });
    if (!('data' in result)) throw invalid(variableErrors(route, types, variableValues));
    return toResponse(route, answerOf(result), (answer) => answerBody(route, answer, places));
  };
}

function answerOf({ data, errors }: ExecutionResult): Answer {
  const [first] = errors ?? [];
  if (first) throw first.originalError ?? first;
  return data?.answer as Answer;
}

function headersOf({ headers = [] }: RestRoute, answer: Answer): Readonly<Record<string, string>> {
  const values = headers.map(({ name, valueOf }) => [name, valueOf(answer)] as const);
  return Object.fromEntries(values.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

async function toResponse(
  route: RestRoute,
  answer: Answer,
  toBody: (answer: Answer) => unknown,
): Promise<RestResponse> {
  const { status } = route.statuses.find(({ when }) => when === undefined || when(answer)) ?? { status: 200 };
  const headers = headersOf(route, answer);
  if (route.render) {
    return {
      status,
      headers: { ...headers, 'Content-Type': route.render.contentType },
      body: await route.render.toText(answer),
    };
  }
  return { status, headers, body: status === 204 ? undefined : toBody(answer) };
}
