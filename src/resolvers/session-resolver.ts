import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import {
  asId,
  isUuid,
  type DeviceId,
  type LocationId,
  type SessionId,
  type TableId,
  type TenantId,
} from '../domain/ids.js';
import { invalid } from '../domain/rejection.js';
import { SessionsArgs } from '../schema/list-args.js';
import { CloseSessionPayload, CreateSessionPayload, JoinSessionPayload, SessionPayload } from '../schema/payloads.js';
import { UUID } from '../schema/scalars.js';
import { Session, SessionConnection } from '../schema/session.js';
import {
  CloseSessionInput,
  CreateSessionInput,
  DeviceInput,
  ExtendSessionInput,
  JoinSessionInput,
  MoveSessionInput,
} from '../schema/session-inputs.js';
import { Snapshot } from '../schema/snapshot.js';
import { approveDevice, removeDevice } from '../services/change-devices.js';
import { closeSession } from '../services/close-session.js';
import { createSession } from '../services/create-session.js';
import { extendSession } from '../services/extend-session.js';
import { getSession } from '../services/get-session.js';
import { getSnapshot } from '../services/get-snapshot.js';
import { joinSession } from '../services/join-session.js';
import { listSessions } from '../services/list-sessions.js';
import { moveSession } from '../services/move-session.js';
import type { SessionState } from '../services/seats.js';
import { sessionQrSvgUrl, sessionQrUrl } from '../services/session-links.js';
import type { ResolverContext } from './context.js';
import { presentPending } from './present-payment.js';
import { presentHead, presentSession, presentSnapshot, withBill } from './present.js';
import { given } from './inputs.js';

