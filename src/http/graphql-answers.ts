import {
  type ExecutionResult,
  type FormattedExecutionResult,
  type GraphQLError,
  type GraphQLFormattedError,
  Kind,
} from 'graphql';
import type { RequestContext } from './context.js';
import { formatGraphqlError } from './graphql-errors.js';
import { logCauses, withRequestId } from './graphql-internal-errors.js';

/** What goes out for an operation that did not pass through Apollo: the same as if it had. */
export function formatResult({ errors, data }: ExecutionResult, context: RequestContext): FormattedExecutionResult {
  return { ...(errors && { errors: formatErrors(errors, context) }), ...(data !== undefined && { data }) };
}

/** Logs what the client must not see, and tells it the rest. */
export function formatErrors(errors: readonly GraphQLError[], context: RequestContext): GraphQLFormattedError[] {
  logCauses(errors, context);
  return withRequestId(
    errors.map((error) => formatGraphqlError(described(error), error)),
    context.requestId,
  );
}

/** Apollo names the mistakes in variables before it has errors formatted. */
function described(error: GraphQLError): GraphQLFormattedError {
  const [node, ...others] = error.nodes ?? [];
  const isOfVariable =
    others.length === 0 &&
    node?.kind === Kind.VARIABLE_DEFINITION &&
    error.message.startsWith(`Variable "$${node.variable.name.value}" `);
  const formatted = error.toJSON();
  if (!isOfVariable || error.extensions.code !== undefined) return formatted;
  return { ...formatted, extensions: { ...formatted.extensions, code: 'BAD_USER_INPUT' } };
}
