import {
  type DocumentNode,
  type ExecutionResult,
  getOperationAST,
  type GraphQLSchema,
  OperationTypeNode,
} from 'graphql';
import { invalid } from '../domain/rejection.js';
import { answerBody, enumPlaces } from './answer-body.js';
import type { PersistedDocuments } from './persisted-documents.js';
import { type RestRequest, requestVariables, variableErrors, variableTypes } from './request-variables.js';
import type { Answer, RestRoute } from './route.js';

/** A route that streams, made ready: everything that does not depend on the request is worked out. */
export interface PreparedStream {
  readonly document: DocumentNode;
  /** The subscription's variables; VALIDATION_FAILED where the request does not fit them. */
  readonly variablesOf: (request: RestRequest) => Readonly<Record<string, unknown>>;
  /** An item as JSON, the same as in the list. */
  readonly itemOf: (result: ExecutionResult) => Answer;
}

/** Binds a route to its subscription. */
export function prepareStream(schema: GraphQLSchema, documents: PersistedDocuments, route: RestRoute): PreparedStream {
  const { document } = documents.byName(route.operation);
  const operation = getOperationAST(document);
  if (operation?.operation !== OperationTypeNode.SUBSCRIPTION)
    throw new Error(`document ${route.operation} is no subscription`);
  const types = variableTypes(schema, operation);
  const places = enumPlaces(schema, document, operation).get('answer');
  return {
    document,
    variablesOf(request) {
      const variables = requestVariables(route, types, request);
      const errors = variableErrors(route, types, variables);
      if (errors.length > 0) throw invalid(errors);
      return variables;
    },
    itemOf({ data, errors }) {
      const [first] = errors ?? [];
      if (first) throw first.originalError ?? first;
      return answerBody(route, data?.answer as Answer, places);
    },
  };
}
