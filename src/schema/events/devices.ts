import { Field, ObjectType } from 'type-graphql';
import { DeviceState } from '../enums.js';
import { UUID } from '../scalars.js';
import { SessionEvent } from '../session-event.js';
import { type PayloadOf, payloadOf } from './payload-of.js';

@ObjectType({ implements: SessionEvent, description: 'A phone joined the session.' })
export class DeviceJoinedEvent extends SessionEvent {
  private get device(): PayloadOf<'device_joined'> {
    return payloadOf('device_joined', this.stored);
  }

  @Field(() => UUID, { description: 'Id of the device.' })
  get deviceId(): string {
    return this.device.device_id;
  }

  @Field(() => String, { nullable: true, description: 'The name its owner gave.' })
  get name(): string | null {
    return this.device.name;
  }

  @Field(() => DeviceState, { description: 'WAITING where somebody has to let it in first.' })
  get state(): string {
    return this.device.state;
  }
}

@ObjectType({ implements: SessionEvent, description: 'A waiting phone was let in.' })
export class DeviceApprovedEvent extends SessionEvent {
  @Field(() => UUID, { description: 'Id of the device.' })
  get deviceId(): string {
    return payloadOf('device_approved', this.stored).device_id;
  }
}

@ObjectType({ implements: SessionEvent, description: 'Staff took a phone out.' })
export class DeviceRemovedEvent extends SessionEvent {
  @Field(() => UUID, { description: 'Id of the device.' })
  get deviceId(): string {
    return payloadOf('device_removed', this.stored).device_id;
  }
}
