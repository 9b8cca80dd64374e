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
import { UnknownDocument, formatGraphqlError } from './graphql-errors.js';
import { graphqlLimits } from './graphql-limits.js';

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
}

/** A bad credential fails the request as a whole, with the status that REST gives too. */
async function graphqlContext(deps: GraphqlOptions['deps'], request: FastifyRequest): Promise<RequestContext> {
  try {
    return await contextOf(deps, request);
  } catch (error) {
    const known = publicError(error, request.id);
    throw new GraphQLError(known.detail, { extensions: { ...extensionsOf(known), http: { status: known.status } } });
  }
}

/** Puts the text in place of `documentId`, and refuses other documents where only listed ones are taken. */
function resolveDocument({ documents, persistedOnly }: GraphqlOptions, request: FastifyRequest): void {
  const place: unknown = request.method === 'GET' ? request.query : request.body;
  if (typeof place !== 'object' || place === null || Array.isArray(place)) return;
  const asked = place as { documentId?: unknown; query?: unknown };
  if (asked.documentId !== undefined) {
    const known = typeof asked.documentId === 'string' ? documents.byId(asked.documentId) : undefined;
    if (!known)
      throw new UnknownDocument(404, 'PERSISTED_DOCUMENT_NOT_FOUND', 'there is no persisted document of this id');
    asked.query = known.text;
    delete asked.documentId;
  } else if (persistedOnly && (request.method === 'POST' || 'query' in asked || 'extensions' in asked)) {
    throw new UnknownDocument(
      400,
      'PERSISTED_DOCUMENTS_ONLY',
      'this server takes persisted documents only: send documentId',
    );
  }
}
