import 'reflect-metadata';
import { type GraphQLSchema, isInputObjectType, isInterfaceType } from 'graphql';
import { buildSchema, type PubSub } from 'type-graphql';
import { eventClasses } from '../schema/events/index.js';
import { ApiKeyResolver } from './api-key-resolver.js';
import { EventResolver } from './event-resolver.js';
import { FloorResolver } from './floor-resolver.js';
import { HistoryResolver } from './history-resolver.js';
import { LiveResolver } from './live-resolver.js';
import { LocationResolver } from './location-resolver.js';
import { MenuAdminResolver } from './menu-admin-resolver.js';
import { MenuFileResolver } from './menu-file-resolver.js';
import { MenuResolver } from './menu-resolver.js';
import { MerchantAccountResolver } from './merchant-account-resolver.js';
import { PaymentListResolver } from './payment-list-resolver.js';
import { PaymentResolver } from './payment-resolver.js';
import { ReceiptResolver } from './receipt-resolver.js';
import { SessionListResolver } from './session-list-resolver.js';
import { SessionResolver } from './session-resolver.js';
import { TableResolver } from './table-resolver.js';
import { TenantResolver } from './tenant-resolver.js';
import { ViewerResolver } from './viewer-resolver.js';
import { WebhookResolver } from './webhook-resolver.js';

/** The executable schema. */
export async function buildGraphqlSchema(): Promise<GraphQLSchema> {
  const schema = await buildSchema({
    resolvers: [
      SessionResolver,
      SessionListResolver,
      HistoryResolver,
      ReceiptResolver,
      EventResolver,
      LiveResolver,
      FloorResolver,
      TenantResolver,
      LocationResolver,
      TableResolver,
      ApiKeyResolver,
      MenuResolver,
      MenuAdminResolver,
      MenuFileResolver,
      ViewerResolver,
      WebhookResolver,
      MerchantAccountResolver,
      PaymentResolver,
      PaymentListResolver,
    ],
    orphanedTypes: Object.values(eventClasses),
    validate: false,
    pubSub: feedsOnly,
  });
  enforceOneOf(schema);
  resolveInterfacesAtOnce(schema);
  return schema;
}

/** The library insists on one. Every subscription here follows a feed, which holds a position and can lose nothing. */
const feedsOnly: PubSub = {
  publish: () => undefined,
  subscribe: (channel) => {
    throw new Error(`subscriptions follow feeds: there is no channel ${channel}`);
  },
};

/** type-graphql accepts the directive, but only this flag makes graphql-js enforce it. */
function enforceOneOf(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    const isOneOf = type.astNode?.directives?.some(({ name }) => name.value === 'oneOf');
    if (isInputObjectType(type) && isOneOf) type.isOneOf = true;
  }
}

/** type-graphql wraps `resolveType` into a promise per object; the class's name is known at once. */
function resolveInterfacesAtOnce(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isInterfaceType(type)) type.resolveType = (value: object) => value.constructor.name;
  }
}
