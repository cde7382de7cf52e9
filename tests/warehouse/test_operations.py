"""The views of the ledger as analysts read them: a run with rejects, drift and a residual, a failed run, a rerun."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from aws_services import resources
from aws_services.errors import StatementFailed
from runs import ledger
from runs.dag_run import Step
from runs.ledger import DriftRecord, TableCounts
from runs.rejects import record_rejects
from runs.steps import record_steps
from tests.fixtures.warehouse import DirectRedshift

PIPELINE = "ticketmaster_daily"
GOOD, FAILED = f"{PIPELINE}-2026-11-19", f"{PIPELINE}-2026-11-20"
DAYS = {GOOD: date(2026, 11, 19), FAILED: date(2026, 11, 20)}
SECRET = "jane@example.org"
REASONS = {"missing at $.id": 2, "string_type at $.name": 1}


def open_run(redshift: Any, run_id: str) -> None:
    ledger.open_run(redshift, run_id, PIPELINE, DAYS[run_id], 1, "manual__1")
    redshift.execute(
        "UPDATE etl.runs SET started_at = DATEADD(HOUR, 2, CAST(business_date AS TIMESTAMP)) WHERE run_id = :run_id",
        {"run_id": run_id},
    )


def close(redshift: Any, run_id: str, status: ledger.Status, **values: Any) -> None:
    ledger.close_run(redshift, run_id, status, **values)
    redshift.execute(
        "UPDATE etl.runs SET finished_at = DATEADD(SECOND, 90, started_at) WHERE run_id = :run_id", {"run_id": run_id}
    )


def good_run(redshift: Any) -> None:
    """10 records reported, 9 fetched, 3 rejected; a duplicate; a field that drifts; a rule that fails; published."""
    open_run(redshift, GOOD)
    events = TableCounts(
        table_name="events",
        said_records=10,
        got_records=9,
        residual_records=1,
        raw_records=9,
        distinct_records=8,
        curated_records=5,
        quarantined_records=3,
        duplicate_records=1,
    )
    markets = TableCounts(table_name="markets", layer="curated", derived_records=4)
    ledger.record_entities(redshift, GOOD, PIPELINE, DAYS[GOOD], [events, markets])
    record_rejects(redshift, GOOD, "events", REASONS)
    drift = DriftRecord("$.new", "new field", 2, f"s3://lake/{SECRET}", 0, SECRET)
    ledger.record_drift(redshift, GOOD, "events", [drift])
    record_steps(redshift, GOOD, "manual__1", [Step("open_run", 1, 0, 1.5, 1.5), Step("validate", 2, 1, 6.0, 4.0)])
    for rule, severity, failed in (("tables_present", "CRITICAL", 0), ("events_rejected", "MEDIUM", 3)):
        redshift.execute(
            "INSERT INTO etl.data_quality_results VALUES "
            f"('{GOOD}', '{rule}', 'staged', '{severity}', 'staging.events', {failed}, 8, {not failed}, GETDATE())"
        )
    redshift.execute(
        f"INSERT INTO etl.quality_scores VALUES ('{GOOD}', 'staged', 92.5, 90, TRUE, GETDATE())",
    )
    redshift.execute(
        "UPDATE etl.runs SET quality_score = 92.5, "
        "published_at = DATEADD(MINUTE, 150, CAST(business_date AS TIMESTAMP))"
    )
    redshift.execute(f"INSERT INTO etl.run_dates VALUES ('{PIPELINE}', CAST('2026-11-19' AS DATE))")
    close(redshift, GOOD, "succeeded", requests=7, warnings=f"crawl: {SECRET}")


def failed_run(redshift: Any) -> None:
    open_run(redshift, FAILED)
    record_steps(redshift, FAILED, "manual__1", [Step("extract", 1, 1, 8.0, 8.0)])
    close(redshift, FAILED, "failed", failed_task="extract", error=f"bad value {SECRET}")


@pytest.fixture
def analyst(redshift: DirectRedshift) -> Iterator[DirectRedshift]:
    """An analyst's session on a ledger with both runs."""
    good_run(redshift)
    failed_run(redshift)
    session = redshift.sibling(f"IAMR:{resources.ANALYST_ROLE}")
    yield session
    session.close()


def rows(session: DirectRedshift, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in session.execute(sql)]


def test_runs_with_their_durations_and_sums(analyst: DirectRedshift) -> None:
    columns = (
        "business_date, status, is_published, has_warnings, failed_task, duration_seconds, work_seconds, "
        "publish_delay_hours, said_records, got_records, residual_records, quarantined_records, requests"
    )
    assert rows(analyst, f"SELECT {columns} FROM operations.v_runs ORDER BY business_date") == [
        (DAYS[GOOD], "succeeded", True, True, None, 90, Decimal("7.5"), Decimal("2.5"), 10, 9, 1, 3, 7),
        (DAYS[FAILED], "failed", False, False, "extract", 90, Decimal(8), None, None, None, None, None, None),
    ]


def test_steps_in_order_with_the_dag_runs_of_a_rerun_added_up(analyst: DirectRedshift, redshift: Any) -> None:
    record_steps(redshift, FAILED, "manual__2", [Step("extract", 1, 0, 2.0, 2.0), Step("own_step", 1, 0, 1.0, 1.0)])
    columns = "stage, step, dag_runs, tasks, failed_tasks, work_seconds, longest_seconds"
    assert rows(analyst, f"SELECT {columns} FROM operations.v_run_steps ORDER BY run_id, stage_sort") == [
        ("1 Open", "open_run", 1, 1, 0, Decimal("1.5"), Decimal("1.5")),
        ("3 Validate", "validate", 1, 2, 1, Decimal(6), Decimal(4)),
        ("2 Extract", "extract", 2, 2, 1, Decimal(10), Decimal(8)),
        ("9 Other", "own_step", 1, 1, 0, Decimal(1), Decimal(1)),
    ]


