-- Money. A payment that belongs to a session is a projection of that session's log and is written by the same statement as
-- its events; only what the provider's calls gave us, and what people decided about it, is written beside the log.
CREATE TABLE payments (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  session_id uuid,
  location_id uuid,
  payment_reference text,
  claimed_reference text,
  method text NOT NULL CHECK (method IN ('cash', 'momo', 'vnpay', 'zalopay', 'bank_transfer', 'other')),
  provider text,
  account text,
  status text NOT NULL CHECK (status IN ('pending', 'succeeded', 'failed', 'refunded', 'partially_refunded')),
  amount bigint NOT NULL CHECK (amount BETWEEN 0 AND 1000000000000000),
  currency text NOT NULL,
  provider_transaction_id text,
  mismatch text NOT NULL DEFAULT 'none' CHECK (mismatch IN ('none', 'short', 'over')),
  reasons text[] NOT NULL DEFAULT '{}',
  bill_seq integer,
  split jsonb CHECK (jsonb_typeof(split) = 'object'),
  device_id uuid,
  actor jsonb NOT NULL CHECK (jsonb_typeof(actor) = 'object'),
  note text,
  expected bigint,
  tendered bigint,
  change bigint,
  refunded_amount bigint NOT NULL DEFAULT 0,
  refund_held bigint NOT NULL DEFAULT 0 CHECK (refund_held BETWEEN 0 AND amount),
  expires_at timestamptz,
  pay_url text,
  deeplink text,
  qr_payload text,
  provider_data jsonb CHECK (jsonb_typeof(provider_data) = 'object'),
  polls integer NOT NULL DEFAULT 0,
  polled_at timestamptz,
  next_poll_at timestamptz,
  resolution text CHECK (resolution IN ('accept', 'attach', 'refunded', 'write_off', 'adopted')),
  resolution_note text,
  resolved_by jsonb CHECK (jsonb_typeof(resolved_by) = 'object'),
  resolved_at timestamptz,
  adopted_by uuid,
  created_at timestamptz NOT NULL DEFAULT session_clock(),
  settled_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  CHECK (payment_reference IS NOT NULL OR claimed_reference IS NOT NULL)
);
CREATE UNIQUE INDEX payments_by_reference ON payments (tenant_id, payment_reference) WHERE payment_reference IS NOT NULL;
-- The same money, told again, is one record.
CREATE UNIQUE INDEX payments_by_claim ON payments (tenant_id, provider, claimed_reference, provider_transaction_id, amount)
  WHERE claimed_reference IS NOT NULL;
CREATE INDEX payments_by_session ON payments (tenant_id, session_id, id);
CREATE INDEX payments_by_location ON payments (tenant_id, location_id, id);
-- A payment is of the day when its money came.
CREATE INDEX payments_by_day ON payments (tenant_id, location_id, coalesce(settled_at, created_at));
CREATE INDEX payments_to_resolve ON payments (tenant_id, id) WHERE reasons <> '{}' AND resolution IS NULL;
CREATE INDEX payments_to_poll ON payments (next_poll_at) WHERE next_poll_at IS NOT NULL;
CREATE INDEX payments_to_attach ON payments (resolved_at) WHERE resolution = 'attach' AND bill_seq IS NULL;

CREATE TABLE refunds (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  payment_id uuid NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  reason text NOT NULL,
  status text NOT NULL CHECK (status IN ('pending', 'succeeded', 'failed')),
  manual boolean NOT NULL,
  idempotency_key text NOT NULL,
  fingerprint bytea NOT NULL,
  provider_refund_id text,
  provider_data jsonb CHECK (jsonb_typeof(provider_data) = 'object'),
  actor jsonb NOT NULL CHECK (jsonb_typeof(actor) = 'object'),
  polls integer NOT NULL DEFAULT 0,
  next_poll_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT session_clock(),
  finished_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, payment_id, idempotency_key),
  FOREIGN KEY (tenant_id, payment_id) REFERENCES payments
);
CREATE INDEX refunds_by_day ON refunds (tenant_id, finished_at);
CREATE INDEX refunds_to_poll ON refunds (next_poll_at) WHERE next_poll_at IS NOT NULL;

-- Found by id before the tenant is known: a webhook's address names it.
CREATE TABLE merchant_accounts (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL REFERENCES tenants,
  location_id uuid,
  provider text NOT NULL,
  name text NOT NULL,
  settings jsonb NOT NULL CHECK (jsonb_typeof(settings) = 'object'),
  sealed_secrets bytea NOT NULL,
  sealed_previous bytea,
  previous_until timestamptz,
  allowed_addresses text[] NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT session_clock(),
  updated_at timestamptz NOT NULL DEFAULT session_clock(),
  disabled_at timestamptz,
  FOREIGN KEY (tenant_id, location_id) REFERENCES locations
);
CREATE INDEX merchant_accounts_by_tenant ON merchant_accounts (tenant_id, id);

-- Every notice that a provider signed, once, with what came of it.
CREATE TABLE webhook_inbox (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  provider text NOT NULL,
  account text NOT NULL,
  digest bytea NOT NULL,
  method text NOT NULL,
  query text NOT NULL,
  headers jsonb NOT NULL CHECK (jsonb_typeof(headers) = 'object'),
  body bytea NOT NULL,
  verdict text NOT NULL,
  detail text,
  payment_id uuid,
  deliveries integer NOT NULL DEFAULT 1,
  received_at timestamptz NOT NULL DEFAULT session_clock(),
  last_received_at timestamptz NOT NULL DEFAULT session_clock(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, provider, account, digest)
);

