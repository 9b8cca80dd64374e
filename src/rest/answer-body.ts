import {
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isEnumType,
  Kind,
  type OperationDefinitionNode,
  type DocumentNode,
  type SelectionSetNode,
  isObjectType,
  isInterfaceType,
} from 'graphql';
import type { Answer, RestRoute } from './route.js';

/** Where enum words stand in an answer: a leaf, or members to look into. */
type EnumPlaces = ReadonlyMap<string, 'enum' | EnumPlaces>;

/** Finds the enum fields of a document once, so that answers are turned to lower_snake words without a look at the schema. */
export function enumPlaces(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): EnumPlaces {
  const root = schema.getRootType(operation.operation);
  if (!root) throw new Error(`the schema has no ${operation.operation}`);
  return placesIn(schema, document, { selections: operation.selectionSet, type: root });
}

function placesIn(
  schema: GraphQLSchema,
  document: DocumentNode,
  { selections, type }: { selections: SelectionSetNode; type: GraphQLOutputType },
): EnumPlaces {
  const places = new Map<string, 'enum' | EnumPlaces>();
  for (const selection of selections.selections) {
    if (selection.kind === Kind.FIELD) {
      const fieldType = fieldTypeOf(type, selection.name.value);
      const name = selection.alias?.value ?? selection.name.value;
      if (fieldType && isEnumType(fieldType)) places.set(name, 'enum');
      if (!fieldType || !selection.selectionSet) continue;
      const inner = placesIn(schema, document, { selections: selection.selectionSet, type: fieldType });
      if (inner.size > 0) places.set(name, inner);
      continue;
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection
        : document.definitions.find(
            (one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === selection.name.value,
          );
    if (!fragment || !('selectionSet' in fragment)) continue;
    const condition = 'typeCondition' in fragment ? fragment.typeCondition : undefined;
    const on = condition ? schema.getType(condition.name.value) : getNamedType(type);
    if (!on || !isCompositeType(on)) continue;
    for (const [name, place] of placesIn(schema, document, { selections: fragment.selectionSet, type: on }))
      places.set(name, place);
  }
  return places;
}

function fieldTypeOf(type: GraphQLOutputType, field: string) {
  const named = getNamedType(type);
  const fields = isObjectType(named) || isInterfaceType(named) ? named.getFields() : undefined;
  const found = fields?.[field];
  return found && (getNamedType(found.type) as GraphQLOutputType);
}

/** The JSON that goes out: enum words in lower case, nested members moved up, the table's own members left out. */
export function answerBody(route: RestRoute, answer: Answer, places: EnumPlaces | 'enum' | undefined): Answer {
  const lowered = places && places !== 'enum' ? (lowerEnums(answer, places) as Answer) : answer;
  const flat = (route.flatten ?? []).reduce(moveUp, lowered);
  return Object.fromEntries(Object.entries(flat).filter(([name]) => !name.startsWith('_')));
}

function lowerEnums(value: unknown, places: EnumPlaces): unknown {
  if (Array.isArray(value)) return value.map((item) => lowerEnums(item, places));
  if (value === null || typeof value !== 'object') return value;
  const changed: Record<string, unknown> = { ...value };
  for (const [name, place] of places) {
    const member = changed[name];
    if (member === undefined || member === null) continue;
    changed[name] = place === 'enum' ? lower(member) : lowerEnums(member, place);
  }
  return changed;
}

function lower(word: unknown): unknown {
  if (Array.isArray(word)) return word.map(lower);
  return typeof word === 'string' ? word.toLowerCase() : word;
}

/** Moves the members of `name` up beside it; `list.name` does so in every item of a list. */
function moveUp(answer: Answer, path: string): Answer {
  const [name = '', inner] = path.split('.');
  const member = answer[name];
  if (inner !== undefined)
    return { ...answer, [name]: (member as readonly Answer[]).map((item) => moveUp(item, inner)) };
  const { [name]: _moved, ...rest } = answer;
  return { ...(member as Answer), ...rest };
}
