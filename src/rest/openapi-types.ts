import {
  type GraphQLEnumType,
  type GraphQLNamedType,
  type GraphQLType,
  isEnumType,
  isListType,
  isNonNullType,
} from 'graphql';

/** A JSON Schema (2020-12), as OpenAPI 3.1 takes it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Schemas that are named once and referred to; generators add what they meet. */
export type NamedSchemas = Map<string, JsonSchema>;

/** What a reader of the REST face has to know of each scalar. */
const scalars: Readonly<Record<string, JsonSchema>> = {
  UUID: { type: 'string', format: 'uuid' },
  DateTime: { type: 'string', format: 'date-time' },
  SafeInt: { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
  Int: { type: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
  Float: { type: 'number' },
  String: { type: 'string' },
  Boolean: { type: 'boolean' },
  JSONObject: { type: 'object' },
};

/** The schema of a type: lists and nulls as GraphQL has them, `named` for what stands inside. */
export function schemaOf(type: GraphQLType, named: (type: GraphQLNamedType) => JsonSchema): JsonSchema {
  if (isNonNullType(type)) return presentSchema(type.ofType, named);
  return orNull(presentSchema(type, named));
}

function presentSchema(type: GraphQLType, named: (type: GraphQLNamedType) => JsonSchema): JsonSchema {
  if (isListType(type)) return { type: 'array', items: schemaOf(type.ofType, named) };
  if (isNonNullType(type)) return presentSchema(type.ofType, named);
  return named(type);
}

/** A scalar, or a reference to an enum with the lower_snake words of REST. */
export function leafSchema(type: GraphQLNamedType, schemas: NamedSchemas): JsonSchema {
  if (isEnumType(type)) return reference(type.name, schemas, () => enumSchema(type));
  const known = scalars[type.name];
  if (!known) throw new Error(`the REST face has no schema for ${type.name}`);
  return known;
}

function enumSchema(type: GraphQLEnumType): JsonSchema {
  return {
    type: 'string',
    enum: type.getValues().map(({ value }) => String(value)),
    ...(type.description && { description: type.description.replace(/\b[A-Z]{2,}(_[A-Z]+)*\b/g, lowerWord(type)) }),
  };
}

/** Descriptions speak of GraphQL's names; here the words are in lower case. */
function lowerWord(type: GraphQLEnumType): (word: string) => string {
  return (word) => (type.getValue(word) ? word.toLowerCase() : word);
}

/** Refers to a named schema; makes it when it is met for the first time. */
export function reference(name: string, schemas: NamedSchemas, make: () => JsonSchema): JsonSchema {
  if (!schemas.has(name)) {
    schemas.set(name, {});
    schemas.set(name, make());
  }
  return { $ref: `#/components/schemas/${name}` };
}

function orNull(schema: JsonSchema): JsonSchema {
  if (typeof schema.type === 'string') return { ...schema, type: [schema.type, 'null'] };
  return { anyOf: [schema, { type: 'null' }] };
}
