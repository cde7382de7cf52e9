-- Analysts read the calendar. They do not see staged rows or the ledger.
GRANT USAGE ON SCHEMA common TO ROLE data_analysts;
GRANT SELECT ON TABLE common.dim_date TO ROLE data_analysts;
