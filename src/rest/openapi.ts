import type { GraphQLSchema } from 'graphql';

/** The REST face as OpenAPI 3.1. */
export function openApi(_schema: GraphQLSchema, publicUrl: string): object {
  return { openapi: '3.1.0', info: { title: 'QR Session', version: '0' }, servers: [{ url: publicUrl }], paths: {} };
}
