/**
 * GraphQL Code Generator plugin: the persisted documents as JSON, each with the fragments it uses, under the hash of its
 * exact text.
 */
import { createHash } from 'node:crypto';
import { Kind, print, visit } from 'graphql';

/** @typedef {ReadonlyMap<string, import('graphql').FragmentDefinitionNode>} Fragments */

/**
 * @param {unknown} _schema
 * @param {readonly { document?: import('graphql').DocumentNode }[]} sources
 */
export function plugin(_schema, sources) {
  const definitions = sources.flatMap(({ document }) => document?.definitions ?? []);
  const fragments = new Map(
    definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION).map((one) => [one.name.value, one]),
  );
  const operations = definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
  const texts = operations.map((one) => [one, ...fragmentsOf(one, fragments)].map(print).join('\n\n'));
  return `${JSON.stringify(Object.fromEntries(texts.map((text) => [idOf(text), text])), null, 2)}\n`;
}

/** @param {string} text */
function idOf(text) {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/**
 * @param {import('graphql').ASTNode} definition
 * @param {Fragments} fragments
 * @param {Map<string, import('graphql').FragmentDefinitionNode>} [found]
 */
function fragmentsOf(definition, fragments, found = new Map()) {
  visit(definition, {
    FragmentSpread({ name }) {
      const fragment = fragments.get(name.value);
      if (!fragment || found.has(name.value)) return;
      found.set(name.value, fragment);
      fragmentsOf(fragment, fragments, found);
    },
  });
  return [...found.values()];
}
