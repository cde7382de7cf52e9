"""The ledger: all runs, their counts, and their errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Literal

from aws_services.redshift_data import BATCH_LIMIT, RedshiftData, Value
from warehouse.nullable import NullableText, number_sql

Status = Literal["succeeded", "failed"]
Layer = Literal["raw", "curated"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableCounts:
    """Counts of one raw entity or one derived curated table of a run; None where a count does not apply.

    For a raw entity: raw = curated + quarantined + duplicate, curated <= distinct <= curated + quarantined (a record
    landed twice may be quarantined twice), and reported = fetched + residual (a record on the edge of two slices counts
    in both).

    Attributes:
        table_name: the entity or table.
        layer: `raw` for an entity of the source, `curated` for a derived table.
        said_records: records that the source reported, over all slices.
        got_records: distinct records landed for those slices.
        raw_records: records landed.
        distinct_records: distinct records landed, counted while fetching, independently of validation.
        curated_records: rows in the entity's own curated table.
        quarantined_records: records rejected with a reason.
        duplicate_records: records whose key an earlier record has.
        residual_records: reported minus fetched.
        derived_records: rows of a derived table.
    """

    table_name: str
    layer: Layer = "raw"
    said_records: int | None = None
    got_records: int | None = None
    raw_records: int | None = None
    distinct_records: int | None = None
    curated_records: int | None = None
    quarantined_records: int | None = None
    duplicate_records: int | None = None
    residual_records: int | None = None
    derived_records: int | None = None


@dataclass(frozen=True, slots=True)
class DriftRecord:
    """A field that differs from its contract or from the day before.

    Attributes:
        field_path: JSON path in the entity's records, without list indexes; for kind `gone`, `table.column`.
        kind: `new field`, `retyped`, `missing`, `null`, `discarded` or `gone`.
        occurrences: records; for kind `gone`, rows.
        example_uri: raw object of the first record, if there is one.
        example_index: the record's position in it, from 0.
        reason: why its value was discarded; None for other kinds.
    """

    field_path: str
    kind: str
    occurrences: int
    example_uri: str | None = None
    example_index: int | None = None
    reason: str | None = None


_COUNTS = tuple(field.name for field in fields(TableCounts) if field.name.endswith("_records"))


def open_run(
    redshift: RedshiftData,
    run_id: str,
    pipeline: str,
    business_date: date,
    fence: int,
    dag_run_id: str | None = None,
    *,
    accepts_drop: bool = False,
) -> None:
    """Record that a run is running. A run that is opened again keeps its first start and its publication.

    Args:
        redshift: the warehouse.
        run_id: the run.
        pipeline: its pipeline.
        business_date: its business date.
        fence: the fencing number of its run lock.
        dag_run_id: Airflow's DAG run, if Airflow runs it.
        accepts_drop: whether to publish despite a drop in the number of records.
    """
    dag_run = NullableText(dag_run_id)
    drop = "TRUE" if accepts_drop else "FALSE"
    run: dict[str, Value] = {
        "run_id": run_id,
        "pipeline": pipeline,
        "business_date": business_date,
        "fence": fence,
    }
    redshift.batch(
        [
            "LOCK etl.runs",  # a concurrent call for the run, such as one of a killed attempt, finishes first
            "UPDATE etl.runs SET status = 'running', fence = CAST(:fence AS BIGINT), dag_run_id = "
            f"{dag_run.sql('dag_run_id')}, accepts_drop = {drop}, same_as = NULL, finished_at = NULL, "
            "failed_task = NULL, error = NULL, warnings = NULL "
            "WHERE run_id = :run_id",
            "INSERT INTO etl.runs (run_id, pipeline, business_date, dag_run_id, fence, accepts_drop, status, "
            "started_at) SELECT CAST(:run_id AS VARCHAR(128)), CAST(:pipeline AS VARCHAR(128)), "
            "CAST(:business_date AS DATE), "
            f"{dag_run.sql('dag_run_id')}, CAST(:fence AS BIGINT), {drop}, 'running', GETDATE() "
            "FROM (SELECT COUNT(*) AS known FROM etl.runs WHERE run_id = :run_id) AS present WHERE known = 0",
        ],
        run | dag_run.params("dag_run_id"),
    )


def record_window(redshift: RedshiftData, run_id: str, observed_to: date) -> None:
    """Record the end of a run's observation window: a day (UTC), exclusive."""
    redshift.execute(
        "UPDATE etl.runs SET observed_to = CAST(:observed_to AS DATE) WHERE run_id = :run_id",
        {"run_id": run_id, "observed_to": observed_to},
    )


def has_succeeded(redshift: RedshiftData, run_id: str) -> bool:
    """Whether the run succeeded the last time: published, refreshed and closed, or closed as unchanged."""
    return bool(
        redshift.execute(
            "SELECT run_id FROM etl.runs WHERE run_id = :run_id AND status = 'succeeded' "
            "AND (published_at IS NOT NULL OR same_as IS NOT NULL)",
            {"run_id": run_id},
        )
    )


def standing_run(redshift: RedshiftData, pipeline: str) -> str | None:
    """The run of the latest published day, if it succeeded: readers see its data."""
    rows = redshift.execute(
        "SELECT run_id, status FROM etl.runs WHERE pipeline = :pipeline AND published_at IS NOT NULL "
        "ORDER BY business_date DESC, published_at DESC LIMIT 1",
        {"pipeline": pipeline},
    )
    return next((str(row["run_id"]) for row in rows if row["status"] == "succeeded"), None)


