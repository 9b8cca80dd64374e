import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import type { RequestContext } from './context.js';
import { operationMs, withDeadline } from './deadline.js';
import { publicError } from './errors.js';
import type { Metrics } from './metrics.js';
import { markTold } from './told-errors.js';

type Args = Record<string, unknown>;
type Resolve = GraphQLFieldResolver<unknown, RequestContext, Args>;

/**
 * One log line, a counter and a duration for every root field, whichever face it is called by: REST runs through the same
 * schema. Of a subscription, that is how it was let in.
 */
export function observeOperations(schema: GraphQLSchema, metrics: Metrics): void {
  for (const type of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.values(type?.getFields() ?? {})) {
      field.resolve = observed(field.name, inTime(field.resolve ?? defaultFieldResolver), metrics);
    }
  }
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) {
    // Without a deadline of its own: what comes late would never be let go.
    if (field.subscribe) field.subscribe = observed(field.name, field.subscribe, metrics);
  }
}

/** A request that waits on purpose has that much longer. */
function inTime(resolve: Resolve): Resolve {
  return (...call: Parameters<Resolve>) =>
    withDeadline(Promise.resolve(resolve(...call)), operationMs + waitMsOf(call[1]));
}

const longestWaitMs = 60_000;

function waitMsOf({ wait }: Args): number {
  return typeof wait === 'number' && wait > 0 ? Math.min(wait * 1000, longestWaitMs) : 0;
}

function observed(name: string, resolve: Resolve, metrics: Metrics): Resolve {
  return async (...call: Parameters<Resolve>) => {
    const [, args, context] = call;
    const started = performance.now();
    // Those that wait are measured apart: they would say nothing about how quick the others are.
    const operation = waitMsOf(args) > 0 ? `${name}Wait` : name;
    const tell = (code: string, error?: unknown) => {
      const milliseconds = performance.now() - started;
      metrics.operation(operation, code, milliseconds / 1000);
      const line = { operation, code, ms: Math.round(milliseconds * 100) / 100, ...whoAndWhere(context, args) };
      if (error) context.log.error({ ...line, err: error }, operation);
      else context.log.info(line, operation);
      markTold(error);
    };
    try {
      const answer = await (resolve(...call) as Promise<unknown>);
      tell('OK');
      return answer;
    } catch (error) {
      const { code, isOurs } = publicError(error, context.requestId);
      tell(code, isOurs ? error : undefined);
      throw error;
    }
  };
}

function whoAndWhere({ scope }: RequestContext, args: Args) {
  const input = (args.input ?? args) as { sessionId?: unknown; id?: unknown };
  return {
    tenant: 'tenantId' in scope ? scope.tenantId : undefined,
    caller: scope.kind,
    session: input.sessionId ?? undefined,
  };
}
