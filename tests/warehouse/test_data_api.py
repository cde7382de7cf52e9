"""The whole way on the local AWS: migrate, COPY Parquet from S3, audit, publish, refresh and look, by the Data API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from io import BytesIO

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aws_services import resources
from aws_services.errors import StatementFailed
from aws_services.redshift_data import BATCH_LIMIT, RedshiftData
from aws_services.s3 import S3
from infra.local_aws import LocalAws
from runs import ledger
from tests.fixtures.warehouse import empty
from tests.warehouse.days import PIPELINE, Day
from warehouse import step_log
from warehouse.load import NotStaged, copy_staged
from warehouse.migrate import migrate
from warehouse.publish import publish
from warehouse.quality import audit
from warehouse.refresh import materialized_views, refresh
from warehouse.summary import summarise
from warehouse.ticketmaster import STAR

pytestmark = pytest.mark.service

D1 = date(2026, 11, 20)
TYPES = {
    "run_id": pa.string(), "observed_on": pa.date32(), "latitude": pa.float64(), "longitude": pa.float64(),
    "upcoming_events": pa.int64(), "start_date_key": pa.int32(), "start_date": pa.date32(),
    "start_local_at": pa.timestamp("us"), "start_at": pa.timestamp("us"), "end_at": pa.timestamp("us"),
    "public_sale_start_at": pa.timestamp("us"), "public_sale_end_at": pa.timestamp("us"), "local_hour": pa.int32(),
    "weekday_sort": pa.int32(), "price_min": pa.decimal128(12, 2), "price_max": pa.decimal128(12, 2),
    "attraction_count": pa.int32(), "classification_count": pa.int32(), "presale_count": pa.int32(),
    "position": pa.int32(),
}  # fmt: skip


@pytest.fixture(scope="module")
def redshift(local_aws: LocalAws) -> Iterator[RedshiftData]:
    """The warehouse of the local AWS, which other tests use too: emptied before and after."""
    warehouse = RedshiftData()
    migrate(warehouse)
    empty(warehouse)
    yield warehouse
    empty(warehouse)


@pytest.fixture(scope="module")
def bucket(local_aws: LocalAws) -> str:
    """The lake: the role of COPY may read what is staged there, and nothing else."""
    S3()._client.create_bucket(Bucket=resources.LAKE_BUCKET)
    return resources.LAKE_BUCKET


def put(bucket: str, table: str, rows: list[dict], columns: list[str]) -> str:
    """Rows as Parquet in S3 with a COPY manifest; returns the manifest's URI."""
    schema = pa.schema([(name, _type(name)) for name in columns])
    buffer = BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), buffer)
    S3().put(bucket, f"staging/test/{table}.parquet", buffer.getvalue())
    entry = {
        "url": f"s3://{bucket}/staging/test/{table}.parquet",
        "mandatory": True,
        "meta": {"content_length": len(buffer.getvalue())},
    }
    S3().put(bucket, f"staging/test/{table}.manifest", json.dumps({"entries": [entry]}).encode())
    return f"s3://{bucket}/staging/test/{table}.manifest"


def _type(name: str) -> pa.DataType:
    return TYPES.get(name, pa.bool_() if name.startswith(("is_", "spans_")) else pa.string())


def columns_of(redshift: RedshiftData, table: str) -> list[str]:
    rows = redshift.execute(
        "SELECT column_name FROM svv_columns WHERE table_schema = 'staging' AND table_name = :name "
        "ORDER BY ordinal_position",
        {"name": table},
    )
    return [row["column_name"] for row in rows]


