-- The clock of every time rule: one function, so that a test can replace it and no node's own clock matters. Milliseconds,
-- so that a time survives JSON and JavaScript unchanged.
CREATE FUNCTION session_clock() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT date_trunc('milliseconds', now()) $$;

CREATE TABLE tenants (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT session_clock()
);

CREATE TABLE locations (
  tenant_id uuid NOT NULL REFERENCES tenants,
  id uuid NOT NULL,
  name text NOT NULL,
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  timezone text NOT NULL,
  guest_url text,
  admission text NOT NULL DEFAULT 'approve' CHECK (admission IN ('open', 'approve', 'per_visit')),
  tax_inclusive boolean NOT NULL DEFAULT true,
  service_bps integer NOT NULL DEFAULT 0 CHECK (service_bps BETWEEN 0 AND 10000),
  sliding boolean NOT NULL DEFAULT false,
  ttl_seconds integer CHECK (ttl_seconds BETWEEN 1 AND 86400),
  on_paid text NOT NULL DEFAULT 'end' CHECK (on_paid IN ('end', 'stay')),
  pay_first boolean NOT NULL DEFAULT false,
  cash_rounding integer NOT NULL DEFAULT 1 CHECK (cash_rounding BETWEEN 1 AND 1000000),
  expiry_event boolean NOT NULL DEFAULT true,
  ordering text NOT NULL DEFAULT 'open' CHECK (ordering IN ('open', 'paused')),
  menu_version bigint NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT session_clock(),
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE dining_tables (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  location_id uuid NOT NULL,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT session_clock(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, location_id, name),
  FOREIGN KEY (tenant_id, location_id) REFERENCES locations
);

-- Credentials are looked up by the hash of a secret, before the tenant is known.
CREATE TABLE table_tokens (
  token_hash bytea PRIMARY KEY,
  tenant_id uuid NOT NULL,
  table_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT session_clock(),
  revoked_at timestamptz,
  FOREIGN KEY (tenant_id, table_id) REFERENCES dining_tables
);

CREATE TABLE api_keys (
  key_hash bytea PRIMARY KEY,
  id uuid NOT NULL UNIQUE,
  tenant_id uuid REFERENCES tenants,
  location_id uuid,
  role text NOT NULL CHECK (role IN ('staff', 'cashier', 'manager', 'operator')),
  name text NOT NULL,
  shared boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT session_clock(),
  revoked_at timestamptz,
  CHECK ((role = 'operator') = (tenant_id IS NULL)),
  FOREIGN KEY (tenant_id, location_id) REFERENCES locations
);

CREATE TABLE menu_items (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  location_id uuid NOT NULL,
  position integer NOT NULL,
  category text NOT NULL,
  name text NOT NULL,
  description text,
  price bigint NOT NULL CHECK (price BETWEEN 0 AND 1000000000000),
  tax_bps integer NOT NULL DEFAULT 0 CHECK (tax_bps BETWEEN 0 AND 10000),
  available boolean NOT NULL DEFAULT true,
  option_groups jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(option_groups) = 'array'),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, location_id) REFERENCES locations
);
CREATE INDEX menu_items_by_location ON menu_items (tenant_id, location_id, position);

-- The head of a session: seq, status, expiry and what lists need; never its lines. Half of each page stays free, so that
-- an append rewrites the row in place (HOT). No foreign keys here or in the log: they cost an append two locks.
CREATE TABLE qr_sessions (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  location_id uuid NOT NULL,
  table_id uuid NOT NULL,
  status text NOT NULL CHECK (status IN ('open', 'paid', 'closed', 'expired')),
  last_event_seq integer NOT NULL,
  expires_at timestamptz NOT NULL,
  slid_at timestamptz NOT NULL,
  opened_at timestamptz NOT NULL,
  ended_at timestamptz,
  ttl_seconds integer NOT NULL,
  sliding boolean NOT NULL,
  expiry_event boolean NOT NULL,
  currency text NOT NULL,
  total bigint NOT NULL DEFAULT 0,
  paid bigint NOT NULL DEFAULT 0,
  due bigint NOT NULL DEFAULT 0,
  draft_lines integer NOT NULL DEFAULT 0,
  sent_lines integer NOT NULL DEFAULT 0,
  claim_by text,
  claim_until timestamptz,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
) WITH (fillfactor = 50);
CREATE UNIQUE INDEX one_open_session_per_table ON qr_sessions (tenant_id, table_id) WHERE status = 'open';
-- Not led by the tenant: so the batch statement, which knows no location, never mistakes it for the primary key.
CREATE INDEX qr_sessions_by_location ON qr_sessions (location_id, id);
CREATE INDEX qr_sessions_due ON qr_sessions (expires_at) WHERE status = 'open';

