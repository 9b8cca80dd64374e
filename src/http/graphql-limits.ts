import { ApolloArmor } from '@escape.tech/graphql-armor';
import { documentCostRule } from './document-cost.js';

/** Most tokens of a document; the largest of ours has under 400. */
const maxTokens = 2_000;

/**
 * What a document may cost, so that no single request holds the event loop: a fragment fan-out that passes every other
 * check is stopped by its cost. Armor's own token rule is off, for it answers 500; so is its cost rule, for it multiplies
 * by a page size that is written out and overlooks one in a variable.
 */
export function graphqlLimits() {
  const armor = new ApolloArmor({
    maxTokens: { enabled: false },
    blockFieldSuggestion: { enabled: false },
    costLimit: { enabled: false },
    maxDepth: { n: 10, ignoreIntrospection: true },
    maxAliases: { n: 100 },
    maxDirectives: { n: 50 },
  });
  return { validationRules: [documentCostRule, ...armor.protect().validationRules], maxTokens };
}