def test_a_run_from_parquet_to_data_products(redshift: RedshiftData, bucket: str) -> None:
    event = {
        "venue_id": "V1", "attraction_id": "A1", "attractions": ["A1"], "classification_id": "C1",
        "classifications": ["C1"], "market_id": "11", "price_min": Decimal("12.50"), "price_max": Decimal("99.99"),
        "price_currency": "USD", "start_at": datetime(2026, 12, 6, 2),  # noqa: DTZ001 - columns have no zone
    }  # fmt: skip
    day = Day(
        D1,
        [event | {"event_id": f"E{number}"} for number in range(4)] + [event | {"event_id": "P1", "is_show": False}],
        [{"venue_id": "V1", "name": "Théâtre d'été", "market_ids": "11", "upcoming_events": 4}],
        [{"attraction_id": "A1"}],
        [{"classification_id": "C1"}],
        [{"market_id": "11", "name": "Chicago"}],
    )
    run_id = day.run_id()
    ledger.open_run(redshift, run_id, PIPELINE, D1, 1, "manual__1")
    counts = ledger.TableCounts(
        table_name="events", said_records=6, got_records=6, raw_records=6, curated_records=5, quarantined_records=1,
        duplicate_records=0, residual_records=0,
    )  # fmt: skip
    ledger.record_entities(redshift, run_id, PIPELINE, D1, [counts])
    manifests = {
        table: put(bucket, table, rows, columns_of(redshift, table)) for table, rows in day.staged(run_id).items()
    }
    for _ in range(2):  # a repeated load replaces the run's rows
        copy_staged(redshift, run_id, manifests, resources.COPY_ROLE_ARN)

    assert audit(redshift, run_id).passed
    assert publish(redshift, PIPELINE, run_id, 1)
    refreshed = refresh(redshift, PIPELINE, run_id)
    ledger.close_run(redshift, run_id, "succeeded", requests=12)
    summary = summarise(redshift, run_id)

    assert "ticketmaster.mv_venue_activity" in refreshed
    assert summary.rows["fact_events"] == 5
    assert summary.rows["dim_venue"] == 2
    assert summary.balanced
    assert summary.run["status"] == "succeeded"
    assert (summary.run["said_records"], summary.run["raw_records"], summary.run["requests"]) == (6, 6, 12)
    (busiest,) = summary.highlights.values()
    assert [(row["rank"], row["name"], row["events"]) for row in busiest] == [(1, "Théâtre d'été", 4)]
    month = redshift.execute("SELECT * FROM ticketmaster.event_summary")
    assert [(row["year_month"], row["events"], row["shows"], row["top_venues"]) for row in month] == [
        ("2026-12", 5, 4, "Théâtre d'été (4)")
    ]
    assert month[0]["price_min_usd"] == Decimal("12.50")
    hours = redshift.execute(
        "SELECT weekday_sort, local_hour, events FROM ticketmaster.mv_events_by_hour_weekday WHERE events > 0"
    )
    assert [tuple(row.values()) for row in hours] == [(6, 20, 4)]
    assert_all_is_logged(redshift, run_id)


def assert_all_is_logged(redshift: RedshiftData, run_id: str) -> None:
    """Every procedure and step of a run, from COPY to the summary, has a row of the log, in time."""
    rows = redshift.execute(
        "SELECT procedure_name, rows_affected, status, started_at <= finished_at AS in_order FROM etl.etl_log "
        "WHERE run_id = :run_id",
        {"run_id": run_id},
    )
    assert {row["procedure_name"] for row in rows} == {
        *(f"COPY staging.{table}" for table in STAR.staged),
        "ticketmaster.sp_check_quality",
        "etl.sp_data_quality_checks",
        "etl.sp_check_fence",
        *STAR.merge,
        "etl.sp_record_star_table",
        "etl.sp_assert_star",
        "etl.sp_mark_published",
        "etl.sp_refresh_gold_layer",
        *materialized_views(STAR),
        "etl.sp_generate_event_summary",
    }
    assert all(row["status"] == "succeeded" and row["in_order"] for row in rows)
    copied = [row["rows_affected"] for row in rows if row["procedure_name"] == "COPY staging.ticketmaster_events"]
    assert copied == [5, 5]


def test_a_failed_run_is_closed_with_its_reason(redshift: RedshiftData) -> None:
    ledger.open_run(redshift, "ticketmaster_daily-2026-11-19", PIPELINE, date(2026, 11, 19), 2)
    ledger.close_run(
        redshift, "ticketmaster_daily-2026-11-19", "failed", failed_task="extract", error="quota: it's over"
    )

    rows = redshift.execute("SELECT status, failed_task, error, published_at FROM etl.runs WHERE status = 'failed'")
    assert [tuple(row.values()) for row in rows] == [("failed", "extract", "quota: it's over", None)]


