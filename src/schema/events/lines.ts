import { Field, Int, ObjectType } from 'type-graphql';
import { SafeInt, UUID } from '../scalars.js';
import { SessionEvent } from '../session-event.js';
import { LineOption } from '../snapshot.js';
import { type PayloadOf, payloadOf } from './payload-of.js';

@ObjectType({ implements: SessionEvent, description: 'A new draft line.' })
export class AddItemEvent extends SessionEvent {
  private get line(): PayloadOf<'add_item'> {
    return payloadOf('add_item', this.stored);
  }

  @Field(() => UUID, { description: 'Id of the new line.' })
  get lineId(): string {
    return this.line.line_id;
  }

  @Field(() => UUID, { description: 'The item on the menu.' })
  get menuItemId(): string {
    return this.line.menu_item_id;
  }

  @Field(() => String, { description: 'Name when it was ordered.' })
  get name(): string {
    return this.line.name;
  }

  @Field(() => Int, { description: 'Portions, 1 to 99.' })
  get quantity(): number {
    return this.line.quantity;
  }

  @Field(() => SafeInt, { description: 'Price per portion without options, in minor units.' })
  get unitPrice(): number {
    return this.line.unit_price;
  }

  @Field(() => [LineOption], { description: 'Chosen options with their prices.' })
  get options(): LineOption[] {
    return this.line.options.map(({ option_id, name, price }) => ({ optionId: option_id, name, price }));
  }

  @Field(() => Int, { description: 'Tax rate of the line in basis points.' })
  get taxBps(): number {
    return this.line.tax_bps;
  }

  @Field(() => String, { nullable: true, description: 'What the guest asked of the kitchen.' })
  get note(): string | null {
    return this.line.note;
  }

  @Field(() => UUID, { nullable: true, description: 'The guest for whom staff added it.' })
  get forDeviceId(): string | null {
    return this.line.for_device_id ?? null;
  }
}

@ObjectType({
  implements: SessionEvent,
  description: 'A line was taken off: a draft goes, a sent line stays as cancelled.',
})
export class RemoveItemEvent extends SessionEvent {
  private get removal(): PayloadOf<'remove_item'> {
    return payloadOf('remove_item', this.stored);
  }

  @Field(() => UUID, { description: 'The line.' })
  get lineId(): string {
    return this.removal.line_id;
  }

  @Field(() => String, { nullable: true, description: 'Why, when staff took off a sent line.' })
  get reason(): string | null {
    return this.removal.reason;
  }
}

@ObjectType({ implements: SessionEvent, description: "A line's portions changed." })
export class ModifyQtyEvent extends SessionEvent {
  private get change(): PayloadOf<'modify_qty'> {
    return payloadOf('modify_qty', this.stored);
  }

  @Field(() => UUID, { description: 'The line.' })
  get lineId(): string {
    return this.change.line_id;
  }

  @Field(() => Int, { description: 'Resulting portions; 0 took the line off.' })
  get quantity(): number {
    return this.change.quantity;
  }

  @Field(() => Int, { nullable: true, description: 'What was asked for, when it was relative.' })
  get delta(): number | null {
    return this.change.delta;
  }

  @Field(() => String, { nullable: true, description: 'Why, when staff changed a sent line.' })
  get reason(): string | null {
    return this.change.reason;
  }
}