def record_same(redshift: RedshiftData, run_id: str, same_as: str) -> None:
    """Record that a run's source is unchanged since another run loaded it, so the run doesn't load it again."""
    redshift.execute(
        "UPDATE etl.runs SET same_as = :same_as WHERE run_id = :run_id", {"run_id": run_id, "same_as": same_as}
    )


def totals_of(redshift: RedshiftData, run_id: str) -> dict[str, float]:
    """The figures of a run for metrics, by name, without those that the run didn't reach."""
    rows = redshift.execute(
        "SELECT SUM(counts.raw_records) AS raw_records, SUM(counts.quarantined_records) AS quarantined_records, "
        "SUM(counts.residual_records) AS residual_records, MAX(runs.quality_score) AS quality_score "
        "FROM etl.runs AS runs LEFT JOIN etl.run_tables AS counts ON runs.run_id = counts.run_id "
        "AND counts.layer = 'raw' WHERE runs.run_id = :run_id",
        {"run_id": run_id},
    )
    return {name: float(value) for row in rows for name, value in row.items() if value is not None}


def close_run(
    redshift: RedshiftData,
    run_id: str,
    status: Status,
    *,
    requests: int | None = None,
    failed_task: str | None = None,
    error: str | None = None,
    warnings: str | None = None,
) -> None:
    """Record how a run ended, with the sums of its counts.

    Args:
        redshift: the warehouse.
        run_id: the run.
        status: how it ended.
        requests: requests to the source.
        failed_task: the task that failed.
        error: its error.
        warnings: problems that didn't fail the run, one per line.
    """
    task = NullableText(failed_task)
    reason = NullableText(error)
    warning_lines = NullableText(warnings)
    redshift.execute(
        "UPDATE etl.runs SET status = :status, finished_at = GETDATE(), "
        f"requests = {number_sql(requests)}, failed_task = {task.sql('failed_task')}, error = {reason.sql('error')}, "
        f"warnings = {warning_lines.sql('warnings')}, "
        "said_records = counts.said_records, raw_records = counts.raw_records "
        "FROM (SELECT CAST(:run_id AS VARCHAR(128)) AS run_id, SUM(said_records) AS said_records, "
        "SUM(raw_records) AS raw_records FROM etl.run_tables WHERE run_id = :run_id AND layer = 'raw') AS counts "
        "WHERE runs.run_id = counts.run_id",  # Redshift takes no other table that isn't joined by an equality
        {"run_id": run_id, "status": status}
        | task.params("failed_task")
        | reason.params("error")
        | warning_lines.params("warnings"),
    )


def record_entities(
    redshift: RedshiftData, run_id: str, pipeline: str, business_date: date, counts: Sequence[TableCounts]
) -> None:
    """Replace the raw and curated counts of a run; one transaction.

    Raises:
        ValueError: there are no counts, or more tables than one transaction allows.
    """
    if not 1 <= len(counts) <= BATCH_LIMIT - 2:
        raise ValueError(f"a run has counts of 1 to {BATCH_LIMIT - 2} tables, not {len(counts)}")
    params: dict[str, Value] = {"run_id": run_id, "pipeline": pipeline, "business_date": business_date}
    statements = [
        "LOCK etl.run_tables",
        "DELETE FROM etl.run_tables WHERE run_id = :run_id AND layer IN ('raw', 'curated')",
    ]
    for number, table in enumerate(counts):
        params[f"table_{number}"] = table.table_name
        params[f"layer_{number}"] = table.layer
        statements.append(
            f"INSERT INTO etl.run_tables (run_id, pipeline, business_date, layer, table_name, {', '.join(_COUNTS)}, "
            f"recorded_at) VALUES (:run_id, :pipeline, CAST(:business_date AS DATE), :layer_{number}, "
            f":table_{number}, {', '.join(number_sql(getattr(table, name)) for name in _COUNTS)}, GETDATE())"
        )
    redshift.batch(statements, params)


def record_drift(redshift: RedshiftData, run_id: str, entity: str, drift: Sequence[DriftRecord]) -> None:
    """Replace the recorded drift of one entity.

    If it doesn't fit into one transaction, several are used, with the most frequent drift first.
    """
    run_params: dict[str, Value] = {"run_id": run_id, "entity": entity}
    ranked = sorted(drift, key=lambda record: (-record.occurrences, record.kind, record.field_path))
    # LOCK: validations of several entities run concurrently, and a new attempt may overlap with the last one.
    statements = ["LOCK etl.schema_drift", "DELETE FROM etl.schema_drift WHERE run_id = :run_id AND entity = :entity"]
    params = dict(run_params)
    for number, record in enumerate(ranked):
        uri = NullableText(record.example_uri)
        reason = NullableText(record.reason)
        params |= {f"path_{number}": record.field_path[:250], f"kind_{number}": record.kind}
        params |= uri.params(f"uri_{number}") | reason.params(f"reason_{number}")
        statements.append(
            "INSERT INTO etl.schema_drift (run_id, entity, field_path, kind, occurrences, example_uri, example_index, "
            f"reason, seen_at) VALUES (:run_id, :entity, :path_{number}, :kind_{number}, "
            f"{number_sql(record.occurrences)}, {uri.sql(f'uri_{number}')}, {number_sql(record.example_index)}, "
            f"{reason.sql(f'reason_{number}')}, GETDATE())"
        )
        if len(statements) == BATCH_LIMIT:
            redshift.batch(statements, params)
            statements = []
            params = dict(run_params)
    if statements:
        redshift.batch(statements, params)