-- The log. `hash` chains each event to the one before it; personal fields enter it only as `personal_digest`, salted, so
-- that erasing them (and the salt) leaves the chain whole. `tx` tells feeds across sessions which commits may be missing.
CREATE TABLE session_events (
  tenant_id uuid NOT NULL,
  session_id uuid NOT NULL,
  event_seq integer NOT NULL CHECK (event_seq > 0),
  event_id uuid NOT NULL,
  idempotency_key text NOT NULL,
  fingerprint bytea NOT NULL,
  event_type text NOT NULL,
  version smallint NOT NULL,
  payload jsonb NOT NULL CHECK (jsonb_typeof(payload) = 'object'),
  actor jsonb NOT NULL CHECK (jsonb_typeof(actor) = 'object'),
  salt bytea,
  personal_digest bytea,
  prev_hash bytea NOT NULL,
  hash bytea NOT NULL,
  tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
  created_at timestamptz NOT NULL DEFAULT session_clock(),
  PRIMARY KEY (tenant_id, session_id, event_seq),
  UNIQUE (tenant_id, session_id, idempotency_key)
);

-- A cache of folds that bounds a cold load; may be deleted at any time.
CREATE TABLE session_checkpoints (
  tenant_id uuid NOT NULL,
  session_id uuid NOT NULL,
  event_seq integer NOT NULL,
  fold_version integer NOT NULL,
  bill jsonb NOT NULL CHECK (jsonb_typeof(bill) = 'object'),
  PRIMARY KEY (tenant_id, session_id, event_seq)
);

-- Device ids are given out here before they join, so that a repeated request gets the same phone.
CREATE TABLE devices (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  session_id uuid NOT NULL,
  table_id uuid NOT NULL,
  request_key bytea,
  created_at timestamptz NOT NULL DEFAULT session_clock(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, table_id, request_key)
);

COMMENT ON FUNCTION session_clock() IS 'The clock of every time rule, in milliseconds.';

COMMENT ON TABLE tenants IS 'Restaurant businesses: everything else belongs to one of them.';

COMMENT ON TABLE locations IS 'Restaurants of a tenant, with the settings that a session copies when it opens.';
COMMENT ON COLUMN locations.currency IS 'ISO 4217 code of all its prices.';
COMMENT ON COLUMN locations.timezone IS 'IANA name, for its local days.';
COMMENT ON COLUMN locations.guest_url IS 'The page that QR codes open; null: /demo/ of this server.';
COMMENT ON COLUMN locations.admission IS 'How phones get in: open, approve, per_visit.';
COMMENT ON COLUMN locations.service_bps IS 'Service charge in basis points.';
COMMENT ON COLUMN locations.sliding IS 'Accepted events of guests and staff move the expiry.';
COMMENT ON COLUMN locations.ttl_seconds IS 'From opening to expiry; null: SESSION_TTL_SECONDS.';
COMMENT ON COLUMN locations.on_paid IS 'What a full payment does: end the session, or let it stay open.';
COMMENT ON COLUMN locations.pay_first IS 'Rounds reach the kitchen only once paid.';
COMMENT ON COLUMN locations.cash_rounding IS 'Cash totals are rounded to a multiple of so many minor units.';
COMMENT ON COLUMN locations.expiry_event IS 'Time''s end is written into the log.';
COMMENT ON COLUMN locations.ordering IS 'paused refuses new items and rounds.';
COMMENT ON COLUMN locations.menu_version IS 'Grows with every change of the menu.';

COMMENT ON TABLE dining_tables IS 'Tables where guests sit.';
COMMENT ON TABLE table_tokens IS 'Secrets in the printed QR codes of tables.';
COMMENT ON COLUMN table_tokens.token_hash IS 'SHA-256 of the token.';
COMMENT ON COLUMN table_tokens.revoked_at IS 'When the code was rotated; it is dead from then on.';

