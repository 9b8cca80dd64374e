import type { PostgresType } from 'postgres';

/**
 * The array types that our statements take, told to the driver beforehand. Left to itself it asks the database for them on
 * every new connection, and a connection that dies under that question is an unhandled rejection: it ends the process.
 */
export const arrayTypes: Readonly<Record<string, PostgresType>> = {
  int4Array: arrayType(1007),
  textArray: arrayType(1009),
  int8Array: arrayType(1016),
  uuidArray: arrayType(2951),
};

function arrayType(oid: number): PostgresType {
  return { to: oid, from: [], serialize: arrayLiteral, parse: (text: string) => text };
}

/** An array in Postgres' text form; every element is quoted but null. */
function arrayLiteral(elements: readonly (string | number | null)[]): string {
  const texts = elements.map((element) => (element === null ? 'NULL' : quoted(String(element))));
  return `{${texts.join(',')}}`;
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
