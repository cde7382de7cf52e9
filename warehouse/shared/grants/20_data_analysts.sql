-- Analysts read the calendar. Staged rows and the books of the runs are none of theirs.
GRANT USAGE ON SCHEMA common TO ROLE data_analysts;
GRANT SELECT ON TABLE common.dim_date TO ROLE data_analysts;
