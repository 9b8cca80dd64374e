import {
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationRule,
} from 'graphql';

/** Most fields of an operation with its fragments written out; the largest of ours has under 100. */
const maxFields = 1_000;

/** Most of them at its root: each may be a page of 500 events, some 200 kB. */
const maxRootFields = 20;

type FindFragment = (name: string) => FragmentDefinitionNode | null | undefined;

/**
 * Stops a document that is small as text and huge once its fragments are written out (a fan-out of 2^20 held the event
 * loop for 15.8 s), and one that asks for many pages at once. A page's size costs nothing here: it has a bound of its own.
 */
export const documentCostRule: ValidationRule = (context) => ({
  OperationDefinition(operation) {
    const find: FindFragment = (name) => context.getFragment(name);
    const refuse = (what: string) => context.reportError(new GraphQLError(what, { nodes: operation }));
    if (countFields(operation.selectionSet, find, new Map()) > maxFields)
      refuse(`the document asks for more than ${maxFields} fields`);
    if (countRoots(operation.selectionSet, find) > maxRootFields)
      refuse(`the document has more than ${maxRootFields} fields at its root`);
  },
});

/** Each fragment is counted once and remembered; one inside itself, which another rule refuses, counts nothing. */
function countFields(set: SelectionSetNode, find: FindFragment, known: Map<string, number>): number {
  const countOf = (selection: SelectionNode): number => {
    if (selection.kind === Kind.FIELD) {
      const isIntrospection = selection.name.value.startsWith('__');
      return isIntrospection || !selection.selectionSet ? 1 : 1 + countFields(selection.selectionSet, find, known);
    }
    if (selection.kind === Kind.INLINE_FRAGMENT) return countFields(selection.selectionSet, find, known);
    const name = selection.name.value;
    const counted = known.get(name);
    if (counted !== undefined) return counted;
    known.set(name, 0);
    const fragment = find(name);
    const count = fragment ? countFields(fragment.selectionSet, find, known) : 0;
    known.set(name, count);
    return count;
  };
  return set.selections.reduce((sum, selection) => sum + countOf(selection), 0);
}

/** Fields at the root by their names in the answer, which is how often they run. */
function countRoots(set: SelectionSetNode, find: FindFragment): number {
  const seen = new Set<string>();
  const names = new Set<string>();
  const walk = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) names.add(selection.alias?.value ?? selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) walk(selection.selectionSet);
      else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value);
        const fragment = find(selection.name.value);
        if (fragment) walk(fragment.selectionSet);
      }
    }
  };
  walk(set);
  return names.size;
}
