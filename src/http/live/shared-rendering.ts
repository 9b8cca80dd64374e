import { type DocumentNode, execute, type ExecutionResult, type GraphQLSchema } from 'graphql';
import type { RequestContext } from '../context.js';
import type { Render } from './pump.js';

/** A subscription as one client asked for it. */
export interface LiveOperation {
  readonly document: DocumentNode;
  readonly operationName: string | null | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: RequestContext;
}

/** What a subscriber holds: the rendering that it shares, until it lets go. */
export interface SharedRendering {
  readonly render: Render;
  readonly release: () => void;
}

/** Renders items for all subscriptions of one face. */
export interface Renderings {
  /**
   * `startVariables` say only where a subscription begins, so they make no difference to what an item looks like; nor do rights
   * where it `isSameForAll`.
   */
  share(operation: LiveOperation, startVariables: ReadonlySet<string>, isSameForAll?: boolean): SharedRendering;
  /** Different renderings in use. */
  readonly size: number;
}

interface Group {
  readonly key: string;
  readonly render: Render;
  users: number;
}

/**
 * Those who ask with the same document, the same variables and the same rights share one execution and one text per item.
 * What was rendered lives as long as its item does.
 */
export function createRenderings(
  schema: GraphQLSchema,
  encode: (result: ExecutionResult, context: RequestContext) => Buffer,
): Renderings {
  const groups = new Map<string, Group>();
  const documents = new WeakMap<DocumentNode, number>();
  let numbered = 0;

  const numberOf = (document: DocumentNode): number => {
    const known = documents.get(document);
    if (known !== undefined) return known;
    numbered += 1;
    documents.set(document, numbered);
    return numbered;
  };

  const keyOf = (operation: LiveOperation, startVariables: ReadonlySet<string>, isSameForAll: boolean): string => {
    const variables = Object.entries(operation.variables).filter(([name]) => !startVariables.has(name));
    variables.sort(([a], [b]) => (a < b ? -1 : 1));
    const { document, operationName, context } = operation;
    const rights = isSameForAll ? [] : rightsOf(context);
    return JSON.stringify([numberOf(document), operationName ?? null, variables, rights]);
  };

  return {
    share(operation, startVariables, isSameForAll = false) {
      const key = keyOf(operation, startVariables, isSameForAll);
      const group = groups.get(key) ?? { key, users: 0, render: createRender(schema, operation, encode) };
      groups.set(key, group);
      group.users += 1;
      let isHeld = true;
      return {
        render: group.render,
        release() {
          if (!isHeld) return;
          isHeld = false;
          group.users -= 1;
          if (group.users === 0 && groups.get(group.key) === group) groups.delete(group.key);
        },
      };
    },
    get size() {
      return groups.size;
    },
  };
}

/** Two contexts of equal rights see the same in every item. */
function rightsOf({ scope }: RequestContext): readonly unknown[] {
  switch (scope.kind) {
    case 'device':
      return [scope.kind, scope.tenantId, scope.sessionId];
    case 'key':
      return [scope.kind, scope.tenantId, scope.locationId, scope.role];
    default:
      return [scope.kind];
  }
}

function createRender(
  schema: GraphQLSchema,
  { document, operationName, variables, context }: LiveOperation,
  encode: (result: ExecutionResult, context: RequestContext) => Buffer,
): Render {
  const rendered = new WeakMap<object, Buffer | Promise<Buffer>>();
  const run = (item: object): Buffer | Promise<Buffer> => {
    const result = execute({
      ...{ schema, document, operationName, variableValues: variables, contextValue: context, rootValue: item },
    });
    return result instanceof Promise ? result.then((done) => encode(done, context)) : encode(result, context);
  };
  return (item) => {
    const known = rendered.get(item);
    if (known) return known;
    const fresh = run(item);
    rendered.set(item, fresh);
    return fresh;
  };
}
