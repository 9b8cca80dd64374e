import { demoIds } from './example-ids.js';
import { pngPicture, svgPicture } from './qr-picture.js';
import { qrSheet, sheetHeaders } from './qr-sheet.js';
import type { RestHeader, RestParameter, RestRoute } from './route.js';

const page: readonly RestParameter[] = [
  { in: 'query', name: 'cursor', to: 'after', description: 'Where an earlier page ended: its `next_cursor`.' },
  { in: 'query', name: 'limit', to: 'first', description: 'Most to give, 1 to 500.' },
];

const tenantInQuery: RestParameter = {
  in: 'query',
  name: 'tenant_id',
  to: 'tenantId',
  description: 'Whose: for operators, who have no restaurant of their own.',
};

const inPath = (name: string, to: string, description: string): RestParameter => ({
  in: 'path',
  name,
  to,
  description,
});

/** A code is a credential: whoever has it may sit down. */
const notKept: RestHeader = {
  name: 'Cache-Control',
  description: '`no-store`: codes are credentials.',
  valueOf: () => 'no-store',
};

/** Tenants, for operators. */
const tenantRoutes: readonly RestRoute[] = [
  {
    method: 'GET',
    path: '/api/v1/admin/tenants',
    operation: 'Tenants',
    summary: 'All tenants',
    example: { as: 'operator', query: { limit: '20' } },
    parameters: page,
    statuses: [{ status: 200, description: 'The tenants, in the order they were made.' }],
  },
  {
    method: 'POST',
    path: '/api/v1/admin/tenants',
    operation: 'CreateTenant',
    summary: 'Take a restaurant business in',
    example: { as: 'operator', body: { name: 'Bún Chả 36' } },
    parameters: [],
    body: { to: 'input', description: 'The tenant.', without: [] },
    flatten: ['tenant'],
    statuses: [{ status: 201, description: 'The tenant; a location and a key come next.' }],
  },
  {
    method: 'PATCH',
    path: '/api/v1/admin/tenants/{tenant_id}',
    operation: 'UpdateTenant',
    summary: 'Rename a tenant',
    example: { as: 'operator', body: { name: 'Bún Chả Hàng Mành' } },
    parameters: [inPath('tenant_id', 'input.tenantId', 'The tenant.')],
    body: { to: 'input', description: 'What to change.', without: ['tenantId'] },
    flatten: ['tenant'],
    statuses: [{ status: 200, description: 'The tenant as it now is.' }],
  },
];

/** Locations and their policies, for managers. */
const locationRoutes: readonly RestRoute[] = [
  {
    method: 'GET',
    path: '/api/v1/admin/locations',
    operation: 'Locations',
    summary: "The restaurant's locations",
    example: { as: 'manager' },
    parameters: [tenantInQuery, ...page],
    statuses: [{ status: 200, description: 'The locations, in the order they were made.' }],
  },
  {
    method: 'POST',
    path: '/api/v1/admin/locations',
    operation: 'CreateLocation',
    summary: 'Open a location',
    example: {
      as: 'manager',
      body: {
        name: 'Phở Mai Bến Thành',
        currency: 'VND',
        timezone: 'Asia/Ho_Chi_Minh',
        guest_url: 'https://order.phomai.example/',
        admission: 'open',
        tax_inclusive: true,
        service_bps: 500,
        pay_first: false,
        cash_rounding: 1000,
      },
    },
    parameters: [],
    body: { to: 'input', description: 'The location and its policies.', without: [] },
    flatten: ['location'],
    statuses: [{ status: 201, description: 'The location; its tables and menu come next.' }],
  },
  {
    method: 'GET',
    path: '/api/v1/admin/locations/{location_id}',
    operation: 'Location',
    summary: 'A location and its policies',
    example: { as: 'manager', path: { location_id: demoIds.location } },
    parameters: [inPath('location_id', 'id', 'The location.')],
    statuses: [{ status: 200, description: 'The location.' }],
  },
  {
    method: 'PATCH',
    path: '/api/v1/admin/locations/{location_id}',
    operation: 'UpdateLocation',
    summary: 'Change a location; running sessions keep what they were opened with',
    example: { as: 'manager', body: { ordering: 'paused', service_bps: 800, ttl_seconds: 7200 } },
    parameters: [inPath('location_id', 'input.locationId', 'The location.')],
    body: { to: 'input', description: 'What to change.', without: ['locationId'] },
    flatten: ['location'],
    statuses: [{ status: 200, description: 'The location as it now is.' }],
  },
  {
    method: 'DELETE',
    path: '/api/v1/admin/locations/{location_id}',
    operation: 'RemoveLocation',
    summary: 'Give a location up',
    example: { as: 'manager' },
    parameters: [inPath('location_id', 'input.locationId', 'The location.')],
    statuses: [{ status: 204, description: 'It is gone; its past stays.' }],
    refusals: ['TABLE_OCCUPIED'],
  },
  {
    method: 'GET',
    path: '/api/v1/admin/locations/{location_id}/qr-sheet',
    operation: 'LocationSheet',
    summary: 'A page to print: the codes of all tables, to cut up',
    example: { as: 'manager', path: { location_id: demoIds.location }, query: { title: 'Phở Mai', columns: '3' } },
    parameters: [inPath('location_id', 'id', 'The location.')],
    statuses: [{ status: 200, description: 'A page of HTML for A4.' }],
    headers: sheetHeaders,
    render: qrSheet,
  },
];

