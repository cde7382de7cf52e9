-- What the columns of the ledger mean, for the data dictionary and for BI tools. All times are UTC.

COMMENT ON SCHEMA etl IS 'The ledger: what was loaded when, from what, and with what result. Times are UTC';
COMMENT ON SCHEMA staging IS 'Rows of runs that are under way, loaded by Glue jobs; emptied by each publication';

COMMENT ON TABLE etl.runs IS 'One row per run: pipeline and business date';
COMMENT ON COLUMN etl.runs.run_id IS 'Pipeline and business date; -2, -3 … for further observations of the same day';
COMMENT ON COLUMN etl.runs.pipeline IS 'DAG that carries it out';
COMMENT ON COLUMN etl.runs.business_date IS 'Day that is observed, UTC';
COMMENT ON COLUMN etl.runs.dag_run_id IS 'Airflow''s run that worked on it last';
COMMENT ON COLUMN etl.runs.fence IS 'Fencing number of the run lock: a lower one than the last is refused';
COMMENT ON COLUMN etl.runs.accepts_drop IS 'A fall in the number of rows was said to be meant';
COMMENT ON COLUMN etl.runs.status IS 'running, succeeded or failed';
COMMENT ON COLUMN etl.runs.started_at IS 'When it was opened first';
COMMENT ON COLUMN etl.runs.finished_at IS 'When it ended; null while it runs';
COMMENT ON COLUMN etl.runs.published_at IS 'When readers could see it; null when it never was published';
COMMENT ON COLUMN etl.runs.quality_score IS 'Score of the audit, 0 to 100';
COMMENT ON COLUMN etl.runs.said_records IS 'Records that the source said there are';
COMMENT ON COLUMN etl.runs.raw_records IS 'Records landed';
COMMENT ON COLUMN etl.runs.requests IS 'Requests made to the source';
COMMENT ON COLUMN etl.runs.failed_task IS 'Task that failed, or null';
COMMENT ON COLUMN etl.runs.error IS 'Why it failed, in words, or null';

COMMENT ON TABLE etl.run_tables
IS 'The books of every run, per raw entity, curated table and table of the star; what does not apply is null';
COMMENT ON COLUMN etl.run_tables.run_id IS 'The run, as in etl.runs';
COMMENT ON COLUMN etl.run_tables.pipeline IS 'Its pipeline';
COMMENT ON COLUMN etl.run_tables.business_date IS 'Its business date';
COMMENT ON COLUMN etl.run_tables.layer
IS 'raw: an entity of the source; curated: a derived table; star: a table of the star';
COMMENT ON COLUMN etl.run_tables.table_name IS 'Entity or table';
COMMENT ON COLUMN etl.run_tables.said_records IS 'What the source said there is, window by window';
COMMENT ON COLUMN etl.run_tables.got_records IS 'Different records landed for those windows: said = got + residual';
COMMENT ON COLUMN etl.run_tables.raw_records IS 'Records landed = curated + quarantined + duplicate';
COMMENT ON COLUMN etl.run_tables.distinct_records
IS 'Different records landed, counted while fetching, independently of validation';
COMMENT ON COLUMN etl.run_tables.curated_records IS 'Rows in the entity''s own curated table';
COMMENT ON COLUMN etl.run_tables.quarantined_records IS 'Records rejected, kept whole with every reason';
COMMENT ON COLUMN etl.run_tables.duplicate_records IS 'Records whose key was there before';
COMMENT ON COLUMN etl.run_tables.residual_records IS 'What the source said there is and could not be had';
COMMENT ON COLUMN etl.run_tables.derived_records IS 'Rows of a table derived on the way';
COMMENT ON COLUMN etl.run_tables.staged_rows IS 'Rows staged = inserted + versioned + unchanged';
COMMENT ON COLUMN etl.run_tables.inserted_rows IS 'Rows that are new';
COMMENT ON COLUMN etl.run_tables.versioned_rows IS 'Rows that changed';
COMMENT ON COLUMN etl.run_tables.unchanged_rows IS 'Rows that are as they were';
COMMENT ON COLUMN etl.run_tables.deleted_rows IS 'Rows that the day no longer shows';
COMMENT ON COLUMN etl.run_tables.recorded_at IS 'When this was written';

