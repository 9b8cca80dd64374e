import { Arg, Ctx, Mutation, Resolver, Root, Subscription } from 'type-graphql';
import type { StoredEvent } from '../domain/events/define.js';
import { asId, type LocationId, type SessionId } from '../domain/ids.js';
import { toSessionEvent } from '../schema/events/index.js';
import { CreateStreamTicketPayload } from '../schema/payloads.js';
import { LocationActivity } from '../schema/location-activity.js';
import { SafeInt, UUID } from '../schema/scalars.js';
import { SessionEvent } from '../schema/session-event.js';
import { CreateStreamTicketInput } from '../schema/session-inputs.js';
import { createStreamTicket } from '../services/create-stream-ticket.js';
import { type Activity, followLocation } from '../services/follow-location.js';
import { followSession } from '../services/follow-session.js';
import type { ResolverContext } from './context.js';
import { type FeedIterable, iterate } from './feed-iterable.js';
import { given } from './inputs.js';
import { presentHead } from './present.js';

interface SessionEventsArgs {
  readonly sessionId: string;
  readonly afterSeq?: number | null;
}

interface LocationActivityArgs {
  readonly locationId: string;
  readonly after?: string | null;
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

  @Mutation(() => CreateStreamTicketPayload, {
    description:
      "A ticket for the stream of a session's events, for ten minutes: a browser's EventSource cannot send a header. For its phones and staff.",
  })
  async createStreamTicket(
    @Arg('input', () => CreateStreamTicketInput, { description: 'Which session.' }) input: CreateStreamTicketInput,
    @Ctx() { deps, scope, keyHash }: ResolverContext,
  ): Promise<CreateStreamTicketPayload> {
    const sessionId = asId<SessionId>(input.sessionId);
    const { ticket, expiresAt } = await createStreamTicket(deps, scope, { sessionId, keyHash });
    return { ticket, expiresAt: new Date(expiresAt) };
  }

  @Subscription(() => LocationActivity, {
    description:
      'Everything that happens at a location, from now on or behind `after`: every event of every session once, and those of one session in order. For staff.',
    subscribe: ({ args, context }) => followActivity(args as LocationActivityArgs, context as ResolverContext),
  })
  locationActivity(
    @Arg('locationId', () => UUID, { description: 'The location.' }) _locationId: string,
    @Arg('after', () => String, {
      nullable: true,
      description: 'The cursor of the last item that the client has; only what happens from now on if left out.',
    })
    _after: string | null,
    @Root() { cursor, head, event }: Activity,
  ): LocationActivity {
    return { cursor, session: presentHead(head), event: toSessionEvent(event) };
  }
}

async function followEvents(
  { sessionId, afterSeq }: SessionEventsArgs,
  { deps, scope }: ResolverContext,
): Promise<FeedIterable<StoredEvent>> {
  return iterate(await followSession(deps, scope, { sessionId: asId<SessionId>(sessionId), after: afterSeq ?? 0 }));
}

async function followActivity(
  { locationId, after }: LocationActivityArgs,
  { deps, scope }: ResolverContext,
): Promise<FeedIterable<Activity>> {
  return iterate(await followLocation(deps, scope, { locationId: asId<LocationId>(locationId), after: given(after) }));
}
