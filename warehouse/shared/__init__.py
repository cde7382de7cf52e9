"""SQL that all stars share: the ledger (schema etl), the conformed dimensions (schema common), the staging schema."""
