import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { ResolverContext } from '../resolvers/context.js';
import type { PersistedDocuments } from '../rest/persisted-documents.js';
import { contextOf, type RequestContext } from './context.js';
import { extensionsOf, publicError } from './errors.js';
import { resolveDocument } from './graphql-documents.js';
import { formatGraphqlError } from './graphql-errors.js';
import { internalErrorsPlugin } from './graphql-internal-errors.js';
import { graphqlLimits } from './graphql-limits.js';
import { refuseOtherMethods } from './refuse-methods.js';

export interface GraphqlOptions {
  readonly schema: GraphQLSchema;
  readonly documents: PersistedDocuments;
  readonly deps: ResolverContext['deps'];
  /** Shows Sandbox to browsers and answers introspection. */
  readonly isExplorable: boolean;
  /** Takes no document that is not in the list. */
  readonly persistedOnly: boolean;
}

/** Mounts Apollo at `/graphql`: POST, GET for queries, documents by id, automatic persisted queries, Sandbox in a browser. */
export async function mountGraphql(app: FastifyInstance, options: GraphqlOptions): Promise<void> {
  const { validationRules, maxTokens } = graphqlLimits();
  const apollo = new ApolloServer<RequestContext>({
    schema: options.schema,
    introspection: options.isExplorable,
    hideSchemaDetailsFromClientErrors: !options.isExplorable,
    includeStacktraceInErrorResponses: false,
    // The process ends in its own order; Apollo would stop and send the signal a second time.
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens },
    validationRules,
    ...(options.persistedOnly ? { persistedQueries: false as const } : {}),
    plugins: [
      options.isExplorable
        ? ApolloServerPluginLandingPageLocalDefault({ footer: false, embed: true })
        : ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      internalErrorsPlugin,
      fastifyApolloDrainPlugin(app),
    ],
    formatError: formatGraphqlError,
  });
  await apollo.start();
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    preHandler: async (request) => resolveDocument(options, request),
    handler: fastifyApolloHandler(apollo, { context: async (request) => graphqlContext(options.deps, request) }),
  });
  refuseOtherMethods(app, '/graphql', ['GET', 'POST']);
}

/** A bad credential fails the request as a whole, with the status that REST gives too. */
async function graphqlContext(deps: GraphqlOptions['deps'], request: FastifyRequest): Promise<RequestContext> {
  try {
    return await contextOf(deps, request);
  } catch (error) {
    const known = publicError(error, request.id);
    if (known.isOurs) request.log.error({ err: error, code: known.code }, 'request failed');
    throw new GraphQLError(known.detail, { extensions: { ...extensionsOf(known), http: { status: known.status } } });
  }
}
