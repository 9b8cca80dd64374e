import { isUuid } from '../domain/ids.js';
import { invalid } from '../domain/rejection.js';
import type { PageInfo } from '../schema/page-info.js';

/** A page of a list whose cursors are ids, in both ways of asking for it: with cursors and without. */
export interface Connection<Node> {
  edges: { cursor: string; node: Node }[];
  nodes: Node[];
  pageInfo: PageInfo;
  nextCursor: string | null;
}

export function connectionOf<Node extends { readonly id: string }>(
  nodes: Node[],
  { after, hasMore }: { readonly after: string | undefined; readonly hasMore: boolean },
): Connection<Node> {
  const edges = nodes.map((node) => ({ cursor: node.id, node }));
  const endCursor = edges.at(-1)?.cursor ?? null;
  const startCursor = edges[0]?.cursor ?? null;
  const pageInfo = { hasNextPage: hasMore, hasPreviousPage: after !== undefined, startCursor, endCursor };
  return { edges, nodes, pageInfo, nextCursor: hasMore ? endCursor : null };
}

/** Where to continue; VALIDATION_FAILED for what is no cursor of such a list. */
export function idCursor(after: string | null | undefined): string | undefined {
  if (after === null || after === undefined) return undefined;
  if (!isUuid(after)) throw invalid([{ path: 'cursor', message: 'is not a cursor of this list' }]);
  return after.toLowerCase();
}
