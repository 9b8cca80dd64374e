import { lexicographicSortSchema, printSchema } from 'graphql';
import { buildGraphqlSchema } from '../src/schema/build-schema.js';
import { emitFile } from './generated-file.js';

/** The public schema as text, in an order that does not depend on the order of the code. */
const schema = await buildGraphqlSchema();
await emitFile('schema.graphql', printSchema(lexicographicSortSchema(schema)));
