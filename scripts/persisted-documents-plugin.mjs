// GraphQL Code Generator plugin: the persisted documents as JSON, each with the fragments it uses, under the hash of its
// exact text.
import { createHash } from 'node:crypto';
import { Kind, print, visit } from 'graphql';

/** @param {import('graphql').DocumentNode[]} documents */
function collect(documents) {
  const definitions = documents.flatMap(({ definitions }) => definitions);
  const fragments = new Map(
    definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION).map((one) => [one.name.value, one]),
  );
  const operations = definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  const texts = operations.map((operation) => [operation, ...usedBy(operation, fragments)].map(print).join('\n\n'));
  return Object.fromEntries(texts.map((text) => [`sha256:${createHash('sha256').update(text).digest('hex')}`, text]));
}

function usedBy(definition, fragments, seen = new Set()) {
  visit(definition, {
    FragmentSpread({ name }) {
      if (seen.has(name.value)) return;
      seen.add(name.value);
      usedBy(fragments.get(name.value), fragments, seen);
    },
  });
  return [...seen].map((name) => fragments.get(name));
}

export const plugin = (_schema, documents) =>
  `${JSON.stringify(collect(documents.map(({ document }) => document)), null, 2)}\n`;
