import { ApolloArmor } from '@escape.tech/graphql-armor';

/** Most tokens of a document; the largest of ours has under 400. */
const maxTokens = 2_000;

/**
 * What a document may cost, so that no single request holds the event loop: a fragment fan-out that passes every other
 * check is stopped by its cost. Armor's own token rule is off, for it answers 500.
 */
export function graphqlLimits() {
  const armor = new ApolloArmor({
    maxTokens: { enabled: false },
    blockFieldSuggestion: { enabled: false },
    costLimit: { maxCost: 5_000, objectCost: 2, scalarCost: 1, depthCostFactor: 1.2, ignoreIntrospection: true },
    maxDepth: { n: 10, ignoreIntrospection: true },
    maxAliases: { n: 100 },
    maxDirectives: { n: 50 },
  });
  return { validationRules: armor.protect().validationRules, maxTokens };
}