def test_counts_add_up_or_show_the_difference(analyst: DirectRedshift, redshift: Any) -> None:
    query = (
        "SELECT table_name, is_balanced, unexplained_records, lost_records, lost_rows "
        "FROM operations.v_reconciliation ORDER BY layer, table_name"
    )
    balanced = [("markets", True, None, None, None), ("events", True, 0, 0, None)]
    assert rows(analyst, query) == balanced
    for change, difference in (
        ("residual_records = 0", (1, 0, None)),
        ("residual_records = 1, duplicate_records = 0", (0, 1, None)),
        (
            "duplicate_records = 1, staged_rows = 5, inserted_rows = 2, versioned_rows = 1, unchanged_rows = 1",
            (0, 0, 1),
        ),
    ):
        redshift.execute(f"UPDATE etl.run_tables SET {change} WHERE table_name = 'events'")
        assert rows(analyst, query)[1] == ("events", False, *difference)


def test_quality_scores_and_rules(analyst: DirectRedshift) -> None:
    score = "SELECT pipeline, business_date, phase, score, gate, passed, rules, failed_rules"
    assert rows(analyst, f"{score} FROM operations.v_quality_scores") == [
        (PIPELINE, DAYS[GOOD], "staged", Decimal("92.50"), Decimal(90), True, 2, 1)
    ]
    rules = "SELECT rule_name, severity_sort, passed, failed_share FROM operations.v_quality_results ORDER BY 2"
    assert rows(analyst, rules) == [
        ("tables_present", 1, True, Decimal(0)),
        ("events_rejected", 3, False, Decimal("0.375")),
    ]


def test_rejects_sum_up_to_the_quarantine(analyst: DirectRedshift) -> None:
    assert rows(
        analyst, "SELECT pipeline, entity, reason, quarantined_records FROM operations.v_rejects ORDER BY 3"
    ) == [(PIPELINE, "events", reason, records) for reason, records in REASONS.items()]
    difference = (
        "SELECT r.run_id FROM operations.v_reconciliation AS r LEFT JOIN (SELECT run_id, entity, "
        "SUM(quarantined_records) AS records FROM operations.v_rejects GROUP BY run_id, entity) AS q "
        "ON r.run_id = q.run_id AND r.table_name = q.entity "
        "WHERE r.layer = 'raw' AND r.quarantined_records <> COALESCE(q.records, 0)"
    )
    assert rows(analyst, difference) == []


def test_drift(analyst: DirectRedshift) -> None:
    columns = "pipeline, business_date, entity, kind, field_path, occurrences"
    assert rows(analyst, f"SELECT {columns} FROM operations.v_schema_drift") == [
        (PIPELINE, DAYS[GOOD], "events", "new field", "$.new", 2)
    ]


def test_freshness_is_of_the_last_publication_not_of_the_last_run(analyst: DirectRedshift) -> None:
    columns = "pipeline, run_date, published_at, last_business_date, last_success_at, last_failure_at, days_behind"
    (row,) = rows(analyst, f"SELECT {columns}, hours_since_publication FROM operations.v_freshness")
    start = datetime(2026, 11, 19, 2)  # noqa: DTZ001 - columns have no zone
    ends = (start + timedelta(seconds=90), start + timedelta(days=1, seconds=90))
    published = start + timedelta(minutes=30)
    now = datetime.now(UTC).replace(tzinfo=None)
    assert row[:6] == (PIPELINE, DAYS[GOOD], published, DAYS[FAILED], *ends)
    assert row[6] in (days := (now.date() - DAYS[GOOD]).days, days - 1)
    assert abs(float(row[7]) - (now - published).total_seconds() / 3600) < 0.1


def test_a_rerun_replaces_what_it_finds(analyst: DirectRedshift, redshift: Any) -> None:
    """After a replay, fewer records are rejected; a run without rejected records has no row."""
    record_rejects(redshift, GOOD, "events", {"missing at $.id": 1})
    assert rows(analyst, "SELECT reason, quarantined_records FROM operations.v_rejects") == [("missing at $.id", 1)]
    record_rejects(redshift, GOOD, "venues", {"missing at $.id": 1})
    record_rejects(redshift, GOOD, "events", {})
    assert rows(analyst, "SELECT entity FROM operations.v_rejects") == [("venues",)]
    open_run(redshift, FAILED)
    running = "SELECT status, failed_task, duration_seconds FROM operations.v_runs WHERE run_id = :run_id"
    assert analyst.execute(running, {"run_id": FAILED}) == [
        {"status": "running", "failed_task": None, "duration_seconds": None}
    ]
    assert rows(analyst, "SELECT last_failure_at FROM operations.v_freshness") == [(None,)]


def test_errors_warnings_and_examples_stay_in_the_ledger(analyst: DirectRedshift) -> None:
    names = rows(analyst, "SELECT table_name FROM svv_tables WHERE table_schema = 'operations'")
    assert len(names) == 8
    cells = {
        str(cell) for (name,) in names for row in rows(analyst, f"SELECT * FROM operations.{name}") for cell in row
    }
    assert "$.new" in cells
    assert [cell for cell in cells if SECRET in cell] == []
    with pytest.raises(StatementFailed, match="permission denied"):
        analyst.execute("SELECT error FROM etl.runs")
