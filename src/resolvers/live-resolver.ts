import { Arg, Resolver, Root, Subscription } from 'type-graphql';
import type { StoredEvent } from '../domain/events/define.js';
import { asId, type SessionId } from '../domain/ids.js';
import { toSessionEvent } from '../schema/events/index.js';
import { SafeInt, UUID } from '../schema/scalars.js';
import { SessionEvent } from '../schema/session-event.js';
import { followSession } from '../services/follow-session.js';
import type { ResolverContext } from './context.js';
import { type FeedIterable, iterate } from './feed-iterable.js';

interface SessionEventsArgs {
  readonly sessionId: string;
  readonly afterSeq?: number | null;
}

@Resolver()
export class LiveResolver {
  @Subscription(() => SessionEvent, {
    description:
      'Every event behind `afterSeq`, first those of the past, then each as it is written: in order, none missed, none twice. Completes when the session has ended or the phone was removed. For its phones and staff.',
    subscribe: ({ args, context }) => followEvents(args as SessionEventsArgs, context as ResolverContext),
  })
  sessionEvents(
    @Arg('sessionId', () => UUID, { description: 'The session.' }) _sessionId: string,
    @Arg('afterSeq', () => SafeInt, {
      nullable: true,
      description: 'The last seq that the client has; from the first event if left out.',
    })
    _afterSeq: number | null,
    @Root() event: StoredEvent,
  ): SessionEvent {
    return toSessionEvent(event);
  }
}

async function followEvents(
  { sessionId, afterSeq }: SessionEventsArgs,
  { deps, scope }: ResolverContext,
): Promise<FeedIterable<StoredEvent>> {
  return iterate(await followSession(deps, scope, { sessionId: asId<SessionId>(sessionId), after: afterSeq ?? 0 }));
}
