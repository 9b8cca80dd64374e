-- What the kitchen gets of a round. Written by the statement that sends the round, so there is one for each, exactly.
CREATE TABLE kitchen_tickets (
  tenant_id uuid NOT NULL,
  session_id uuid NOT NULL,
  round integer NOT NULL CHECK (round > 0),
  location_id uuid NOT NULL,
  sent_at timestamptz NOT NULL,
  released_at timestamptz,
  acknowledged_at timestamptz,
  overdue_at timestamptz,
  open_lines integer NOT NULL,
  PRIMARY KEY (tenant_id, session_id, round)
);
CREATE INDEX kitchen_tickets_open ON kitchen_tickets (tenant_id, location_id, released_at)
  WHERE open_lines > 0 AND released_at IS NOT NULL;
CREATE INDEX kitchen_tickets_unseen ON kitchen_tickets (released_at)
  WHERE open_lines > 0 AND released_at IS NOT NULL AND acknowledged_at IS NULL AND overdue_at IS NULL;

-- What the restaurant gave up of a session that ended unpaid.
CREATE TABLE session_write_offs (
  tenant_id uuid NOT NULL,
  session_id uuid NOT NULL,
  location_id uuid NOT NULL,
  amount bigint NOT NULL,
  currency text NOT NULL,
  reason text NOT NULL,
  actor jsonb NOT NULL CHECK (jsonb_typeof(actor) = 'object'),
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, session_id)
);
CREATE INDEX session_write_offs_by_location ON session_write_offs (tenant_id, location_id, created_at);

-- What tells which guests are still known by name. Appends change none of its columns, so they stay HOT.
ALTER TABLE qr_sessions ADD COLUMN anonymised_at timestamptz;
CREATE INDEX qr_sessions_named ON qr_sessions (ended_at) WHERE ended_at IS NOT NULL AND anonymised_at IS NULL;

-- The menu: headings become rows of their own, and everything has words in several languages.
CREATE TABLE menu_categories (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  location_id uuid NOT NULL,
  position integer NOT NULL,
  name text NOT NULL,
  translations jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(translations) = 'object'),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, location_id, name),
  FOREIGN KEY (tenant_id, location_id) REFERENCES locations
);
INSERT INTO menu_categories (tenant_id, id, location_id, position, name)
  SELECT tenant_id, gen_random_uuid(), location_id,
    row_number() OVER (PARTITION BY tenant_id, location_id ORDER BY min(position), category) - 1, category
  FROM menu_items GROUP BY tenant_id, location_id, category;
ALTER TABLE menu_items
  ADD COLUMN category_id uuid,
  ADD COLUMN translations jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(translations) = 'object'),
  ADD COLUMN picture_url text,
  ADD COLUMN allergens jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(allergens) = 'array');
UPDATE menu_items i SET category_id = c.id FROM menu_categories c
  WHERE c.tenant_id = i.tenant_id AND c.location_id = i.location_id AND c.name = i.category;
ALTER TABLE menu_items
  ALTER COLUMN category_id SET NOT NULL,
  DROP COLUMN category,
  ADD FOREIGN KEY (tenant_id, category_id) REFERENCES menu_categories;
CREATE INDEX menu_items_by_category ON menu_items (tenant_id, category_id);

-- Places can be given up; their past stays.
ALTER TABLE locations ADD COLUMN removed_at timestamptz;
ALTER TABLE dining_tables ADD COLUMN removed_at timestamptz;
ALTER TABLE dining_tables DROP CONSTRAINT dining_tables_tenant_id_location_id_name_key;
CREATE UNIQUE INDEX one_table_per_name ON dining_tables (tenant_id, location_id, name) WHERE removed_at IS NULL;

-- A printed code can be printed again. A table has one: of several the newest stays.
ALTER TABLE table_tokens ADD COLUMN sealed_token bytea;
UPDATE table_tokens t SET revoked_at = session_clock()
  WHERE t.revoked_at IS NULL AND EXISTS (
    SELECT 1 FROM table_tokens newer WHERE newer.tenant_id = t.tenant_id AND newer.table_id = t.table_id
      AND newer.revoked_at IS NULL AND (newer.created_at, newer.token_hash) > (t.created_at, t.token_hash));
CREATE UNIQUE INDEX one_token_per_table ON table_tokens (tenant_id, table_id) WHERE revoked_at IS NULL;

ALTER TABLE api_keys ADD COLUMN last_used_at timestamptz, ADD COLUMN expires_at timestamptz;
CREATE INDEX api_keys_by_tenant ON api_keys (tenant_id, id);

COMMENT ON TABLE kitchen_tickets IS 'One per round: what the kitchen got. Its lines, and where the guests sit now, are in the log.';
COMMENT ON COLUMN kitchen_tickets.round IS 'Number of the round in its session: 1, 2, 3.';
COMMENT ON COLUMN kitchen_tickets.sent_at IS 'When the lines left the phones.';
COMMENT ON COLUMN kitchen_tickets.released_at IS 'When the kitchen may begin; null while the round waits for its payment.';
COMMENT ON COLUMN kitchen_tickets.acknowledged_at IS 'When the kitchen said that it has it.';
COMMENT ON COLUMN kitchen_tickets.overdue_at IS 'When it had been without acknowledgement for too long.';
COMMENT ON COLUMN kitchen_tickets.open_lines IS 'Lines that are neither served nor cancelled.';

COMMENT ON TABLE session_write_offs IS 'What was given up of sessions that ended unpaid, by whom and why.';
COMMENT ON COLUMN session_write_offs.amount IS 'What was due, in minor units.';
COMMENT ON COLUMN session_write_offs.actor IS '{type, id, name}';

COMMENT ON COLUMN qr_sessions.anonymised_at IS 'When the names of its guests were erased.';

COMMENT ON TABLE menu_categories IS 'Headings of the menu.';
COMMENT ON COLUMN menu_categories.position IS 'Place in the menu.';
COMMENT ON COLUMN menu_categories.translations IS '{language: {name}}';
COMMENT ON COLUMN menu_items.category_id IS 'The heading under which it stands.';
COMMENT ON COLUMN menu_items.translations IS '{language: {name, description}}';
COMMENT ON COLUMN menu_items.picture_url IS 'Where its picture is.';
COMMENT ON COLUMN menu_items.allergens IS 'What it contains, in the words of domain/menu.';
COMMENT ON COLUMN menu_items.option_groups IS '[{name, translations, min, max, options: [{option_id, name, translations, price, available}]}]';

COMMENT ON COLUMN locations.removed_at IS 'When it was given up.';
COMMENT ON COLUMN dining_tables.removed_at IS 'When it was given up.';
COMMENT ON COLUMN table_tokens.sealed_token IS 'The token itself, sealed, to print its code again; null where it was made before that was kept.';
COMMENT ON COLUMN api_keys.last_used_at IS 'To the minute.';
COMMENT ON COLUMN api_keys.expires_at IS 'From then on it proves nothing; null: until it is revoked.';
