import {
  createSourceEventStream,
  type DocumentNode,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  visit,
} from 'graphql';
import type { FeedIterable } from '../../resolvers/feed-iterable.js';
import type { Feed } from '../../services/follow-session.js';
import type { Render } from './pump.js';
import type { LiveOperation, Renderings } from './shared-rendering.js';

/** A subscription that was let in. */
export interface Subscription {
  readonly feed: Feed<object>;
  readonly render: Render;
  /** Lets go of the feed and of what was shared. */
  readonly close: () => void;
}

/** Arguments of subscriptions that only say where to begin. */
const startArguments: ReadonlySet<string> = new Set(['afterSeq', 'after']);

/** Begins a subscription of a valid document: checks variables and rights, and listens from that moment on. */
export async function openSubscription(
  schema: GraphQLSchema,
  renderings: Renderings,
  operation: LiveOperation,
): Promise<Subscription | readonly GraphQLError[]> {
  const { document, operationName, variables, context } = operation;
  const stream = await createSourceEventStream({
    ...{ schema, document, operationName, variableValues: variables, contextValue: context },
  });
  if (!(Symbol.asyncIterator in stream)) return stream.errors ?? [new GraphQLError('the subscription came to nothing')];
  const { feed, isSameForAll } = stream as FeedIterable<object>;
  const { render, release } = renderings.share(operation, startVariables(document, operationName), isSameForAll);
  const close = (): void => {
    feed.close();
    release();
  };
  return { feed, render, close };
}

const known = new WeakMap<DocumentNode, Map<string, ReadonlySet<string>>>();

/** Variables that stand for a start argument of the root field. Used elsewhere as well, they would change what an item shows. */
function startVariables(document: DocumentNode, operationName: string | null | undefined): ReadonlySet<string> {
  const name = operationName ?? '';
  const names = known.get(document)?.get(name) ?? findStartVariables(document, operationName);
  const ofDocument = known.get(document) ?? new Map<string, ReadonlySet<string>>();
  known.set(document, ofDocument.set(name, names));
  return names;
}

function findStartVariables(document: DocumentNode, operationName: string | null | undefined): ReadonlySet<string> {
  const operation = getOperationAST(document, operationName);
  const starts = new Set<string>();
  for (const selection of operation?.selectionSet.selections ?? []) {
    if (selection.kind !== Kind.FIELD) continue;
    for (const { name, value } of selection.arguments ?? []) {
      if (value.kind === Kind.VARIABLE && startArguments.has(name.value)) starts.add(value.name.value);
    }
  }
  const uses = new Map<string, number>();
  visit(document, {
    Variable: ({ name }, _key, parent) => {
      const isDefinition = parent !== undefined && 'kind' in parent && parent.kind === Kind.VARIABLE_DEFINITION;
      if (!isDefinition) uses.set(name.value, (uses.get(name.value) ?? 0) + 1);
    },
  });
  return new Set([...starts].filter((name) => uses.get(name) === 1));
}