COMMENT ON TABLE api_keys IS 'Keys of staff, cashiers, managers and operators.';
COMMENT ON COLUMN api_keys.key_hash IS 'SHA-256 of the key, which is shown once.';
COMMENT ON COLUMN api_keys.tenant_id IS 'Null for operators only.';
COMMENT ON COLUMN api_keys.location_id IS 'The only location it works in; null: all of the tenant.';
COMMENT ON COLUMN api_keys.shared IS 'Several people use it, so acts that need a name need X-Actor-Name.';
COMMENT ON COLUMN api_keys.revoked_at IS 'When it was taken back.';

COMMENT ON TABLE menu_items IS 'Dishes and drinks.';
COMMENT ON COLUMN menu_items.position IS 'Place in the menu.';
COMMENT ON COLUMN menu_items.price IS 'Per portion without options, in minor units.';
COMMENT ON COLUMN menu_items.tax_bps IS 'Tax rate in basis points.';
COMMENT ON COLUMN menu_items.available IS 'False while it is sold out.';
COMMENT ON COLUMN menu_items.option_groups IS '[{name, min, max, options: [{option_id, name, price, available}]}]';

COMMENT ON TABLE qr_sessions IS 'Heads of sessions (visits at a table): what a write is guarded by, and what lists need.';
COMMENT ON COLUMN qr_sessions.last_event_seq IS 'Position of the last event of its log.';
COMMENT ON COLUMN qr_sessions.expires_at IS 'From then on it reads as expired, whether or not status says so.';
COMMENT ON COLUMN qr_sessions.slid_at IS 'When sliding last moved the expiry.';
COMMENT ON COLUMN qr_sessions.ended_at IS 'When it was paid, closed or expired.';
COMMENT ON COLUMN qr_sessions.ttl_seconds IS 'As the session was opened with.';
COMMENT ON COLUMN qr_sessions.sliding IS 'As the session was opened with.';
COMMENT ON COLUMN qr_sessions.expiry_event IS 'As the session was opened with.';
COMMENT ON COLUMN qr_sessions.total IS 'What the fold says at last_event_seq, in minor units, like paid and due.';
COMMENT ON COLUMN qr_sessions.draft_lines IS 'Lines still on the phones.';
COMMENT ON COLUMN qr_sessions.sent_lines IS 'Lines sent to the kitchen and not cancelled.';
COMMENT ON COLUMN qr_sessions.claim_by IS 'The node that holds the session for a moment after lost races.';
COMMENT ON COLUMN qr_sessions.claim_until IS 'When that hold ends.';

COMMENT ON TABLE session_events IS 'The log: what happened in each session, in order, never changed.';
COMMENT ON COLUMN session_events.event_seq IS 'Position in the session: 1, 2, 3 without gaps.';
COMMENT ON COLUMN session_events.idempotency_key IS 'The caller''s key; the server''s own begin with a section sign.';
COMMENT ON COLUMN session_events.fingerprint IS 'SHA-256 of operation, actor and content: tells a repeat from another request under the same key.';
COMMENT ON COLUMN session_events.event_type IS 'See docs/events.md.';
COMMENT ON COLUMN session_events.version IS 'Version of the payload.';
COMMENT ON COLUMN session_events.payload IS 'What happened; its fields are in docs/events.md.';
COMMENT ON COLUMN session_events.actor IS '{type, id, name}';
COMMENT ON COLUMN session_events.salt IS 'Of the personal digest; null where nothing personal is, or was erased.';
COMMENT ON COLUMN session_events.personal_digest IS 'SHA-256 of salt and personal fields.';
COMMENT ON COLUMN session_events.prev_hash IS 'Hash of the event before; zeros for the first.';
COMMENT ON COLUMN session_events.hash IS 'SHA-256 of prev_hash, session, seq and content.';
COMMENT ON COLUMN session_events.tx IS 'The transaction that wrote it.';

COMMENT ON TABLE session_checkpoints IS 'Folds kept about every 256 events, to bound a cold load; may be deleted at any time.';
COMMENT ON COLUMN session_checkpoints.fold_version IS 'Only folds of the running version are read.';
COMMENT ON COLUMN session_checkpoints.bill IS 'The bill at event_seq.';

COMMENT ON TABLE devices IS 'Device ids as they were given out to phones; what a phone may do is in the log.';
COMMENT ON COLUMN devices.request_key IS 'SHA-256 of credential and Idempotency-Key, remembered for 24 hours.';
