import { Ctx, Query, Resolver } from 'type-graphql';
import { Viewer } from '../schema/viewer.js';
import type { ResolverContext } from './context.js';

@Resolver()
export class ViewerResolver {
  @Query(() => Viewer, { description: 'Who the request comes from. For anybody.' })
  viewer(@Ctx() { scope }: ResolverContext): Viewer {
    const nothing = {
      tenantId: null,
      locationId: null,
      sessionId: null,
      deviceId: null,
      tableId: null,
      role: null,
      name: null,
    };
    switch (scope.kind) {
      case 'nobody':
      case 'operator':
        return { ...nothing, kind: scope.kind };
      case 'device':
      case 'table':
      case 'key':
        return { ...nothing, ...scope };
    }
  }
}
