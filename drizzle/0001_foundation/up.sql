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
CREATE INDEX qr_sessions_by_location ON qr_sessions (tenant_id, location_id, id);
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
