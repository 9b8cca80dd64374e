import { Field, InputType } from 'type-graphql';
import { UUID } from './scalars.js';

@InputType({ description: 'Puts a table up, with a code of its own.' })
export class CreateTableInput {
  @Field(() => UUID, { description: 'The location.' })
  declare locationId: string;

  @Field(() => String, { description: 'What staff call it, 1 to 40 characters; no other table there is called so.' })
  declare name: string;
}

@InputType({ description: 'Changes a table. What is left out stays as it is.' })
export class UpdateTableInput {
  @Field(() => UUID, { description: 'The table.' })
  declare tableId: string;

  @Field(() => String, { nullable: true, description: 'What staff call it, 1 to 40 characters.' })
  declare name: string | null;
}

@InputType({ description: 'Takes a table away.' })
export class RemoveTableInput {
  @Field(() => UUID, { description: 'The table.' })
  declare tableId: string;
}

@InputType({ description: 'Gives a table another code.' })
export class RotateTableTokenInput {
  @Field(() => UUID, { description: 'The table.' })
  declare tableId: string;
}
