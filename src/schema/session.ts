import { Field, ObjectType } from 'type-graphql';
import { PageInfo } from './page-info.js';
import { PaymentStatus, SessionStatus } from './enums.js';
import { DateTime, SafeInt, UUID } from './scalars.js';

@ObjectType({ description: 'One visit at one table.' })
export class Session {
  @Field(() => UUID, { description: 'Id of the session.' })
  declare id: string;

  @Field(() => UUID, { description: 'The tenant.' })
  declare tenantId: string;

  @Field(() => UUID, { description: 'The location.' })
  declare locationId: string;

  @Field(() => UUID, { description: 'The table where the guests sit now.' })
  declare tableId: string;

  @Field(() => SessionStatus, { description: 'An open session past its expiry reads as EXPIRED at once.' })
  declare status: string;

  @Field(() => String, { description: 'ISO 4217 code of all amounts.' })
  declare currency: string;

  @Field(() => DateTime, { description: 'When it was opened.' })
  declare openedAt: Date;

  @Field(() => DateTime, { description: 'When it expires unless it is extended.' })
  declare expiresAt: Date;

  @Field(() => SafeInt, { description: 'Position of its last event.' })
  declare lastEventSeq: number;

  @Field(() => SafeInt, { description: 'What the table owes altogether, in minor units.' })
  declare total: number;

  @Field(() => SafeInt, { description: 'What has been paid, in minor units.' })
  declare paid: number;

  @Field(() => SafeInt, { description: 'total - paid, in minor units.' })
  declare due: number;

  @Field(() => PaymentStatus, { description: 'How much of the total is paid.' })
  declare paymentStatus: string;
}

@ObjectType({ description: 'A session in a list.' })
export class SessionEdge {
  @Field(() => String, { description: 'Pass it as `after` to continue behind this session.' })
  declare cursor: string;

  @Field(() => Session, { description: 'The session.' })
  declare node: Session;
}

@ObjectType({ description: 'A page of sessions, in the order they were opened.' })
export class SessionConnection {
  @Field(() => [SessionEdge], { description: 'The sessions of this page.' })
  declare edges: SessionEdge[];

  @Field(() => PageInfo, { description: 'Whether there is more.' })
  declare pageInfo: PageInfo;
}
