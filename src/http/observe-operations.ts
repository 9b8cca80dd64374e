import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import type { RequestContext } from './context.js';
import { operationMs, withDeadline } from './deadline.js';
import { publicError } from './errors.js';
import type { Metrics } from './metrics.js';
import { markTold } from './told-errors.js';

type Resolve = GraphQLFieldResolver<unknown, RequestContext, Record<string, unknown>>;

/**
 * One log line, a counter and a duration for every root field, whichever face it is called by: REST runs through the same
 * schema.
 */
export function observeOperations(schema: GraphQLSchema, metrics: Metrics): void {
  for (const type of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.values(type?.getFields() ?? {})) {
      field.resolve = observed(field.name, field.resolve ?? defaultFieldResolver, metrics);
    }
  }
}

function observed(name: string, resolve: Resolve, metrics: Metrics): Resolve {
  return async (...call: Parameters<Resolve>) => {
    const [, args, context] = call;
    const waitMs = typeof args.wait === 'number' ? Math.min(Math.max(0, args.wait), 60) * 1000 : 0;
    // What waits on purpose is measured apart: it would say nothing about how quick the others are.
    const operation = waitMs > 0 ? `${name}Wait` : name;
    const started = performance.now();
    const tell = (code: string, error?: unknown) => {
      const milliseconds = performance.now() - started;
      metrics.operation(operation, code, milliseconds / 1000);
      const line = { operation, code, ms: Math.round(milliseconds * 100) / 100, ...whoAndWhere(context, args) };
      if (error) context.log.error({ ...line, err: error }, operation);
      else context.log.info(line, operation);
      markTold(error);
    };
    try {
      const answer = await withDeadline(Promise.resolve(resolve(...call)), operationMs + waitMs);
      tell('OK');
      return answer;
    } catch (error) {
      const { code, isOurs } = publicError(error, context.requestId);
      tell(code, isOurs ? error : undefined);
      throw error;
    }
  };
}

function whoAndWhere({ scope }: RequestContext, args: Record<string, unknown>) {
  const input = (args.input ?? args) as { sessionId?: unknown; id?: unknown };
  return {
    tenant: 'tenantId' in scope ? scope.tenantId : undefined,
    caller: scope.kind,
    session: input.sessionId ?? undefined,
  };
}
