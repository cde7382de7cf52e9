-- The views leave out error messages, warnings and examples of records, so analysts may read all of them.
GRANT USAGE ON SCHEMA operations TO ROLE data_analysts;
GRANT SELECT ON TABLE operations.v_runs TO ROLE data_analysts;
GRANT SELECT ON TABLE operations.v_run_steps TO ROLE data_analysts;
GRANT SELECT ON TABLE operations.v_reconciliation TO ROLE data_analysts;
GRANT SELECT ON TABLE operations.v_quality_scores TO ROLE data_analysts;
GRANT SELECT ON TABLE operations.v_quality_results TO ROLE data_analysts;
GRANT SELECT ON TABLE operations.v_rejects TO ROLE data_analysts;
GRANT SELECT ON TABLE operations.v_schema_drift TO ROLE data_analysts;
GRANT SELECT ON TABLE operations.v_freshness TO ROLE data_analysts;
