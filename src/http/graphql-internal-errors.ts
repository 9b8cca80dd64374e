import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
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
      for (const error of errors) {
        const { isOurs, code } = publicError(error, contextValue.requestId);
        const cause = error.originalError;
        const isField = error.path !== undefined && !(cause instanceof GraphQLError);
        if (isOurs && cause && isField && !isTold(cause))
          contextValue.log.error({ err: cause, code, path: error.path }, 'field failed');
      }
    },
    async willSendResponse({ response, contextValue }) {
      if (response.body.kind !== 'single') return;
      const { singleResult } = response.body;
      if (!singleResult.errors) return;
      singleResult.errors = singleResult.errors.map((error) =>
        error.extensions?.code === 'INTERNAL'
          ? { ...error, extensions: { ...error.extensions, request_id: contextValue.requestId } }
          : error,
      );
    },
  }),
};
