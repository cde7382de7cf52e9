-- Who uses the warehouse. What each role may do stands in the folders `grants`; nobody else may do anything.
-- Airflow's tasks and the Glue jobs.
CREATE ROLE etl;
-- People and BI tools that read.
CREATE ROLE data_analysts;
