import { Field, ObjectType } from 'type-graphql';
import { CallerKind, Role } from './enums.js';
import { UUID } from './scalars.js';

@ObjectType({ description: 'Who the request comes from, as its credential proves.' })
export class Viewer {
  @Field(() => CallerKind, { description: 'The kind of credential.' })
  declare kind: string;

  @Field(() => UUID, { nullable: true, description: 'The tenant, unless the caller is an operator or nobody.' })
  declare tenantId: string | null;

  @Field(() => UUID, { nullable: true, description: 'The only location it reaches, if it is bound to one.' })
  declare locationId: string | null;

  @Field(() => UUID, { nullable: true, description: "A phone's session." })
  declare sessionId: string | null;

  @Field(() => UUID, { nullable: true, description: "A phone's id." })
  declare deviceId: string | null;

  @Field(() => UUID, { nullable: true, description: 'The table of a printed code.' })
  declare tableId: string | null;

  @Field(() => Role, { nullable: true, description: "A key's role." })
  declare role: string | null;

  @Field(() => String, { nullable: true, description: "A key's name, or the person that X-Actor-Name names." })
  declare name: string | null;
}
