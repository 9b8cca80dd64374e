import {
  type DocumentNode,
  execute,
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  OperationTypeNode,
} from 'graphql';
import type { Context, ServerOptions, SubscribePayload } from 'graphql-ws';
import type { FeedEnd } from '../../services/follow-session.js';
import { Rejection, unavailable } from '../../domain/rejection.js';
import type { CheckedDocuments } from '../checked-documents.js';
import type { RequestContext } from '../context.js';
import { formatErrors, formatResult } from '../graphql-answers.js';
import { markTold } from '../told-errors.js';
import { openSubscription, type Subscription } from './open-subscription.js';
import { pump } from './pump.js';
import type { Renderings } from './shared-rendering.js';
import type { LiveSocket } from './socket.js';
import type { Running } from './socket-inbox.js';

type SocketContext = Context<Record<string, unknown> | undefined, LiveSocket>;
type Hooks = Pick<
  ServerOptions<Record<string, unknown> | undefined, LiveSocket>,
  'onSubscribe' | 'onNext' | 'onError' | 'execute' | 'subscribe'
>;

export interface OperationsOptions {
  readonly schema: GraphQLSchema;
  readonly documents: CheckedDocuments;
  readonly renderings: Renderings;
  readonly isExplorable: boolean;
  readonly isDraining: () => boolean;
  readonly newContext: (socket: LiveSocket, running: Running) => RequestContext;
  /** Operations that one socket may have open at once. */
  readonly most: number;
}

/** An operation on its way through the library: begun already when the library asks for it to be executed. */
interface BegunArgs extends ExecutionArgs {
  readonly begun: ExecutionResult | AsyncIterableIterator<never>;
}

/**
 * Runs operations for the protocol library. All of them begin in `onSubscribe`, because an operation that fails there is
 * answered by an `error` message, whatever it is.
 */
export function socketOperations(options: OperationsOptions): Hooks {
  const contexts = new WeakMap<Running, RequestContext>();
  const contextOf = (socket: LiveSocket, running: Running): RequestContext => {
    const context = contexts.get(running) ?? options.newContext(socket, running);
    contexts.set(running, context);
    return context;
  };
  return {
    async onSubscribe(ctx, id, payload) {
      const running = ctx.extra.inbox.running.get(id);
      if (!running) return [new GraphQLError('the operation has ended')];
      const context = contextOf(ctx.extra, running);
      try {
        const begun = await begin(options, { ctx, running, context, payload, contextOf });
        // A subscription lives for hours, and needs its context only if it breaks.
        contexts.delete(running);
        return begun;
      } catch (error) {
        return [new GraphQLError('', { originalError: told(error, context) })];
      }
    },
    execute: (args) => (args as BegunArgs).begun as ExecutionResult,
    subscribe: (args) => (args as BegunArgs).begun,
    // Results are formatted where they are made.
    onNext: (...[, , , , result]) => result as FormattedExecutionResult,
    onError(...[ctx, id, , errors]) {
      const running = ctx.extra.inbox.running.get(id);
      return running ? formatErrors(errors, contextOf(ctx.extra, running)) : [];
    },
  };
}

interface Call {
  readonly ctx: SocketContext;
  readonly running: Running;
  readonly context: RequestContext;
  readonly payload: SubscribePayload;
  /** The context again, made anew if need be. */
  readonly contextOf: (socket: LiveSocket, running: Running) => RequestContext;
}