def test_a_load_that_is_refused_is_logged(redshift: RedshiftData, bucket: str) -> None:
    with pytest.raises(StatementFailed):
        copy_staged(
            redshift, "refused-run", {"ticketmaster_events": f"s3://{bucket}/staging/none"}, resources.COPY_ROLE_ARN
        )

    rows = redshift.execute("SELECT procedure_name, status FROM etl.etl_log WHERE run_id = 'refused-run'")
    assert [tuple(row.values()) for row in rows] == [("COPY staging.ticketmaster_events", "failed")]


def test_a_load_beside_one_that_still_goes_on_leaves_the_rows_once(
    redshift: RedshiftData, bucket: str, local_aws: LocalAws
) -> None:
    table = "ticketmaster_markets"  # one that is locked here until both loads wait for it
    rows = Day(D1, markets=[{"market_id": "11"}, {"market_id": "27"}]).staged("run-loaded-twice")[table]
    manifest = {table: put(bucket, table, rows, columns_of(redshift, table))}
    with psycopg.connect(local_aws.postgresql_dsn) as session, ThreadPoolExecutor(2) as pool:
        session.execute(f"LOCK TABLE staging.{table} IN EXCLUSIVE MODE")
        loads = [
            pool.submit(copy_staged, RedshiftData(), "run-loaded-twice", manifest, resources.COPY_ROLE_ARN)
            for _ in range(2)
        ]
        while session.execute("SELECT COUNT(*) FROM pg_locks WHERE NOT granted").fetchone() != (2,):
            assert not any(load.done() for load in loads)
        session.commit()
        for load in loads:
            load.result()

    staged = redshift.execute(f"SELECT market_id FROM staging.{table} WHERE run_id = 'run-loaded-twice' ORDER BY 1")
    assert [row["market_id"] for row in staged] == ["11", "27"]


def test_no_unknown_field_is_left_out(redshift: RedshiftData) -> None:
    drift = [ledger.DriftRecord(f"a.b{number}", "new field", number + 1) for number in range(2 * BATCH_LIMIT + 5)]
    drift.append(ledger.DriftRecord("$.name", "retyped", 7, "s3://lake/p0.json.gz", 0))
    for _ in range(2):  # a repeated run replaces what it recorded
        ledger.record_drift(redshift, "drifting-run", "events", drift)

    rows = redshift.execute(
        "SELECT field_path, kind, occurrences, example_uri, example_index FROM etl.schema_drift "
        "WHERE run_id = 'drifting-run'"
    )
    assert {ledger.DriftRecord(*row.values()) for row in rows} == set(drift)
    assert len(rows) == len(drift)


def test_log_entries_are_in_utc(redshift: RedshiftData) -> None:
    began = datetime.now(UTC) - timedelta(minutes=5)
    east = timezone(timedelta(hours=9))
    step_log.log_failure(redshift, "some-run", "some step", "some error", began.astimezone(east))

    rows = redshift.execute("SELECT started_at, finished_at FROM etl.etl_log WHERE run_id = 'some-run'")
    assert rows[0]["started_at"] == began.replace(microsecond=0, tzinfo=None)
    assert abs((datetime.now(UTC).replace(tzinfo=None) - rows[0]["finished_at"]).total_seconds()) < 60


@pytest.mark.parametrize(
    ("tables", "role", "fault"),
    [
        ({"runs; DROP TABLE etl.runs": "s3://b-b-b/m"}, resources.COPY_ROLE_ARN, "not staging tables"),
        ({"ticketmaster_events": "s3://b-b-b/m' x"}, resources.COPY_ROLE_ARN, "not an S3 URI"),
        ({"ticketmaster_events": "s3://b-b-b/m"}, "root", "not the ARN of an IAM role"),
        ({}, resources.COPY_ROLE_ARN, "no table"),
    ],
)
def test_only_staging_tables_are_loaded(redshift: RedshiftData, tables: dict, role: str, fault: str) -> None:
    with pytest.raises(NotStaged, match=fault):
        copy_staged(redshift, "run", tables, role)
