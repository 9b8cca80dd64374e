import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { asId, type LocationId } from '../domain/ids.js';
import { totalsOf } from '../domain/pricing.js';
import { linesOf, type TicketState as State, ticketIdOf } from '../domain/ticket.js';
import { TicketState } from '../schema/enums.js';
import { AcknowledgeTicketPayload, Floor, type FloorTable, Kitchen, type Ticket } from '../schema/floor.js';
import { AcknowledgeTicketInput } from '../schema/floor-inputs.js';
import { UUID } from '../schema/scalars.js';
import { acknowledgeTicket } from '../services/acknowledge-ticket.js';
import { getFloor, type FloorTable as SeenTable } from '../services/get-floor.js';
import { getKitchen, type Ticket as SeenTicket } from '../services/get-kitchen.js';
import type { ResolverContext } from './context.js';
import { given } from './inputs.js';
import { presentCall, presentHead, presentLine, presentSession } from './present.js';

@Resolver()
export class FloorResolver {
  @Query(() => Floor, { description: 'All tables of a location with what goes on at them now. For staff.' })
  async floor(
    @Arg('locationId', () => UUID, { description: 'The location.' }) locationId: string,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<Floor> {
    const floor = await getFloor(deps, scope, asId<LocationId>(locationId));
    const tables = floor.tables.map(presentTable);
    const overdueTickets = tables.reduce((sum, table) => sum + table.overdueTickets, 0);
    return {
      ...{ locationId: floor.locationId, tables, overdueTickets },
      unpaidSessions: floor.unpaid.map(presentHead),
    };
  }

  @Query(() => Kitchen, { description: 'What lies in the kitchen of a location, oldest first. For staff.' })
  async kitchen(
    @Arg('locationId', () => UUID, { description: 'The location.' }) locationId: string,
    @Arg('state', () => TicketState, { nullable: true, description: 'Only those that have come so far.' })
    state: State | null,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<Kitchen> {
    const tickets = await getKitchen(deps, scope, { locationId: asId<LocationId>(locationId), state: given(state) });
    return { locationId, tickets: tickets.map(presentTicket) };
  }

  @Mutation(() => AcknowledgeTicketPayload, {
    description: 'Tells that the kitchen has a ticket. A repeat changes nothing. For staff.',
  })
  async acknowledgeTicket(
    @Arg('input', () => AcknowledgeTicketInput, { description: 'Which ticket.' }) input: AcknowledgeTicketInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<AcknowledgeTicketPayload> {
    return { ticket: presentTicket(await acknowledgeTicket(deps, scope, input.ticketId)) };
  }
}

function presentTable({ table, session, ...seen }: SeenTable): FloorTable {
  const { total, due } = session ? totalsOf(session.bill) : { total: 0, due: 0 };
  return {
    ...seen,
    tableId: table.id,
    tableName: table.name,
    session: session && presentSession(session),
    total,
    due,
    serviceCalls: session ? session.bill.calls.map(presentCall) : [],
  };
}

function presentTicket({ bill, round, state, tableName, isOverdue, ageSeconds }: SeenTicket): Ticket {
  const asDate = (time: number | null) => (time === null ? null : new Date(time));
  return {
    ticketId: ticketIdOf(bill.sessionId, round.round),
    sessionId: bill.sessionId,
    round: round.round,
    tableId: bill.tableId,
    tableName,
    state,
    sentAt: new Date(round.sentAt),
    releasedAt: asDate(round.releasedAt),
    acknowledgedAt: asDate(round.acknowledgedAt),
    ageSeconds,
    overdue: isOverdue,
    items: linesOf(bill, round.round).map(presentLine),
  };
}
