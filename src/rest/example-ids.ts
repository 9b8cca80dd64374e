/**
 * What examples say where only a live thing will do: the session that somebody has just opened, its phone, a line of it.
 * By the names of the path parameters that take them; whoever sends an example puts ids of their own in their place.
 */
export const exampleIds: Readonly<Record<string, string>> = {
  session_id: '01990000-0000-7000-8000-000000000001',
  device_id: '01990000-0000-7000-8000-000000000002',
  line_id: '01990000-0000-7000-8000-000000000003',
  free_table_id: '01990000-0000-7000-8000-000000000004',
  ticket_id: '01990000-0000-7000-8000-000000000001-1',
  category_id: '01990000-0000-7000-8000-000000000005',
  menu_item_id: '01990000-0000-7000-8000-000000000006',
  tenant_id: '01990000-0000-7000-8000-000000000011',
  location_id: '01990000-0000-7000-8000-000000000012',
  table_id: '01990000-0000-7000-8000-000000000013',
  unpaid_session_id: '01990000-0000-7000-8000-000000000031',
  key_id: '01990000-0000-7000-8000-000000000014',
};

/** The demo restaurant, whose ids are always the same. */
export const demoIds = {
  tenant: '01900000-0000-7000-8000-000000000001',
  location: '01900000-0000-7000-8000-000000000010',
  table: '01900000-0000-7000-8000-000000000108',
  dish: '01900000-0000-7000-8000-000000000202',
  category: '01900000-0000-7000-8000-000000000501',
} as const;
