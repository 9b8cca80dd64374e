import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { RequestContext } from './context.js';
import { publicError } from './errors.js';
import { isTold } from './told-errors.js';

/**
 * Names the request in every INTERNAL error that goes out, so that it can be found in the log; and logs the causes of
 * those that no operation has logged: of fields below the root.
 */
export const internalErrorsPlugin: ApolloServerPlugin<RequestContext> = {
  requestDidStart: async () => ({
    async didEncounterErrors({ errors, contextValue }) {
      logCauses(errors, contextValue);
    },
    async willSendResponse({ response, contextValue }) {
      if (response.body.kind !== 'single') return;
      const { singleResult } = response.body;
      if (singleResult.errors) singleResult.errors = withRequestId(singleResult.errors, contextValue.requestId);
    },
  }),
};

/** Logs what went wrong on our side below the root of an operation. */
export function logCauses(errors: readonly GraphQLError[], { requestId, log }: RequestContext): void {
  for (const error of errors) {
    const { isOurs, code } = publicError(error, requestId);
    const cause = error.originalError;
    const isField = error.path !== undefined && !(cause instanceof GraphQLError);
    if (isOurs && cause && isField && !isTold(cause)) log.error({ err: cause, code, path: error.path }, 'field failed');
  }
}

/** Puts the request's id into those errors that only the log explains. */
export function withRequestId(errors: readonly GraphQLFormattedError[], requestId: string): GraphQLFormattedError[] {
  return errors.map((error) =>
    error.extensions?.code === 'INTERNAL'
      ? { ...error, extensions: { ...error.extensions, request_id: requestId } }
      : error,
  );
}
