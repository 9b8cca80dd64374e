import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { FieldError } from '../domain/rejection.js';
import { extensionsOf, publicError } from './errors.js';

/** Codes of the GraphQL layer itself, which mean the same to every GraphQL client and go out as they are. */
const graphqlCodes = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'PERSISTED_DOCUMENT_NOT_FOUND',
  'PERSISTED_DOCUMENTS_ONLY',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
]);

/** A GraphQL request that names a document which is not in the list, or none where only listed ones are taken. */
export class UnknownDocument extends Error {
  override readonly name = 'UnknownDocument';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** What a GraphQL client sees of an error: the codes of REST for what callers did, nothing of what went wrong inside. */
export function formatGraphqlError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const { locations, path } = formatted;
  const place = { ...(locations && { locations }), ...(path && { path }) };
  const code = formatted.extensions?.code;
  if (code === 'BAD_USER_INPUT') {
    const errors = [variableError(formatted.message)];
    return {
      message: formatted.message,
      ...place,
      extensions: { code: 'VALIDATION_FAILED', retryable: false, errors },
    };
  }
  if (typeof code === 'string' && graphqlCodes.has(code))
    return { message: formatted.message, ...place, extensions: { code } };
  if (isAlreadyPublic(error)) {
    const { http: _status, ...extensions } = error.extensions;
    return { message: formatted.message, ...place, extensions };
  }
  const known = publicError(error, '');
  return { message: known.detail, ...place, extensions: extensionsOf(known) };
}

/** Made by ourselves with its public members: a bad credential. */
function isAlreadyPublic(error: unknown): error is GraphQLError {
  return error instanceof GraphQLError && !error.originalError && 'retryable' in error.extensions;
}

/** `Variable "$x" got invalid value ... at "x.y"; why`: the place and the reason. */
function variableError(message: string): FieldError {
  const [, variable = '', place, why = message] =
    /^Variable "\$(\w+)"[^]*?(?: at "([^"]+)")?; ([^]+)$/.exec(message) ?? [];
  return { path: place ?? variable, message: why };
}
