import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { type JsonSchema, leafSchema, type NamedSchemas, reference, schemaOf } from './openapi-types.js';
import { eventDefinitions } from '../domain/events/index.js';

/** What an answer's schema is made of; the mirror of `answerBody`. */
export interface AnswerSource {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly schemas: NamedSchemas;
}

interface Member {
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
}

type Members = ReadonlyMap<string, Member>;

/** The answer's selection with the type that it selects from. */
export interface Selected {
  readonly type: GraphQLNamedType;
  readonly selections: SelectionSetNode;
  /** Members whose own members move up beside them; `list.name` in every item of a list. */
  readonly flatten: readonly string[];
}

/** The JSON of a selection: aliases as names, enum words in lower case, flattened members moved up, `_` members left out. */
export function answerSchema(source: AnswerSource, selected: Selected): JsonSchema {
  const fragment = onlyFragment(source, selected);
  if (fragment) {
    const inner = { ...selected, selections: fragment.selectionSet };
    return reference(fragment.name.value.replace(/Fields$/, ''), source.schemas, () => objectSchema(source, inner));
  }
  return objectSchema(source, selected);
}

/** A selection that is one fragment and nothing that goes out besides gets that fragment's name. */
function onlyFragment({ document }: AnswerSource, { selections, flatten }: Selected) {
  const [first, ...others] = selections.selections.filter((one) => !isHidden(one));
  if (flatten.length > 0 || others.length > 0 || first?.kind !== Kind.FRAGMENT_SPREAD) return undefined;
  return fragmentOf(document, first.name.value);
}

function isHidden(selection: SelectionNode): boolean {
  return selection.kind === Kind.FIELD && outName(selection).startsWith('_');
}

function objectSchema(source: AnswerSource, selected: Selected): JsonSchema {
  const members = [...membersOf(source, selected)].filter(([name]) => !name.startsWith('_'));
  const required = members.filter(([, { isRequired }]) => isRequired).map(([name]) => name);
  return {
    type: 'object',
    ...(selected.type.description && { description: selected.type.description }),
    properties: Object.fromEntries(members.map(([name, { schema }]) => [name, schema])),
    ...(required.length > 0 && { required }),
    ...(selected.type.name === 'SessionEvent' && { examples: eventExamples() }),
  };
}

function membersOf(source: AnswerSource, selected: Selected): Members {
  const members = new Map<string, Member>();
  for (const selection of selected.selections.selections) {
    if (selection.kind === Kind.FIELD) {
      for (const [name, member] of fieldMembers(source, selected, selection)) members.set(name, member);
      continue;
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragmentOf(source.document, selection.name.value);
    const inner = { ...selected, selections: fragment.selectionSet };
    for (const [name, member] of membersOf(source, inner)) members.set(name, member);
  }
  return members;
}

/** A field is one member, or the members of a flattened one. */
function fieldMembers(source: AnswerSource, { type, flatten }: Selected, node: FieldNode): Members {
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
  if (!field) throw new Error(`${type.name} has no field ${node.name.value}`);
  const name = outName(node);
  const inside = flatten.filter((path) => path.startsWith(`${name}.`)).map((path) => path.slice(name.length + 1));
  const inner = node.selectionSet && {
    type: getNamedType(field.type),
    selections: node.selectionSet,
    flatten: inside,
  };
  if (inner && flatten.includes(name)) return membersOf(source, inner);
  const schema = schemaOf(field.type, (named) =>
    inner ? answerSchema(source, inner) : leafSchema(named, source.schemas),
  );
  const isRequired = !node.directives?.some((directive) => directive.name.value === 'include');
  return new Map([[name, { schema: { ...schema, ...described(field.description) }, isRequired }]]);
}

function described(description: string | null | undefined): { description?: string } {
  return description ? { description } : {};
}

function outName(node: FieldNode): string {
  return node.alias?.value ?? node.name.value;
}

function fragmentOf(document: DocumentNode, name: string): FragmentDefinitionNode {
  const found = document.definitions.find((one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === name);
  if (found?.kind !== Kind.FRAGMENT_DEFINITION) throw new Error(`there is no fragment ${name}`);
  return found;
}

/** One event of each type, as the log stores it. */
function eventExamples(): readonly unknown[] {
  const id = (suffix: number) => `01900000-0000-7000-8000-${String(suffix).padStart(12, '0')}`;
  return Object.values(eventDefinitions).map(({ type, examples }, index) => ({
    event_id: id(9001 + index),
    event_seq: index + 1,
    event_type: type,
    payload: examples[0]?.payload ?? {},
    actor: { type: 'device', id: id(501), name: 'Lan' },
    created_at: '2026-01-31T12:00:00.000Z',
  }));
}
