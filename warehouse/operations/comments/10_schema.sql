COMMENT ON SCHEMA operations
IS 'How the pipelines do: runs, reconciliation, quality, quarantine and drift of the ledger. Times are UTC';
