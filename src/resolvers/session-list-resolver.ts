import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { asId, type LocationId, type SessionId } from '../domain/ids.js';
import { paymentStatusOf } from '../domain/pricing.js';
import type { SessionStatus } from '../domain/session.js';
import { statusNow } from '../domain/snapshot.js';
import { SessionPayload } from '../schema/payloads.js';
import { WriteOffSessionInput } from '../schema/session-inputs.js';
import {
  type ListedSession,
  type SessionFilter,
  SessionSearchArgs,
  SessionSearchConnection,
} from '../schema/session-list.js';
import { type FoundSession, type SearchSessions, searchSessions } from '../services/search-sessions.js';
import { writeOffSession } from '../services/write-off-session.js';
import { connectionOf, idCursor } from './connection.js';
import type { ResolverContext } from './context.js';
import { given } from './inputs.js';
import { presentSession, withBill } from './present.js';

@Resolver()
export class SessionListResolver {
  @Query(() => SessionSearchConnection, {
    description:
      'Sessions of all locations, the newest first, with totals; among them those that ended unpaid. For cashiers.',
  })
  async sessionSearch(
    @Args(() => SessionSearchArgs) wanted: SessionSearchArgs,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<SessionSearchConnection> {
    const search = searchOf(wanted);
    const { sessions, hasMore, sums } = await searchSessions(deps, scope, search);
    return {
      ...connectionOf(sessions.map(presentFound), { after: search.after, hasMore }),
      /** Added up only when somebody selects it. */
      get totals() {
        return sums().then((all) => [...all]);
      },
    };
  }

  @Mutation(() => SessionPayload, {
    description: 'Gives up what is due on a visit that has ended. For cashiers, by name. A repeat changes nothing.',
  })
  async writeOffSession(
    @Arg('input', () => WriteOffSessionInput, { description: 'Which session, and why.' }) input: WriteOffSessionInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<SessionPayload> {
    const sessionId = asId<SessionId>(input.sessionId);
    const state = await writeOffSession(deps, scope, { sessionId, reason: input.reason });
    return Object.assign(withBill(state), { session: presentSession(state) });
  }
}

function searchOf({ filter, first, after }: SessionSearchArgs): SearchSessions {
  const { locationId, status, unpaid, from, to } = filter ?? ({} as Partial<SessionFilter>);
  const cursor = idCursor(after);
  return {
    locationId: locationId ? asId<LocationId>(locationId) : undefined,
    status: given(status) as SessionStatus | undefined,
    isUnpaid: unpaid === true,
    ...{ from: given(from), to: given(to), first },
    after: cursor === undefined ? undefined : asId<SessionId>(cursor),
  };
}

function presentFound(found: FoundSession): ListedSession {
  const { id, locationId, tableId, currency, sentLines, total, paid, due, writtenOff } = found;
  return {
    ...{ id, locationId, tableId, currency, sentLines, total, paid, due, writtenOff },
    status: statusNow(found),
    openedAt: new Date(found.openedAt),
    endedAt: endOf(found),
    paymentStatus: paymentStatusOf(paid, due),
  };
}

/** One whose time is over has ended, whether or not that is written yet. */
function endOf({ endedAt, status, isPast, expiresAt }: FoundSession): Date | null {
  if (endedAt !== null) return new Date(endedAt);
  return status === 'open' && isPast ? new Date(expiresAt) : null;
}
