-- Views of the ledger for people and BI tools.
CREATE SCHEMA operations;
