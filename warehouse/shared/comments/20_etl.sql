-- Meanings of the columns of the ledger, for the data dictionary and for BI tools. All times are UTC.

COMMENT ON SCHEMA etl IS 'The ledger: runs with their counts, results and logs. Times are UTC';
COMMENT ON SCHEMA staging IS 'Rows of runs that are under way, loaded by Glue jobs and deleted by each publication';

COMMENT ON TABLE etl.runs IS 'One row per run: pipeline and business date';
COMMENT ON COLUMN etl.runs.run_id IS 'Pipeline and business date; -2, -3 … for further observations of the same day';
COMMENT ON COLUMN etl.runs.pipeline IS 'DAG that runs it';
COMMENT ON COLUMN etl.runs.business_date IS 'Day that the run is about, UTC';
COMMENT ON COLUMN etl.runs.dag_run_id IS 'Airflow DAG run that worked on it last';
COMMENT ON COLUMN etl.runs.fence IS 'Fencing number of the run lock; a number lower than the last one is refused';
COMMENT ON COLUMN etl.runs.accepts_drop IS 'Whether the run accepts a drop in the number of rows';
COMMENT ON COLUMN etl.runs.status IS 'running, succeeded or failed';
COMMENT ON COLUMN etl.runs.started_at IS 'When the run was first opened';
COMMENT ON COLUMN etl.runs.finished_at IS 'When the run ended; null while it is under way';
COMMENT ON COLUMN etl.runs.published_at
IS 'When its rows became visible to readers; null if the run was not published';
COMMENT ON COLUMN etl.runs.quality_score IS 'Score of the audit, 0 to 100';
COMMENT ON COLUMN etl.runs.said_records IS 'Records that the source reported';
COMMENT ON COLUMN etl.runs.raw_records IS 'Records landed';
COMMENT ON COLUMN etl.runs.requests IS 'Requests made to the source';
COMMENT ON COLUMN etl.runs.failed_task IS 'Task that failed, or null';
COMMENT ON COLUMN etl.runs.error IS 'Error message of that task, or null';

COMMENT ON TABLE etl.run_tables
IS 'Counts of every run, per raw entity, curated table and table of the star; counts that do not apply are null';
COMMENT ON COLUMN etl.run_tables.run_id IS 'The run, as in etl.runs';
COMMENT ON COLUMN etl.run_tables.pipeline IS 'Its pipeline';
COMMENT ON COLUMN etl.run_tables.business_date IS 'Its business date';
COMMENT ON COLUMN etl.run_tables.layer
IS 'raw: an entity of the source; curated: a derived table; star: a table of the star';
COMMENT ON COLUMN etl.run_tables.table_name IS 'Entity or table';
COMMENT ON COLUMN etl.run_tables.said_records IS 'Records that the source reported, over all slices';
COMMENT ON COLUMN etl.run_tables.got_records IS 'Different records landed for those slices: said = got + residual';
COMMENT ON COLUMN etl.run_tables.raw_records IS 'Records landed = curated + quarantined + duplicate';
COMMENT ON COLUMN etl.run_tables.distinct_records
IS 'Different records landed, counted while fetching, independently of validation';
COMMENT ON COLUMN etl.run_tables.curated_records IS 'Rows in the entity''s own curated table';
COMMENT ON COLUMN etl.run_tables.quarantined_records IS 'Records rejected; each is kept whole with every reason';
COMMENT ON COLUMN etl.run_tables.duplicate_records IS 'Records with the same key and content as another one of the run';
COMMENT ON COLUMN etl.run_tables.residual_records IS 'Records that the source reported and that could not be fetched';
COMMENT ON COLUMN etl.run_tables.derived_records IS 'Rows of a derived table';
COMMENT ON COLUMN etl.run_tables.staged_rows IS 'Rows staged = inserted + versioned + unchanged';
COMMENT ON COLUMN etl.run_tables.inserted_rows IS 'New rows';
COMMENT ON COLUMN etl.run_tables.versioned_rows IS 'Changed rows';
COMMENT ON COLUMN etl.run_tables.unchanged_rows IS 'Unchanged rows';
COMMENT ON COLUMN etl.run_tables.deleted_rows IS 'Rows that the source no longer shows';
COMMENT ON COLUMN etl.run_tables.recorded_at IS 'When the row was written';

COMMENT ON TABLE etl.etl_log IS 'One row per procedure and step';
COMMENT ON COLUMN etl.etl_log.log_id IS 'Number of the row, in no strict order';
COMMENT ON COLUMN etl.etl_log.run_id IS 'The run, as in etl.runs';
COMMENT ON COLUMN etl.etl_log.procedure_name IS 'Procedure or statement';
COMMENT ON COLUMN etl.etl_log.step IS 'Step of the procedure, such as merge';
COMMENT ON COLUMN etl.etl_log.started_at IS 'When it began, to the second';
COMMENT ON COLUMN etl.etl_log.finished_at IS 'When it ended, to the second';
COMMENT ON COLUMN etl.etl_log.rows_affected IS 'Rows that the step affected';
COMMENT ON COLUMN etl.etl_log.status IS 'succeeded or failed';
COMMENT ON COLUMN etl.etl_log.error IS 'Error message of Redshift';

