-- The order of events across sessions, for feeds of whole locations: one range per tenant. The tenant stands in it as a hash,
-- so that no other statement can take it for a key: by (tenant_id, tx) itself, an append that was planned while the tables were
-- small would look for its key among all events of the tenant.
-- While it is built, appends wait: some seconds per million events. With a log where that is too long, build it beforehand,
-- beside the running service, and this finds it done:
--   CREATE INDEX CONCURRENTLY session_events_by_tx ON session_events (uuid_hash(tenant_id), tx);
CREATE INDEX IF NOT EXISTS session_events_by_tx ON session_events (uuid_hash(tenant_id), tx);

DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_index WHERE indexrelid = 'session_events_by_tx'::regclass AND NOT indisvalid) THEN
    RAISE EXCEPTION 'the index session_events_by_tx was not built to its end: drop it, and try again';
  END IF;
END $$;

COMMENT ON COLUMN session_events.tx IS 'The transaction that wrote it, as this server counts them: the order of feeds across sessions, which give out what lies below every transaction that still runs. Means nothing on another server.';
