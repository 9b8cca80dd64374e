DROP INDEX session_events_by_tx;
COMMENT ON COLUMN session_events.tx IS 'The transaction that wrote it.';