/** Tables and their codes, for managers. */
const tableRoutes: readonly RestRoute[] = [
  {
    method: 'GET',
    path: '/api/v1/admin/tables',
    operation: 'Tables',
    summary: 'The tables of a location with their codes',
    example: { as: 'manager', query: { location_id: demoIds.location } },
    parameters: [{ in: 'query', name: 'location_id', to: 'locationId', description: 'The location.' }],
    statuses: [{ status: 200, description: 'The tables, T2 before T10.' }],
    headers: [notKept],
  },
  {
    method: 'POST',
    path: '/api/v1/admin/tables',
    operation: 'CreateTable',
    summary: 'Put a table up, with a code of its own',
    example: { as: 'manager', body: { location_id: demoIds.location, name: 'Terrace 1' } },
    parameters: [],
    body: { to: 'input', description: 'Where, and what to call it.', without: [] },
    flatten: ['table'],
    statuses: [{ status: 201, description: 'The table; `qr_url` is what its code says.' }],
    headers: [notKept],
  },
  {
    method: 'PATCH',
    path: '/api/v1/admin/tables/{table_id}',
    operation: 'UpdateTable',
    summary: 'Rename a table',
    example: { as: 'manager', body: { name: 'Garden 1' } },
    parameters: [inPath('table_id', 'input.tableId', 'The table.')],
    body: { to: 'input', description: 'What to change.', without: ['tableId'] },
    flatten: ['table'],
    statuses: [{ status: 200, description: 'The table as it now is.' }],
    headers: [notKept],
  },
  {
    method: 'DELETE',
    path: '/api/v1/admin/tables/{table_id}',
    operation: 'RemoveTable',
    summary: 'Take a table away',
    example: { as: 'manager' },
    parameters: [inPath('table_id', 'input.tableId', 'The table.')],
    statuses: [{ status: 204, description: 'It is gone, and its code is dead; its past stays.' }],
    refusals: ['TABLE_OCCUPIED'],
  },
  {
    method: 'POST',
    path: '/api/v1/admin/tables/{table_id}/rotate-token',
    operation: 'RotateTableToken',
    summary: 'Give a table another code; the printed one opens nothing any more',
    example: { as: 'manager' },
    parameters: [inPath('table_id', 'input.tableId', 'The table.')],
    flatten: ['table'],
    statuses: [{ status: 200, description: 'The table; `qr_url` is what to print.' }],
    headers: [notKept],
  },
  {
    method: 'GET',
    path: '/api/v1/admin/tables/{table_id}/qr.svg',
    operation: 'TableQrSvg',
    summary: "A table's code as a picture of lines",
    example: { as: 'manager', path: { table_id: demoIds.table } },
    parameters: [inPath('table_id', 'id', 'The table.')],
    statuses: [{ status: 200, description: 'The picture.' }],
    headers: [notKept],
    render: svgPicture,
  },
  {
    method: 'GET',
    path: '/api/v1/admin/tables/{table_id}/qr.png',
    operation: 'TableQrPng',
    summary: "A table's code as a picture of pixels",
    example: { as: 'manager', path: { table_id: demoIds.table }, query: { size: '1024' } },
    parameters: [inPath('table_id', 'id', 'The table.')],
    statuses: [{ status: 200, description: 'The picture.' }],
    headers: [notKept],
    render: pngPicture,
  },
];

/** Keys of staff, cashiers and managers, for managers. */
const keyRoutes: readonly RestRoute[] = [
  {
    method: 'GET',
    path: '/api/v1/admin/api-keys',
    operation: 'ApiKeys',
    summary: "The restaurant's keys, without their secrets",
    example: { as: 'manager', query: { limit: '20' } },
    parameters: [tenantInQuery, ...page],
    statuses: [{ status: 200, description: 'The keys, in the order they were made; revoked ones too.' }],
  },
  {
    method: 'POST',
    path: '/api/v1/admin/api-keys',
    operation: 'CreateApiKey',
    summary: 'Make a key',
    example: {
      as: 'manager',
      body: { name: 'Waiters, evening', role: 'staff', location_id: demoIds.location, shared: true },
    },
    parameters: [],
    body: { to: 'input', description: 'Who will use it, and for what.', without: [] },
    flatten: ['api_key'],
    statuses: [{ status: 201, description: 'The key; `secret` is shown this once.' }],
    headers: [
      { name: 'Cache-Control', description: '`no-store`: the secret is a credential.', valueOf: () => 'no-store' },
    ],
  },
  {
    method: 'DELETE',
    path: '/api/v1/admin/api-keys/{key_id}',
    operation: 'RevokeApiKey',
    summary: 'Revoke a key',
    example: { as: 'manager' },
    parameters: [
      inPath('key_id', 'input.keyId', 'The key: its id, not its secret.'),
      { ...tenantInQuery, to: 'input.tenantId' },
    ],
    statuses: [{ status: 204, description: 'It proves nothing any more.' }],
  },
];

/** Administration of places and of who works there. */
export const placeRoutes: readonly RestRoute[] = [...tenantRoutes, ...locationRoutes, ...tableRoutes, ...keyRoutes];
