import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { beforeAll, expect, test } from 'vitest';
import { buildGraphqlSchema } from '../../../src/resolvers/build-schema.js';

interface Described {
  readonly description?: string | null | undefined;
}

let types: readonly GraphQLNamedType[];

beforeAll(async () => {
  const schema = await buildGraphqlSchema();
  types = Object.values(schema.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  );
});

test('every type of the schema says what it is', () => {
  const roots = ['Query', 'Mutation', 'Subscription'];
  expect(
    without(types.map((type): [string, Described] => [type.name, type])).filter((name) => !roots.includes(name)),
  ).toEqual([]);
});

test('every field and argument says what it is', () => {
  expect(without(types.flatMap(fieldsOf))).toEqual([]);
});

test('the words of every enum are told in its description, or of themselves', () => {
  const enums = types.filter(isEnumType);
  expect(enums.length).toBeGreaterThan(5);
  expect(enums.filter(({ description }) => !description)).toEqual([]);
});

function fieldsOf(type: GraphQLNamedType): readonly [string, Described][] {
  if (isInputObjectType(type))
    return Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, field]);
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap((field): [string, Described][] => [
    [`${type.name}.${field.name}`, field],
    ...field.args.map((arg): [string, Described] => [`${type.name}.${field.name}(${arg.name})`, arg]),
  ]);
}

function without(all: readonly [string, Described][]): readonly string[] {
  return all.filter(([, { description }]) => !description).map(([name]) => name);
}
