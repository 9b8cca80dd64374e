import {
  getNamedType,
  getNullableType,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLNamedType,
  isInputObjectType,
  isRequiredInputField,
} from 'graphql';
import { eventDefinitions } from '../domain/events/index.js';
import { snakeWord } from '../domain/words.js';
import { type JsonSchema, leafSchema, type NamedSchemas, reference, schemaOf } from './openapi-types.js';

/** The JSON body of an input type, without the fields that come from elsewhere; the mirror of `bodyToInput`. */
export function bodySchema(
  type: GraphQLInputObjectType,
  without: readonly string[],
  schemas: NamedSchemas,
): JsonSchema {
  const fields = Object.values(type.getFields()).filter(({ name }) => !without.includes(name));
  const event = fields.find(({ name }) => name === 'event');
  const kinds = event && getNullableType(event.type);
  if (!isInputObjectType(kinds) || !kinds.isOneOf) return objectSchema(type, fields, schemas);
  const others = fields.filter((field) => field !== event);
  return oneOfEvents({ type, kinds, others }, schemas);
}

function objectSchema(
  type: GraphQLInputObjectType,
  fields: readonly GraphQLInputField[],
  schemas: NamedSchemas,
): JsonSchema {
  return {
    type: 'object',
    ...(type.description && { description: type.description }),
    properties: Object.fromEntries(fields.map((field) => [snakeWord(field.name), fieldSchema(field, schemas)])),
    ...requiredOf(fields.filter(isRequiredInputField).map(({ name }) => snakeWord(name))),
    additionalProperties: false,
  };
}

function fieldSchema(field: GraphQLInputField, schemas: NamedSchemas): JsonSchema {
  const schema = schemaOf(field.type, (named) => inputSchema(named, schemas));
  return {
    ...schema,
    ...(field.description && { description: field.description }),
    ...(field.defaultValue !== undefined && { default: field.defaultValue }),
  };
}

function inputSchema(type: GraphQLNamedType, schemas: NamedSchemas): JsonSchema {
  if (!isInputObjectType(type)) return leafSchema(type, schemas);
  return reference(restName(type), schemas, () => bodySchema(type, [], schemas));
}

interface EventBody {
  readonly type: GraphQLInputObjectType;
  /** The one-of input: one field per kind of event. */
  readonly kinds: GraphQLInputObjectType;
  readonly others: readonly GraphQLInputField[];
}

/** One schema per kind of event, told apart by `event_type`. */
function oneOfEvents({ type, kinds, others }: EventBody, schemas: NamedSchemas): JsonSchema {
  const variants = Object.values(kinds.getFields()).map((kind) => {
    const word = snakeWord(kind.name);
    const name = `${restName(type)}_${word}`;
    const { $ref } = reference(name, schemas, () => eventSchema(kind, others, schemas));
    return { word, $ref };
  });
  return {
    ...(type.description && { description: type.description }),
    oneOf: variants.map(({ $ref }) => ({ $ref })),
    discriminator: {
      propertyName: 'event_type',
      mapping: Object.fromEntries(variants.map(({ word, $ref }) => [word, $ref])),
    },
  };
}

function eventSchema(kind: GraphQLInputField, others: readonly GraphQLInputField[], schemas: NamedSchemas): JsonSchema {
  const word = snakeWord(kind.name);
  const payload = getNamedType(kind.type);
  const examples = examplesOf(word);
  return {
    type: 'object',
    ...(payload.description && { description: payload.description }),
    properties: {
      ...Object.fromEntries(others.map((field) => [snakeWord(field.name), fieldSchema(field, schemas)])),
      event_type: { const: word, description: 'The kind of event.' },
      payload: {
        ...inputSchema(payload, schemas),
        description: kind.description ?? word,
        ...(examples.length > 0 && { examples }),
      },
    },
    ...requiredOf([...others.filter(isRequiredInputField).map(({ name }) => snakeWord(name)), 'event_type', 'payload']),
    additionalProperties: false,
  };
}

function examplesOf(word: string): readonly unknown[] {
  const definition = Object.entries(eventDefinitions).find(([type]) => type === word)?.[1];
  return (definition?.examples ?? []).map(({ input }) => input);
}

function requiredOf(names: readonly string[]): { required?: readonly string[] } {
  return names.length > 0 ? { required: names } : {};
}

/** `AddItemInput` of GraphQL is `AddItem` here: what it is the input of stands around it. */
function restName({ name }: GraphQLInputObjectType): string {
  return name.replace(/Input$/, '');
}
