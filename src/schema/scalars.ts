import { GraphQLScalarType } from 'graphql';
import { GraphQLDateTimeISO } from 'graphql-scalars';

export { GraphQLJSONObject as JSONObject, GraphQLSafeInt as SafeInt, GraphQLUUID as UUID } from 'graphql-scalars';

/** RFC 3339 text; the library's scalar of that name hands out Date objects instead. */
export const DateTime = new GraphQLScalarType({
  ...GraphQLDateTimeISO.toConfig(),
  name: 'DateTime',
  description: 'A time in UTC, RFC 3339.',
});