-- A few of the calls that no provider signed, to find out who sends them.
CREATE TABLE webhook_samples (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  provider text NOT NULL,
  account text NOT NULL,
  reason text NOT NULL,
  address text NOT NULL,
  sample bytea NOT NULL CHECK (length(sample) <= 8192),
  received_at timestamptz NOT NULL DEFAULT session_clock(),
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX webhook_samples_by_time ON webhook_samples (received_at);

COMMENT ON TABLE payments IS 'Every payment, and all money that a provider reported, in whatever state its session is.';
COMMENT ON COLUMN payments.session_id IS 'Null while nobody knows which session the money is for.';
COMMENT ON COLUMN payments.payment_reference IS 'Ours, as the provider gets it; null for money that matched none of our payments.';
COMMENT ON COLUMN payments.claimed_reference IS 'For money that did not settle what it named: the reference that came with it.';
COMMENT ON COLUMN payments.provider IS 'momo, vnpay, zalopay, vietqr; null for cash and other.';
COMMENT ON COLUMN payments.account IS 'The merchant account: default, or an id; null when it was recorded by hand.';
COMMENT ON COLUMN payments.amount IS 'In minor units, like all amounts here.';
COMMENT ON COLUMN payments.provider_transaction_id IS 'The provider''s own id of the money''s movement.';
COMMENT ON COLUMN payments.mismatch IS 'Received against expected: none, short, over.';
COMMENT ON COLUMN payments.expected IS 'What was due when a person recorded it; null for what a phone started.';
COMMENT ON COLUMN payments.reasons IS 'Why a person should look at it: unmatched, short, over, late, duplicate, stale_pending.';
COMMENT ON COLUMN payments.bill_seq IS 'The session''s seq whose bill it was made for; null while it is on no bill.';
COMMENT ON COLUMN payments.split IS 'Which part of the bill: {type, ...} as in the log.';
COMMENT ON COLUMN payments.device_id IS 'The phone that started it.';
COMMENT ON COLUMN payments.actor IS '{type, id, name} of who recorded or started it.';
COMMENT ON COLUMN payments.tendered IS 'Cash handed over.';
COMMENT ON COLUMN payments.change IS 'Cash given back.';
COMMENT ON COLUMN payments.refunded_amount IS 'Given back for certain.';
COMMENT ON COLUMN payments.refund_held IS 'Given back, or on its way back: never more than the amount.';
COMMENT ON COLUMN payments.expires_at IS 'When its claim on the bill ends.';
COMMENT ON COLUMN payments.provider_data IS 'What was sent when it was created, to compare the echo with and to ask about it later.';
COMMENT ON COLUMN payments.polls IS 'How often the provider was asked about it.';
COMMENT ON COLUMN payments.next_poll_at IS 'When the provider is asked next; null: never.';
COMMENT ON COLUMN payments.resolution IS 'What a person decided, once; adopted: a later delivery found the payment it was for.';
COMMENT ON COLUMN payments.adopted_by IS 'The payment that this money settled after all.';

COMMENT ON TABLE refunds IS 'Money given back, or on its way back.';
COMMENT ON COLUMN refunds.manual IS 'Made by a person elsewhere, and recorded here.';
COMMENT ON COLUMN refunds.fingerprint IS 'SHA-256 of the request, to tell a repeat from another one under its key.';
COMMENT ON COLUMN refunds.provider_data IS 'What the provider needs to be asked about it.';
COMMENT ON COLUMN refunds.next_poll_at IS 'When the provider is asked next; null: never.';

COMMENT ON TABLE merchant_accounts IS 'Accounts with payment providers, besides the default one of the environment.';
COMMENT ON COLUMN merchant_accounts.location_id IS 'The only location it serves; null: all of the tenant.';
COMMENT ON COLUMN merchant_accounts.settings IS 'What is no secret, by provider.';
COMMENT ON COLUMN merchant_accounts.sealed_secrets IS 'AES-256-GCM under SECRETS_KEY.';
COMMENT ON COLUMN merchant_accounts.sealed_previous IS 'The secrets before the last rotation: still verify, never sign.';
COMMENT ON COLUMN merchant_accounts.previous_until IS 'When they stop.';
COMMENT ON COLUMN merchant_accounts.allowed_addresses IS 'Addresses that its webhooks may come from; empty: any.';

COMMENT ON TABLE webhook_inbox IS 'Every notice with a valid signature, once, as it came.';
COMMENT ON COLUMN webhook_inbox.digest IS 'SHA-256 of what came: the same notice again only counts up deliveries.';
COMMENT ON COLUMN webhook_inbox.headers IS 'Without secrets.';
COMMENT ON COLUMN webhook_inbox.verdict IS 'What came of it.';
COMMENT ON COLUMN webhook_inbox.deliveries IS 'How often it came.';

COMMENT ON TABLE webhook_samples IS 'A bounded sample of calls that could not be verified.';
COMMENT ON COLUMN webhook_samples.reason IS 'Why it was refused.';
COMMENT ON COLUMN webhook_samples.sample IS 'Its beginning, at most 8 KB.';