COMMENT ON TABLE etl.data_quality_results IS 'Result of each quality rule: one row per run, phase and rule';
COMMENT ON COLUMN etl.data_quality_results.run_id IS 'The run, as in etl.runs';
COMMENT ON COLUMN etl.data_quality_results.rule_name
IS 'Name of the rule, in warehouse/<star>/rules.py or of a file in warehouse/<star>/quality';
COMMENT ON COLUMN etl.data_quality_results.phase IS 'staged: before publishing; star: within the publication';
COMMENT ON COLUMN etl.data_quality_results.severity
IS 'Severity of this result: CRITICAL (stops the run), HIGH, MEDIUM or LOW';
COMMENT ON COLUMN etl.data_quality_results.table_name IS 'Table that the rule checks';
COMMENT ON COLUMN etl.data_quality_results.failed_rows IS 'Rows that break the rule';
COMMENT ON COLUMN etl.data_quality_results.total_rows IS 'Rows checked';
COMMENT ON COLUMN etl.data_quality_results.passed IS 'Whether the failed rows are no more than the rule accepts';
COMMENT ON COLUMN etl.data_quality_results.checked_at IS 'When the rule ran';

COMMENT ON TABLE etl.quality_scores IS 'One row per run and phase: the score of its quality rules';
COMMENT ON COLUMN etl.quality_scores.run_id IS 'The run, as in etl.runs';
COMMENT ON COLUMN etl.quality_scores.phase IS 'staged: before publishing; star: within the publication';
COMMENT ON COLUMN etl.quality_scores.score IS 'Share of the rules that passed, weighted by severity, 0 to 100';
COMMENT ON COLUMN etl.quality_scores.gate IS 'Lowest score that is published';
COMMENT ON COLUMN etl.quality_scores.passed IS 'Whether no CRITICAL rule failed and the score reaches the gate';
COMMENT ON COLUMN etl.quality_scores.checked_at IS 'When the rules ran';

-- Migrations describe these columns too. Released migrations cannot change, so the current descriptions are here.
COMMENT ON COLUMN etl.runs.touched_from IS 'First observation day whose facts the latest publication changed';
COMMENT ON COLUMN etl.runs.touched_to IS 'Last observation day whose facts the latest publication changed';
COMMENT ON COLUMN etl.runs.same_as
IS 'Run that had already loaded the unchanged source, so that this one loaded nothing; else null';
COMMENT ON COLUMN etl.runs.observed_to
IS 'Day (UTC) on which the observation window ends, exclusive; null if all days were observed, or if it is unknown';
COMMENT ON COLUMN etl.runs.warnings
IS 'Warnings of a run that did not fail it, a line for each task that warned; else null';

COMMENT ON TABLE etl.schema_drift IS 'Differences between records and their contract, per run, entity, path and kind';
COMMENT ON COLUMN etl.schema_drift.field_path
IS 'JSON path in the records, without list indexes; table.column for gone, and if only the column refuses the value';
COMMENT ON COLUMN etl.schema_drift.kind
IS 'new field; retyped; missing or null although required; discarded: value dropped; gone: had values the day before';
COMMENT ON COLUMN etl.schema_drift.occurrences IS 'Records with the difference; for kind gone: rows without a value';
COMMENT ON COLUMN etl.schema_drift.example_uri IS 'Raw object of the first such record';
COMMENT ON COLUMN etl.schema_drift.example_index IS 'Position of that record in the raw object, from 0';
COMMENT ON COLUMN etl.schema_drift.reason IS 'Why the value of the first record was discarded; null for other kinds';
COMMENT ON COLUMN etl.schema_drift.run_id IS 'The run, as in etl.runs';
COMMENT ON COLUMN etl.schema_drift.entity IS 'Raw entity';
COMMENT ON COLUMN etl.schema_drift.seen_at IS 'When it was recorded';

COMMENT ON TABLE etl.fences
IS 'The highest fencing number that published a pipeline; an older holder of the run lock is refused';
COMMENT ON COLUMN etl.fences.pipeline IS 'The pipeline';
COMMENT ON COLUMN etl.fences.fence IS 'Its highest fencing number';
COMMENT ON COLUMN etl.fences.checked_at IS 'When a publication last checked it';

COMMENT ON TABLE etl.run_dates
IS 'The latest published business date; the next 30 days in data products start there';
COMMENT ON COLUMN etl.run_dates.pipeline IS 'The pipeline';
COMMENT ON COLUMN etl.run_dates.run_date IS 'Its latest published business date';

COMMENT ON TABLE etl.rejects IS 'Why records are in quarantine: one row per run, entity and reason';
COMMENT ON COLUMN etl.rejects.run_id IS 'The run, as in etl.runs';
COMMENT ON COLUMN etl.rejects.entity IS 'Raw entity';
COMMENT ON COLUMN etl.rejects.reason
IS 'Type of the first error and its JSON path, without values and list indexes; or "any other reason"';
COMMENT ON COLUMN etl.rejects.quarantined_records IS 'Records rejected for that reason';
COMMENT ON COLUMN etl.rejects.recorded_at IS 'When it was recorded';

COMMENT ON TABLE etl.run_steps IS 'How long the tasks of a run took: one row per DAG run of the run, and step';
COMMENT ON COLUMN etl.run_steps.run_id IS 'The run, as in etl.runs';
COMMENT ON COLUMN etl.run_steps.dag_run_id IS 'Airflow DAG run that worked on it';
COMMENT ON COLUMN etl.run_steps.step IS 'Task of the DAG';
COMMENT ON COLUMN etl.run_steps.tasks IS 'Tasks that ended: one, or one per entity';
COMMENT ON COLUMN etl.run_steps.failed_tasks IS 'Tasks among them that failed';
COMMENT ON COLUMN etl.run_steps.work_seconds IS 'Sum of the seconds of those tasks, each of its last attempt';
COMMENT ON COLUMN etl.run_steps.longest_seconds IS 'Seconds of the longest of those tasks';
COMMENT ON COLUMN etl.run_steps.recorded_at IS 'When it was recorded';
