/** Administration in both faces: one call, told in the words of REST. */
import { type Answer, type Api, type Json, toInput } from './api.js';
import type { Face } from './faces.js';

export interface AdminCall {
  /** `POST /admin/tables`, `DELETE /admin/tables/{table_id}`. */
  readonly rest: string;
  /** The mutation or query of GraphQL. */
  readonly graphql: string;
  readonly as?: string | null;
  /** Path and query parameters by their names in REST. */
  readonly at?: Readonly<Record<string, string>>;
  readonly body?: Json;
}

export interface AdminOutcome {
  readonly answer: Answer;
  readonly code: string | undefined;
  /** The fields that were wrong. */
  readonly paths: readonly string[];
  readonly detail: string | undefined;
}

export async function administer(api: Api, face: Face, wanted: AdminCall): Promise<AdminOutcome> {
  return face === 'REST' ? overRest(api, wanted) : overGraphql(api, wanted);
}

async function overRest(api: Api, { rest, as, at = {}, body }: AdminCall): Promise<AdminOutcome> {
  const used = new Set<string>();
  const path = rest.replace(/\{(\w+)\}/g, (_, name: string) => {
    used.add(name);
    return at[name] ?? '';
  });
  const query = new URLSearchParams(Object.entries(at).filter(([name]) => !used.has(name)));
  const answer = await api.rest(query.size > 0 ? `${path}?${query}` : path, {
    ...(as !== undefined && { as }),
    ...(body !== undefined && { body }),
  });
  const failed = answer.status >= 400 ? answer.body : {};
  return { answer, ...told(failed.code, failed.errors, failed.detail) };
}

async function overGraphql(api: Api, { graphql: name, as, at = {}, body = {} }: AdminCall): Promise<AdminOutcome> {
  const given = toInput(inEnumNames({ ...at, ...body }));
  const { document, variables } = queries[name]
    ? { document: queries[name], variables: given }
    : { document: mutation(name), variables: { input: given } };
  const answer = await api.graphql(document, variables, as === undefined ? {} : { as });
  const [error] = answer.body?.errors ?? [];
  return { answer, ...told(error?.extensions?.code, error?.extensions?.errors, error?.message) };
}

function told(code: string | undefined, errors: readonly { path: string }[] | undefined, detail: string | undefined) {
  return { code, paths: (errors ?? []).map(({ path }) => path), detail };
}

const selections: Readonly<Record<string, string>> = {
  createTenant: 'tenant { id }',
  updateTenant: 'tenant { id }',
  createLocation: 'location { id }',
  updateLocation: 'location { id }',
  removeLocation: 'locationId',
  createTable: 'table { id qrUrl }',
  updateTable: 'table { id }',
  removeTable: 'tableId',
  rotateTableToken: 'table { id qrUrl }',
  createApiKey: 'apiKey { id } secret',
  revokeApiKey: 'apiKey { id }',
};

function mutation(name: string): string {
  const input = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  return `mutation ($input: ${input}!) { answer: ${name}(input: $input) { ${selections[name]} } }`;
}

const queries: Readonly<Record<string, string>> = {
  tenants: 'query { answer: tenants { nodes { id } } }',
  locations: 'query ($tenantId: UUID) { answer: locations(tenantId: $tenantId) { nodes { id } } }',
  location: 'query ($locationId: UUID!) { answer: location(id: $locationId) { id } }',
  tables: 'query ($locationId: UUID!) { answer: location(id: $locationId) { tables { id name qrUrl } } }',
  table: 'query ($tableId: UUID!) { answer: table(id: $tableId) { id qrUrl } }',
  apiKeys: 'query ($tenantId: UUID) { answer: apiKeys(tenantId: $tenantId) { nodes { id } } }',
};

/** Words of REST that GraphQL names in upper case. */
const enums = new Set(['role', 'admission', 'on_paid', 'ordering']);

function inEnumNames(body: Json): Json {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      enums.has(name) && typeof value === 'string' ? value.toUpperCase() : value,
    ]),
  );
}
