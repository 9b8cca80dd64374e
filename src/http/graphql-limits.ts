import { ApolloArmor } from '@escape.tech/graphql-armor';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
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

/** Reads a document as Apollo would over HTTP, for faces that Apollo does not serve. */
export function createDocumentCheck(
  schema: GraphQLSchema,
  isExplorable: boolean,
): (text: string) => DocumentNode | readonly GraphQLError[] {
  const { validationRules } = graphqlLimits();
  const hidden = isExplorable ? [] : [NoSchemaIntrospectionCustomRule];
  const rules = [...specifiedRules, ...hidden, ...validationRules];
  return (text) => {
    try {
      const document = parse(text, { maxTokens });
      const problems = validate(schema, document, rules, { hideSuggestions: !isExplorable });
      return problems.length > 0 ? problems.map((one) => coded(one, 'GRAPHQL_VALIDATION_FAILED')) : document;
    } catch (error) {
      return [coded(asGraphqlError(error), 'GRAPHQL_PARSE_FAILED')];
    }
  };
}

function coded(error: GraphQLError, code: string): GraphQLError {
  const { message, nodes = null, source = null, positions = null } = error;
  return new GraphQLError(message, { nodes, source, positions, originalError: error, extensions: { code } });
}

function asGraphqlError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  throw error;
}
