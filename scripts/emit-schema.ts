import { lexicographicSortSchema, printSchema } from 'graphql';
import { buildGraphqlSchema } from '../src/resolvers/build-schema.js';
import { emitFile } from './generated-file.js';

/** Writes the schema that the code makes to schema.graphql; with --check only tells whether it fits. */
await emitFile('schema.graphql', printSchema(lexicographicSortSchema(await buildGraphqlSchema())));
