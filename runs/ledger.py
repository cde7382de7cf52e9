"""The ledger: which runs there were, what each counted, and what went wrong."""

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
    landed twice may be quarantined twice), and reported = fetched + residual (where a record on the edge of two slices
    counts in both).

    Attributes:
        table_name: the entity or table.
        layer: `raw` for an entity of the source, `curated` for a table derived on the way.
        said_records: records that the source reported, slice by slice.
        got_records: different records landed for those slices.
        raw_records: records landed.
        distinct_records: different records landed, counted while fetching, independently of validation.
        curated_records: rows in the entity's own curated table.
        quarantined_records: records rejected with a reason.
        duplicate_records: records whose key was there before.
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
    """A field that is not as its contract has it, or no longer as it was.

    Attributes:
        field_path: JSON path in the entity's records, list indexes left out; for kind `gone`, `table.column`.
        kind: `new field`, `retyped`, `missing`, `null`, `discarded` or `gone`.
        occurrences: records; for kind `gone`, rows.
        example_uri: raw object of the first record, where there is one.
        example_index: its place there, from 0.
        reason: why its value was set aside; None for other kinds.
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
    """Record that a run is under way; a run that is opened again keeps its first start and its publication.

    Args:
        redshift: the warehouse.
        run_id: the run.
        pipeline: its pipeline.
        business_date: the day that it is about.
        fence: the fencing number of its run lock.
        dag_run_id: Airflow's run, if Airflow runs it.
        accepts_drop: whether a fall in the number of records that would stop the publication is meant.
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
            "LOCK etl.runs",  # one that asks the same at the same time, as a killed attempt's last words, goes first
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
    """Record the day (UTC) on which a run's observation window ends, exclusive."""
    redshift.execute(
        "UPDATE etl.runs SET observed_to = CAST(:observed_to AS DATE) WHERE run_id = :run_id",
        {"run_id": run_id, "observed_to": observed_to},
    )


def has_succeeded(redshift: RedshiftData, run_id: str) -> bool:
    """Whether the run ended well the last time: published, refreshed and closed, or closed with nothing to load."""
    return bool(
        redshift.execute(
            "SELECT run_id FROM etl.runs WHERE run_id = :run_id AND status = 'succeeded' "
            "AND (published_at IS NOT NULL OR same_as IS NOT NULL)",
            {"run_id": run_id},
        )
    )


def standing_run(redshift: RedshiftData, pipeline: str) -> str | None:
    """The run of the latest day that was published, if it ended well: what readers see is what it loaded."""
    rows = redshift.execute(
        "SELECT run_id, status FROM etl.runs WHERE pipeline = :pipeline AND published_at IS NOT NULL "
        "ORDER BY business_date DESC, published_at DESC LIMIT 1",
        {"pipeline": pipeline},
    )
    return next((str(row["run_id"]) for row in rows if row["status"] == "succeeded"), None)


def record_same(redshift: RedshiftData, run_id: str, same_as: str) -> None:
    """Record that a run found its source as another run had loaded it, and so has nothing to load."""
    redshift.execute(
        "UPDATE etl.runs SET same_as = :same_as WHERE run_id = :run_id", {"run_id": run_id, "same_as": same_as}
    )


def totals_of(redshift: RedshiftData, run_id: str) -> dict[str, float]:
    """The figures of a run that are worth watching over time, by name; those that it never reached are left out."""
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
        requests: those made to the source.
        failed_task: the task that failed.
        error: why it did.
        warnings: what went wrong without failing the run, a line each.
    """
    task, reason, warned = NullableText(failed_task), NullableText(error), NullableText(warnings)
    redshift.execute(
        "UPDATE etl.runs SET status = :status, finished_at = GETDATE(), "
        f"requests = {number_sql(requests)}, failed_task = {task.sql('failed_task')}, error = {reason.sql('error')}, "
        f"warnings = {warned.sql('warnings')}, "
        "said_records = counts.said_records, raw_records = counts.raw_records "
        "FROM (SELECT SUM(said_records) AS said_records, SUM(raw_records) AS raw_records "
        "FROM etl.run_tables WHERE run_id = :run_id AND layer = 'raw') AS counts WHERE runs.run_id = :run_id",
        {"run_id": run_id, "status": status}
        | task.params("failed_task")
        | reason.params("error")
        | warned.params("warnings"),
    )


def record_entities(
    redshift: RedshiftData, run_id: str, pipeline: str, business_date: date, counts: Sequence[TableCounts]
) -> None:
    """Replace the raw and curated counts of a run; one transaction.

    Raises:
        ValueError: no counts, or more tables than one transaction takes.
    """
    if not 1 <= len(counts) <= BATCH_LIMIT - 2:
        raise ValueError(f"a run counts 1 to {BATCH_LIMIT - 2} tables, not {len(counts)}")
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
    """Record all drift of one entity, in place of what was there.

    More than one transaction takes is written in several, the most frequent first.
    """
    named: dict[str, Value] = {"run_id": run_id, "entity": entity}
    ranked = sorted(drift, key=lambda record: (-record.occurrences, record.kind, record.field_path))
    # LOCK: the entities' validations run side by side, and a repeated one beside the one before.
    statements = ["LOCK etl.schema_drift", "DELETE FROM etl.schema_drift WHERE run_id = :run_id AND entity = :entity"]
    params = dict(named)
    for number, record in enumerate(ranked):
        uri, reason = NullableText(record.example_uri), NullableText(record.reason)
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
            statements, params = [], dict(named)
    if statements:
        redshift.batch(statements, params)