async function begin(options: OperationsOptions, call: Call): Promise<BegunArgs | readonly GraphQLError[]> {
  const { schema, isExplorable } = options;
  const { ctx, running, context, payload } = call;
  const { outlet, inbox } = ctx.extra;
  if (options.isDraining()) return [refused(unavailable('this server is about to stop; connect again'))];
  if (inbox.running.size > options.most)
    return [refused(new Rejection('RATE_LIMITED', `a socket may have ${options.most} operations open at once`))];
  if (outlet.isFull()) await outlet.room();
  if (running.isLetGo) return [new GraphQLError('the operation has ended')];
  const document = options.documents(payload);
  if (isErrors(document)) return document;
  const { operationName, variables } = payload;
  const operation = getOperationAST(document, operationName);
  if (!operation) return [unresolved(document, operationName)];
  const args = {
    schema,
    document,
    operationName,
    variableValues: variables,
    contextValue: context,
    rootValue: undefined,
  };
  if (operation.operation === OperationTypeNode.SUBSCRIPTION) return follow(options, { ...call, args });
  const result = await answerOf(execute({ ...args, hideSuggestions: !isExplorable }), running);
  if (!('data' in result)) return result.errors ?? [];
  return { ...args, begun: formatResult(result, context) as ExecutionResult };
}

/** The result, or a refusal once the server gives up waiting for it: to a repeat another node says what came of it. */
async function answerOf(
  result: ExecutionResult | Promise<ExecutionResult>,
  running: Running,
): Promise<ExecutionResult> {
  if (!(result instanceof Promise)) return result;
  const refusal = new Promise<ExecutionResult>((resolve) => {
    running.giveUp = () => resolve({ errors: [refused(unavailable('the server is shutting down'))] });
  });
  try {
    return await Promise.race([result, refusal]);
  } finally {
    running.giveUp = undefined;
  }
}

async function follow(
  { schema, renderings }: OperationsOptions,
  { ctx, running, context, payload, contextOf, args }: Call & { readonly args: ExecutionArgs },
): Promise<BegunArgs | readonly GraphQLError[]> {
  const { document, operationName } = args;
  const variables = payload.variables ?? {};
  const subscription = await openSubscription(schema, renderings, { document, operationName, variables, context });
  if (isErrors(subscription)) return subscription;
  running.close = subscription.close;
  running.isStream = true;
  const deliver = async (): Promise<void> => {
    const why = await carry(subscription, running, ctx.extra).catch((error: unknown) => {
      throw told(error, contextOf(ctx.extra, running));
    });
    // The client goes on at another node, so it must not take this for the end.
    if (why === 'draining') delete ctx.subscriptions[running.id];
  };
  // The library keeps these, and the message with its text, as long as the subscription lives.
  (payload as { query: string }).query = '';
  return { schema, document, operationName, contextValue: undefined, begun: streamOf(deliver, subscription.close) };
}

async function carry(subscription: Subscription, running: Running, { outlet }: LiveSocket): Promise<FeedEnd> {
  const start = `{"id":${JSON.stringify(running.id)},"type":"next","payload":`;
  try {
    return await pump(subscription.feed, subscription.render, {
      isOpen: () => outlet.isOpen() && !running.isLetGo,
      write: (payload) => outlet.item(start, payload),
    });
  } finally {
    subscription.close();
  }
}

/** What the library iterates over: it gives nothing, for the items go out by themselves, and ends when they do. */
function streamOf(deliver: () => Promise<void>, close: () => void): AsyncIterableIterator<never> {
  const done = { done: true, value: undefined } as const;
  const stream: AsyncIterableIterator<never> = {
    async next() {
      await deliver();
      return done;
    },
    async return() {
      close();
      return done;
    },
    async throw(error) {
      close();
      throw error;
    },
    [Symbol.asyncIterator]: () => stream,
  };
  return stream;
}

/** What nobody expected ends its own operation only. */
function told(error: unknown, { log }: RequestContext): Error {
  log.error({ err: error }, 'operation failed');
  markTold(error);
  return error instanceof Error ? error : new Error(String(error));
}

function isErrors(answer: object): answer is readonly GraphQLError[] {
  return Array.isArray(answer);
}

function refused(rejection: Rejection): GraphQLError {
  return new GraphQLError(rejection.message, { originalError: rejection });
}

function unresolved(document: DocumentNode, operationName: string | null | undefined): GraphQLError {
  const count = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length;
  const message =
    count === 0 ? 'Must provide an operation.' : 'Must provide operation name if query contains multiple operations.';
  return new GraphQLError(operationName == null ? message : `Unknown operation named "${operationName}".`, {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
  });
}
