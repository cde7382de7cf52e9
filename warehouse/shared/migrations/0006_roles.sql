-- The roles that use the warehouse. The folders `grants` have their privileges. No one else has access.
-- Airflow's tasks and the Glue jobs.
CREATE ROLE etl;
-- Analysts and BI tools, which only read.
CREATE ROLE data_analysts;
