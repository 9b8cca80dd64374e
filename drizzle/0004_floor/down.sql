DROP INDEX api_keys_by_tenant;
ALTER TABLE api_keys DROP COLUMN last_used_at, DROP COLUMN expires_at;

DROP INDEX one_token_per_table;
ALTER TABLE table_tokens DROP COLUMN sealed_token;

-- What was given up cannot be told from what is in use any more.
DELETE FROM table_tokens t USING dining_tables d
  WHERE d.tenant_id = t.tenant_id AND d.id = t.table_id AND d.removed_at IS NOT NULL;
DELETE FROM dining_tables WHERE removed_at IS NOT NULL;
DROP INDEX one_table_per_name;
ALTER TABLE dining_tables DROP COLUMN removed_at;
ALTER TABLE dining_tables ADD UNIQUE (tenant_id, location_id, name);
ALTER TABLE locations DROP COLUMN removed_at;

ALTER TABLE menu_items ADD COLUMN category text;
UPDATE menu_items i SET category = c.name FROM menu_categories c WHERE c.tenant_id = i.tenant_id AND c.id = i.category_id;
ALTER TABLE menu_items
  ALTER COLUMN category SET NOT NULL,
  DROP COLUMN category_id,
  DROP COLUMN translations,
  DROP COLUMN picture_url,
  DROP COLUMN allergens;
DROP TABLE menu_categories;
COMMENT ON COLUMN menu_items.option_groups IS '[{name, min, max, options: [{option_id, name, price, available}]}]';

DROP INDEX qr_sessions_named;
ALTER TABLE qr_sessions DROP COLUMN anonymised_at;

DROP TABLE session_write_offs;
DROP TABLE kitchen_tickets;
