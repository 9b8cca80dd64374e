import type { ApolloServerPlugin } from '@apollo/server';
import type { RequestContext } from './context.js';
import { publicError } from './errors.js';

/**
 * Names the request in every INTERNAL error that goes out, so that it can be found in the log; and logs the causes of
 * those below the root fields, which log their own.
 */
export const internalErrorsPlugin: ApolloServerPlugin<RequestContext> = {
  requestDidStart: async () => ({
    async didEncounterErrors({ errors, contextValue }) {
      for (const error of errors) {
        const { isOurs, code } = publicError(error, contextValue.requestId);
        if (isOurs && error.originalError && (error.path?.length ?? 0) > 1)
          contextValue.log.error({ err: error.originalError, code, path: error.path }, 'field failed');
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
