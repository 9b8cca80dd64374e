import { Arg, Ctx, Mutation, Resolver, Root, Subscription } from 'type-graphql';
import type { StoredEvent } from '../domain/events/define.js';
import { asId, type SessionId } from '../domain/ids.js';
import { toSessionEvent } from '../schema/events/index.js';
import { CreateStreamTicketPayload } from '../schema/payloads.js';
import { SafeInt, UUID } from '../schema/scalars.js';
import { SessionEvent } from '../schema/session-event.js';
import { CreateStreamTicketInput } from '../schema/session-inputs.js';
import { createStreamTicket } from '../services/create-stream-ticket.js';
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
}

async function followEvents(
  { sessionId, afterSeq }: SessionEventsArgs,
  { deps, scope }: ResolverContext,
): Promise<FeedIterable<StoredEvent>> {
  return iterate(await followSession(deps, scope, { sessionId: asId<SessionId>(sessionId), after: afterSeq ?? 0 }));
}