COMMENT ON TABLE etl.etl_log IS 'One row per procedure and step';
COMMENT ON COLUMN etl.etl_log.log_id IS 'Number of the row, in no strict order';
COMMENT ON COLUMN etl.etl_log.run_id IS 'The run, as in etl.runs';
COMMENT ON COLUMN etl.etl_log.procedure_name IS 'Procedure or statement';
COMMENT ON COLUMN etl.etl_log.step IS 'What it did';
COMMENT ON COLUMN etl.etl_log.started_at IS 'When it began, to the second';
COMMENT ON COLUMN etl.etl_log.finished_at IS 'When it ended, to the second';
COMMENT ON COLUMN etl.etl_log.rows_affected IS 'Rows that it touched';
COMMENT ON COLUMN etl.etl_log.status IS 'succeeded or failed';
COMMENT ON COLUMN etl.etl_log.error IS 'Why it failed, as Redshift said it';

COMMENT ON TABLE etl.data_quality_results IS 'One row per run, phase and quality rule: what was found';
COMMENT ON COLUMN etl.data_quality_results.run_id IS 'The run, as in etl.runs';
COMMENT ON COLUMN etl.data_quality_results.rule_name
IS 'The rule: in warehouse/<star>/rules.py, or a file of that name in warehouse/<star>/quality';
COMMENT ON COLUMN etl.data_quality_results.phase IS 'staged: before publishing; star: within the publication';
COMMENT ON COLUMN etl.data_quality_results.severity IS 'Of this finding: CRITICAL (stops the run), HIGH, MEDIUM or LOW';
COMMENT ON COLUMN etl.data_quality_results.table_name IS 'Table that the rule is about';
COMMENT ON COLUMN etl.data_quality_results.failed_rows IS 'Rows that break the rule';
COMMENT ON COLUMN etl.data_quality_results.total_rows IS 'Rows looked at';
COMMENT ON COLUMN etl.data_quality_results.passed IS 'Whether no more rows fail than the rule accepts';
COMMENT ON COLUMN etl.data_quality_results.checked_at IS 'When it was asked';

COMMENT ON TABLE etl.quality_scores IS 'One row per run and phase: the score of its quality rules';
COMMENT ON COLUMN etl.quality_scores.run_id IS 'The run, as in etl.runs';
COMMENT ON COLUMN etl.quality_scores.phase IS 'staged: before publishing; star: within the publication';
COMMENT ON COLUMN etl.quality_scores.score IS 'Share of the rules that passed, weighted by severity, 0 to 100';
COMMENT ON COLUMN etl.quality_scores.gate IS 'Score under which nothing is published';
COMMENT ON COLUMN etl.quality_scores.passed IS 'Whether no CRITICAL rule failed and the score reaches the gate';
COMMENT ON COLUMN etl.quality_scores.checked_at IS 'When they were asked';

COMMENT ON COLUMN etl.schema_drift.run_id IS 'The run, as in etl.runs';
COMMENT ON COLUMN etl.schema_drift.entity IS 'Raw entity';
COMMENT ON COLUMN etl.schema_drift.seen_at IS 'When it was recorded';

COMMENT ON TABLE etl.fences
IS 'The highest fencing number that ever published a pipeline: an older holder of the run lock is refused';
COMMENT ON COLUMN etl.fences.pipeline IS 'The pipeline';
COMMENT ON COLUMN etl.fences.fence IS 'Its highest fencing number';
COMMENT ON COLUMN etl.fences.checked_at IS 'When it was shown';

COMMENT ON TABLE etl.run_dates
IS 'The latest business date published, which the coming 30 days in data products are relative to';
COMMENT ON COLUMN etl.run_dates.pipeline IS 'The pipeline';
COMMENT ON COLUMN etl.run_dates.run_date IS 'Its latest published business date';
