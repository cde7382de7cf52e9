-- Airflow's tasks and the Glue jobs change rows, call procedures and maintain tables. They create only temporary
-- tables, drop no tables, and do not change the list of migrations.
GRANT TEMPORARY ON DATABASE dev TO ROLE etl;
GRANT USAGE ON SCHEMA etl, staging, common TO ROLE etl;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA etl TO ROLE etl;
REVOKE INSERT, UPDATE, DELETE ON TABLE etl.schema_migrations FROM ROLE etl;
GRANT EXECUTE ON ALL PROCEDURES IN SCHEMA etl TO ROLE etl;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA staging TO ROLE etl;
GRANT SELECT ON ALL TABLES IN SCHEMA common TO ROLE etl;