@Resolver(() => Session)
export class SessionResolver {
  @Query(() => Session, { description: 'A session as it is now. For its phones and staff.' })
  async session(
    @Arg('id', () => UUID, { description: 'The session.' }) id: string,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<Session> {
    return presentSession(await getSession(deps, scope, asId<SessionId>(id)));
  }

  @Query(() => SessionConnection, { description: "A location's sessions in the order they were opened. For staff." })
  async sessions(
    @Args(() => SessionsArgs) wanted: SessionsArgs,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<SessionConnection> {
    const after = given(wanted.after);
    if (after !== undefined && !isUuid(after))
      throw invalid([{ path: 'after', message: 'is not a cursor of this list' }]);
    const { heads, hasMore } = await listSessions(deps, scope, {
      locationId: asId<LocationId>(wanted.locationId),
      status: given(wanted.status),
      isUnpaid: wanted.unpaid === true,
      ...{ from: given(wanted.from), to: given(wanted.to) },
      first: wanted.first,
      after: after === undefined ? undefined : asId<SessionId>(after),
    });
    const edges = heads.map((head) => ({ cursor: String(head.id), node: presentHead(head) }));
    const pageInfo = {
      hasNextPage: hasMore,
      hasPreviousPage: after !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    };
    return { edges, pageInfo };
  }

  @Mutation(() => CreateSessionPayload, {
    description: "Opens a table's session, or joins the one that is open there. For staff, or with the table's token.",
  })
  async createSession(
    @Arg('input', () => CreateSessionInput, { description: 'Where, and with which phone.' }) input: CreateSessionInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<CreateSessionPayload> {
    const { state, deviceId, deviceToken, isNew, isOpened } = await createSession(deps, scope, {
      locationId: asId<LocationId>(input.locationId),
      tableId: input.tableId ? asId<TableId>(input.tableId) : undefined,
      tableToken: given(input.tableToken),
      ttlSeconds: given(input.ttlSeconds),
      deviceName: given(input.deviceName),
      deviceToken: given(input.deviceToken),
      idempotencyKey: given(input.idempotencyKey),
    });
    return Object.assign(presentState(state), { deviceId, deviceToken, isNewDevice: isNew, isOpened });
  }

  @Mutation(() => JoinSessionPayload, { description: 'Lets one more phone in: with the join token, or by staff.' })
  async joinSession(
    @Arg('input', () => JoinSessionInput, { description: 'Which session, and which phone.' }) input: JoinSessionInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<JoinSessionPayload> {
    const { state, deviceId, deviceToken, isNew } = await joinSession(deps, scope, {
      sessionId: asId<SessionId>(input.sessionId),
      joinToken: given(input.joinToken),
      deviceName: given(input.deviceName),
      deviceToken: given(input.deviceToken),
    });
    return Object.assign(presentState(state), { deviceId, deviceToken, isNewDevice: isNew });
  }

  @Mutation(() => SessionPayload, {
    description: 'Lets a waiting phone in: by an approved phone of the table, or by staff.',
  })
  async approveDevice(
    @Arg('input', () => DeviceInput, { description: 'The waiting phone.' }) input: DeviceInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<SessionPayload> {
    return presentState(await approveDevice(deps, scope, deviceOf(input)));
  }

  @Mutation(() => SessionPayload, { description: 'Takes a phone out; its token is dead at once. For staff.' })
  async removeDevice(
    @Arg('input', () => DeviceInput, { description: 'The phone.' }) input: DeviceInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<SessionPayload> {
    return presentState(await removeDevice(deps, scope, deviceOf(input)));
  }

  @Mutation(() => CloseSessionPayload, {
    description: 'Ends a visit. For staff. Closing a closed session changes nothing.',
  })
  async closeSession(
    @Arg('input', () => CloseSessionInput, { description: 'Which session, and why.' }) input: CloseSessionInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<CloseSessionPayload> {
    const sessionId = asId<SessionId>(input.sessionId);
    const state = await closeSession(deps, scope, { sessionId, reason: given(input.reason) });
    return Object.assign(presentState(state), { warnings: presentPending(state) });
  }

  @Mutation(() => SessionPayload, {
    description: 'Moves a visit to a free table of the same location; its phones follow. For staff.',
  })
  async moveSession(
    @Arg('input', () => MoveSessionInput, { description: 'Which session, and where to.' }) input: MoveSessionInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<SessionPayload> {
    const { sessionId, tableId } = input;
    const move = { sessionId: asId<SessionId>(sessionId), tableId: asId<TableId>(tableId) };
    return presentState(await moveSession(deps, scope, move));
  }

  @Mutation(() => SessionPayload, {
    description: "Moves a session's expiry: at most 24 hours after opening. For staff.",
  })
  async extendSession(
    @Arg('input', () => ExtendSessionInput, { description: 'Which session, and how long from now.' })
    input: ExtendSessionInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<SessionPayload> {
    const sessionId = asId<SessionId>(input.sessionId);
    return presentState(await extendSession(deps, scope, { sessionId, ttlSeconds: input.ttlSeconds }));
  }

  @FieldResolver(() => String, {
    description: "What the session's QR code says; its join token stands in the fragment.",
  })
  qrUrl(@Root() session: Session, @Ctx() { deps }: ResolverContext): Promise<string> {
    return sessionQrUrl(deps, {
      tenantId: session.tenantId as TenantId,
      locationId: session.locationId as LocationId,
      sessionId: session.id as SessionId,
    });
  }

  @FieldResolver(() => String, {
    description: 'The same code as an SVG picture; send the credential with the request.',
  })
  qrSvgUrl(@Root() session: Session, @Ctx() { deps }: ResolverContext): string {
    return sessionQrSvgUrl(deps, session.id as SessionId);
  }

  @FieldResolver(() => Snapshot, { description: 'The bill as it is now.' })
  async snapshot(@Root() session: Session, @Ctx() { deps, scope }: ResolverContext): Promise<Snapshot> {
    return presentSnapshot(await getSnapshot(deps, scope, { sessionId: session.id as SessionId }));
  }
}

function presentState(state: SessionState): SessionPayload {
  return Object.assign(withBill(state), { session: presentSession(state) });
}

function deviceOf({ sessionId, deviceId }: DeviceInput) {
  return { sessionId: asId<SessionId>(sessionId), deviceId: asId<DeviceId>(deviceId) };
}
