DROP TABLE devices, session_checkpoints, session_events, qr_sessions, menu_items, api_keys, table_tokens,
  dining_tables, locations, tenants;
DROP FUNCTION session_clock();
