import { execute, type ExecutionResult, type GraphQLSchema, getOperationAST } from 'graphql';
import { invalid } from '../domain/rejection.js';
import { answerBody, enumPlaces } from './answer-body.js';
import { prefersCsv } from './csv.js';
import type { PersistedDocuments } from './persisted-documents.js';
import { type RestRequest, requestVariables, variableErrors, variableTypes } from './request-variables.js';
import type { Answer, RestCsv, RestRoute } from './route.js';
import { runCsv } from './run-csv.js';

/** What goes back over HTTP. */
export interface RestResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A JSON value, or the text of another content type. */
  readonly body: unknown;
}

/** A route made ready: everything that does not depend on the request is worked out. */
export type RouteRunner = (request: RestRequest, context: object) => Promise<RestResponse>;

/** Binds a route to its documents. Errors come out as thrown by the resolvers, for the one place that translates them. */
export function prepareRoute(schema: GraphQLSchema, documents: PersistedDocuments, route: RestRoute): RouteRunner {
  const { csv } = route;
  const run = prepareDocument(schema, documents, { route, operation: route.operation });
  const runForCsv = csv && prepareDocument(schema, documents, { route, operation: csv.operation });
  return async (request, context) => {
    if (csv && runForCsv && prefersCsv(request.headers.accept)) {
      const variables = runForCsv.variablesOf(request);
      const { answer, text } = await runCsv(csv, variables, (asked) => runForCsv.run(asked, context));
      return { status: 200, headers: { ...headersOf(route, answer), ...csvHeaders(csv) }, body: text };
    }
    const options = renderOptions(route, request);
    const { answer, body } = await run.run(run.variablesOf(request), context);
    return toResponse(route, { answer, body, options });
  };
}

interface PreparedDocument {
  readonly variablesOf: (request: RestRequest) => Variables;
  readonly run: (variables: Variables, context: object) => Promise<{ readonly answer: Answer; readonly body: Answer }>;
}

type Variables = Readonly<Record<string, unknown>>;

function prepareDocument(
  schema: GraphQLSchema,
  documents: PersistedDocuments,
  { route, operation: name }: { readonly route: RestRoute; readonly operation: string },
): PreparedDocument {
  const { document } = documents.byName(name);
  const operation = getOperationAST(document);
  if (!operation) throw new Error(`document ${name} has no operation`);
  const types = variableTypes(schema, operation);
  const places = enumPlaces(schema, document, operation).get('answer');
  return {
    variablesOf: (request) => requestVariables(route, types, request),
    async run(variableValues, contextValue) {
      const result = await execute({ schema, document, variableValues, contextValue });
      if (!('data' in result)) throw invalid(variableErrors(route, types, variableValues));
      const answer = answerOf(result);
      return { answer, body: answerBody(route, answer, places) };
    },
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

function csvHeaders({ fileName }: RestCsv): Readonly<Record<string, string>> {
  return {
    'Content-Type': 'text/csv; charset=utf-8; header=present',
    'Content-Disposition': `attachment; filename="${fileName}"`,
  };
}

/** Read before anything is done: a mistake in them costs nothing. */
function renderOptions({ render }: RestRoute, { query }: RestRequest): Options {
  return Object.fromEntries((render?.options ?? []).map(({ name, read }) => [name, read(query[name])]));
}

type Options = Readonly<Record<string, unknown>>;

async function toResponse(
  route: RestRoute,
  { answer, body, options }: { readonly answer: Answer; readonly body: Answer; readonly options: Options },
): Promise<RestResponse> {
  const { status } = route.statuses.find(({ when }) => when === undefined || when(answer)) ?? { status: 200 };
  const headers = headersOf(route, answer);
  if (route.render) {
    return {
      status,
      headers: { ...headers, 'Content-Type': route.render.contentType },
      body: await route.render.toContent(answer, options),
    };
  }
  return { status, headers, body: status === 204 ? undefined : body };
}
