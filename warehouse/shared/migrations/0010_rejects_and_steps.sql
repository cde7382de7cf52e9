-- Why records of a run are in quarantine. The sum of a run's entity is run_tables.quarantined_records.
CREATE TABLE etl.rejects (
    run_id VARCHAR(128) NOT NULL ENCODE ZSTD,
    entity VARCHAR(128) NOT NULL ENCODE ZSTD,
    reason VARCHAR(1000) NOT NULL ENCODE ZSTD,
    quarantined_records BIGINT NOT NULL ENCODE AZ64,
    recorded_at TIMESTAMP NOT NULL ENCODE RAW,
    PRIMARY KEY (run_id, entity, reason)
)
DISTSTYLE ALL
SORTKEY (recorded_at);

-- How long the tasks of a run took. A run that is resumed or loaded again has several DAG runs.
CREATE TABLE etl.run_steps (
    run_id VARCHAR(128) NOT NULL ENCODE ZSTD,
    dag_run_id VARCHAR(1000) NOT NULL ENCODE ZSTD,
    step VARCHAR(256) NOT NULL ENCODE ZSTD,
    tasks BIGINT NOT NULL ENCODE AZ64,
    failed_tasks BIGINT NOT NULL ENCODE AZ64,
    work_seconds DECIMAL(12, 3) NOT NULL ENCODE AZ64,
    longest_seconds DECIMAL(12, 3) NOT NULL ENCODE AZ64,
    recorded_at TIMESTAMP NOT NULL ENCODE RAW,
    PRIMARY KEY (run_id, dag_run_id, step)
)
DISTSTYLE ALL
SORTKEY (recorded_at);
