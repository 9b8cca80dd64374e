export {
  GraphQLDateTimeISO as DateTime,
  GraphQLJSONObject as JSONObject,
  GraphQLSafeInt as SafeInt,
  GraphQLUUID as UUID,
} from 'graphql-scalars';
