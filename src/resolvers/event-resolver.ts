import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { asId, type SessionId } from '../domain/ids.js';
import { invalid } from '../domain/rejection.js';
import { snakeWord } from '../domain/words.js';
import { AppendEventInput, AppendEventsInput, type EventInput, type KeyedEventInput } from '../schema/event-inputs.js';
import { toSessionEvent } from '../schema/events/index.js';
import { EventsArgs } from '../schema/list-args.js';
import { AppendEventPayload, AppendEventsPayload } from '../schema/payloads.js';
import { SafeInt, UUID } from '../schema/scalars.js';
import { SessionEventConnection } from '../schema/session-event.js';
import { Snapshot } from '../schema/snapshot.js';
import { appendEvents, type WantedEvent } from '../services/append-events.js';
import { getSnapshot } from '../services/get-snapshot.js';
import type { Patience } from '../services/await-news.js';
import { listEvents } from '../services/list-events.js';
import type { ResolverContext } from './context.js';
import { presentSnapshot, withBill } from './present.js';
import { given, snakeFields } from './inputs.js';

@Resolver()
export class EventResolver {
  @Query(() => SessionEventConnection, {
    description:
      "A stretch of a session's log behind a cursor, in order and without a gap; at once, or when something is new. For its phones and staff.",
  })
  async events(
    @Args(() => EventsArgs) wanted: EventsArgs,
    @Ctx() context: ResolverContext,
  ): Promise<SessionEventConnection> {
    const after = seqOf(wanted.after);
    const list = await listEvents(context.deps, context.scope, {
      sessionId: asId<SessionId>(wanted.sessionId),
      after,
      limit: wanted.first,
      patience: patienceOf(context, wanted.wait),
    });
    const nodes = list.events.map(toSessionEvent);
    const edges = nodes.map((node) => ({ cursor: String(node.seq), node }));
    const pageInfo = {
      hasNextPage: list.hasMore,
      hasPreviousPage: after > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    };
    return {
      nodes,
      edges,
      pageInfo,
      nextCursor: list.nextCursor,
      lastSeq: list.lastSeq,
      pollAfterMs: list.pollAfterMs,
    };
  }

  @Query(() => Snapshot, {
    description: 'The fold of the log, up to its end or up to a seq. For its phones and staff.',
  })
  async snapshot(
    @Arg('sessionId', () => UUID, { description: 'The session.' }) sessionId: string,
    @Arg('atSeq', () => SafeInt, { nullable: true, description: 'Fold up to this seq; up to the end if left out.' })
    atSeq: number | null,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<Snapshot> {
    return presentSnapshot(
      await getSnapshot(deps, scope, { sessionId: asId<SessionId>(sessionId), atSeq: given(atSeq) }),
    );
  }

  @Mutation(() => AppendEventPayload, {
    description:
      'Appends one event. The same key with the same content gives the first answer again. For its phones and staff.',
  })
  async appendEvent(
    @Arg('input', () => AppendEventInput, { description: 'The event, its key, and where it goes.' })
    input: AppendEventInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<AppendEventPayload> {
    const { decided, state } = await appendEvents(deps, scope, {
      sessionId: asId<SessionId>(input.sessionId),
      events: [wantedEvent(input)],
      expectedSeq: given(input.expectedSeq),
    });
    const [first] = decided;
    if (!first) throw new Error('an append came to nothing');
    return Object.assign(withBill(state), { event: toSessionEvent(first.event), replayed: first.replayed });
  }

  @Mutation(() => AppendEventsPayload, {
    description: 'Appends 1 to 50 events, all or none. For its phones and staff.',
  })
  async appendEvents(
    @Arg('input', () => AppendEventsInput, { description: 'The events with their keys, and where they go.' })
    input: AppendEventsInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<AppendEventsPayload> {
    const { decided, state } = await appendEvents(deps, scope, {
      sessionId: asId<SessionId>(input.sessionId),
      events: input.events.map(wantedEvent),
      expectedSeq: given(input.expectedSeq),
    });
    const events = decided.map(({ event, replayed }) => ({ event: toSessionEvent(event), replayed }));
    return Object.assign(withBill(state), { events });
  }
}

/** The schema has made sure that exactly one kind is given. */
function wantedEvent({ idempotencyKey, event }: KeyedEventInput): WantedEvent {
  const [kind, input] = onlyKind(event);
  return { idempotencyKey, type: snakeWord(kind), input: snakeFields(input) };
}

function onlyKind(event: EventInput): readonly [string, object] {
  const kinds = Object.entries(event).filter(([, input]) => input !== undefined && input !== null);
  const [only] = kinds;
  if (!only || kinds.length > 1) throw invalid([{ path: 'event', message: 'must be exactly one kind of event' }]);
  return only;
}

/** The signal is asked for only by those who wait: it costs a listener. */
function patienceOf(context: ResolverContext, seconds: number): Patience {
  return { seconds, isStanding: context.isStanding, gone: seconds > 0 ? context.gone : nobodyLeaves };
}

const nobodyLeaves = new AbortController().signal;

function seqOf(cursor: string | null | undefined): number {
  if (!cursor) return 0;
  if (!/^\d{1,15}$/.test(cursor)) throw invalid([{ path: 'cursor', message: 'must be a decimal seq' }]);
  return Number(cursor);
}
