"""The ledger records a run from its opening to its end, and no other run."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from runs import ledger
from runs.ledger import DriftRecord, TableCounts
from tests.fixtures.warehouse import DirectRedshift
from warehouse.step_log import log_failure
from warehouse.summary import is_published

PIPELINE, DAY = "ticketmaster_daily", date(2026, 11, 20)
RUN, OTHER = "ticketmaster_daily-2026-11-20", "ticketmaster_daily-2026-11-19"


def row_of(redshift: DirectRedshift, columns: str, run_id: str = RUN) -> tuple[Any, ...]:
    (row,) = redshift.execute(f"SELECT {columns} FROM etl.runs WHERE run_id = :run_id", {"run_id": run_id})
    return tuple(row.values())


def rows(redshift: DirectRedshift, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in redshift.execute(sql)]


@pytest.fixture
def both(redshift: DirectRedshift) -> DirectRedshift:
    """Two opened runs, with reconciliation and drift."""
    for run_id, day, fence in ((OTHER, date(2026, 11, 19), 1), (RUN, DAY, 2)):
        ledger.open_run(redshift, run_id, PIPELINE, day, fence, "scheduled__1")  # type: ignore[arg-type]
        counts = [
            TableCounts(table_name="events", said_records=10, raw_records=9, quarantined_records=2, residual_records=1),
            TableCounts(table_name="venues", said_records=3, raw_records=3),
            TableCounts(table_name="markets", layer="curated", derived_records=4),
        ]
        ledger.record_entities(redshift, run_id, PIPELINE, day, counts)  # type: ignore[arg-type]
        ledger.record_drift(redshift, run_id, "events", [DriftRecord("$.new", "new field", 2)])  # type: ignore[arg-type]
    return redshift


class TestOpening:
    """A run is opened once. Opened again, it keeps its first start and loses its outcome."""

    def test_it_is_running(self, redshift: DirectRedshift) -> None:
        ledger.open_run(redshift, RUN, PIPELINE, DAY, 7, "manual__1", accepts_drop=True)  # type: ignore[arg-type]
        columns = "pipeline, business_date, fence, dag_run_id, accepts_drop, status, finished_at"
        assert row_of(redshift, columns) == (PIPELINE, DAY, 7, "manual__1", True, "running", None)

    def test_without_a_dag_run_or_leave_to_drop(self, redshift: DirectRedshift) -> None:
        ledger.open_run(redshift, RUN, PIPELINE, DAY, 7)  # type: ignore[arg-type]
        assert row_of(redshift, "dag_run_id, accepts_drop") == (None, False)

    def test_again_it_keeps_its_start_and_publication_and_leaves_other_runs_alone(self, both: DirectRedshift) -> None:
        first = "UPDATE etl.runs SET started_at = CAST('2026-11-20 02:00:00' AS TIMESTAMP), published_at = GETDATE()"
        both.execute(first)
        for run_id in (RUN, OTHER):
            ended = {"failed_task": "publish", "error": "no space", "warnings": "crawl: old"}
            ledger.close_run(both, run_id, "failed", **ended)  # type: ignore[arg-type]
            ledger.record_same(both, run_id, "another")  # type: ignore[arg-type]
        ledger.open_run(both, RUN, PIPELINE, DAY, 8, "manual__2", accepts_drop=True)  # type: ignore[arg-type]
        ended_as = "status, fence, dag_run_id, accepts_drop, finished_at, failed_task, error, warnings, same_as"
        assert row_of(both, ended_as) == ("running", 8, "manual__2", True, None, None, None, None, None)
        kept = "started_at, published_at IS NOT NULL"
        assert row_of(both, kept) == (datetime(2026, 11, 20, 2), True)  # noqa: DTZ001 - columns have no zone
        other = "status, fence, failed_task, error, warnings, same_as"
        assert row_of(both, other, OTHER) == ("failed", 1, "publish", "no space", "crawl: old", "another")

    def test_its_window_is_its_own(self, both: DirectRedshift) -> None:
        ledger.record_window(both, RUN, date(2026, 12, 20))  # type: ignore[arg-type]
        windows = [row_of(both, "observed_to", run_id) for run_id in (RUN, OTHER)]
        assert windows == [(date(2026, 12, 20),), (None,)]


class TestEnd:
    """A closed run has the sums of its raw reconciliation."""

    def test_the_sums_are_of_its_own_raw_entities(self, both: DirectRedshift) -> None:
        ledger.close_run(both, RUN, "succeeded", requests=5)  # type: ignore[arg-type]
        columns = "status, said_records, raw_records, requests, failed_task, error, finished_at IS NOT NULL"
        assert row_of(both, columns) == ("succeeded", 13, 12, 5, None, None, True)
        assert row_of(both, columns, OTHER) == ("running", None, None, None, None, None, False)

    def test_its_figures_leave_out_what_it_never_reached(self, both: DirectRedshift) -> None:
        totals = {"raw_records": 12.0, "quarantined_records": 2.0, "residual_records": 1.0}
        assert ledger.totals_of(both, RUN) == totals  # type: ignore[arg-type]
        both.execute("UPDATE etl.runs SET quality_score = 98.5")
        assert ledger.totals_of(both, RUN) == totals | {"quality_score": 98.5}  # type: ignore[arg-type]
        ledger.open_run(both, "new", PIPELINE, DAY, 3)  # type: ignore[arg-type]
        assert ledger.totals_of(both, "new") == {}  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("status", "published", "same_as", "succeeded"),
        [
            ("succeeded", True, None, True),
            ("succeeded", False, OTHER, True),
            ("succeeded", False, None, False),
            ("failed", True, None, False),
            ("failed", False, OTHER, False),
        ],
    )
    def test_it_succeeded_when_it_ended_well_and_was_published_or_had_nothing_to_load(
        self, both: DirectRedshift, status: ledger.Status, published: bool, same_as: str | None, succeeded: bool
    ) -> None:
        ledger.close_run(both, RUN, status)  # type: ignore[arg-type]
        if published:
            both.execute("UPDATE etl.runs SET published_at = GETDATE() WHERE run_id = :run_id", {"run_id": RUN})
        if same_as:
            ledger.record_same(both, RUN, same_as)  # type: ignore[arg-type]
        assert ledger.has_succeeded(both, RUN) == succeeded  # type: ignore[arg-type]
        assert is_published(both, RUN) == published  # type: ignore[arg-type]
        assert not ledger.has_succeeded(both, OTHER)  # type: ignore[arg-type]
        assert not is_published(both, OTHER)  # type: ignore[arg-type]


def test_the_standing_run_is_its_own_pipelines_and_of_the_last_publication(both: DirectRedshift) -> None:
    assert ledger.standing_run(both, PIPELINE) is None  # type: ignore[arg-type]
    ledger.open_run(both, "second look", PIPELINE, DAY, 3)  # type: ignore[arg-type]
    ledger.open_run(both, "of another", "tickit_load", date(2026, 11, 25), 1)  # type: ignore[arg-type]
    for hour, run_id in enumerate(("second look", RUN, OTHER, "of another")):
        ledger.close_run(both, run_id, "succeeded")  # type: ignore[arg-type]
        at = f"UPDATE etl.runs SET published_at = CAST('2026-11-26 0{hour}:00:00' AS TIMESTAMP)"
        both.execute(f"{at} WHERE run_id = :run_id", {"run_id": run_id})
    assert ledger.standing_run(both, PIPELINE) == RUN  # type: ignore[arg-type]
    assert ledger.standing_run(both, "tickit_load") == "of another"  # type: ignore[arg-type]


class TestBooks:
    """A run's reconciliation is written as a whole, and replaces the earlier one."""

    def test_again_they_replace_the_runs_raw_and_curated_side_alone(self, both: DirectRedshift) -> None:
        both.execute(f"CALL etl.sp_record_star_table('{RUN}', 'dim_venue', 1, 1, 0, 0)")
        counts = [TableCounts(table_name="events", raw_records=5)]
        ledger.record_entities(both, RUN, PIPELINE, DAY, counts)  # type: ignore[arg-type]
        mine = "SELECT layer, table_name, raw_records, said_records FROM etl.run_tables WHERE run_id = '{}' ORDER BY 2"
        assert rows(both, mine.format(RUN)) == [("star", "dim_venue", None, None), ("raw", "events", 5, None)]
        assert [row[1] for row in rows(both, mine.format(OTHER))] == ["events", "markets", "venues"]

    @pytest.mark.parametrize("tables", [0, 39])
    def test_none_and_more_than_a_transaction_takes_are_refused(self, both: DirectRedshift, tables: int) -> None:
        counts = [TableCounts(table_name=f"t{number}") for number in range(tables)]
        with pytest.raises(ValueError, match=f"1 to 38 tables, not {tables}"):
            ledger.record_entities(both, RUN, PIPELINE, DAY, counts)  # type: ignore[arg-type]
        ledger.record_entities(both, RUN, PIPELINE, DAY, counts[:38] or [TableCounts(table_name="t")])  # type: ignore[arg-type]

    def test_drift_is_replaced_for_its_entity_and_run_alone(self, both: DirectRedshift) -> None:
        ledger.record_drift(both, RUN, "venues", [DriftRecord("$.roof", "retyped", 1)])  # type: ignore[arg-type]
        ledger.record_drift(both, RUN, "events", [DriftRecord("$.name", "discarded", 3, "s3://l/p", 0, "too long")])  # type: ignore[arg-type]
        columns = "run_id, entity, field_path, occurrences, example_uri, example_index, reason"
        assert rows(both, f"SELECT {columns} FROM etl.schema_drift ORDER BY 1, 2") == [
            (OTHER, "events", "$.new", 2, None, None, None),
            (RUN, "events", "$.name", 3, "s3://l/p", 0, "too long"),
            (RUN, "venues", "$.roof", 1, None, None, None),
        ]
        ledger.record_drift(both, RUN, "venues", [])  # type: ignore[arg-type]
        assert rows(both, "SELECT entity FROM etl.schema_drift WHERE run_id <> 'x' ORDER BY 1") == [("events",)] * 2


def test_a_failure_is_logged_with_its_reason_cut_and_without_what_no_text_may_hold(redshift: DirectRedshift) -> None:
    log_failure(redshift, RUN, "merge", "a\x00b" + "c" * 2000, datetime.now(UTC))  # type: ignore[arg-type]
    log_failure(redshift, RUN, "merge", "", datetime.now(UTC))  # type: ignore[arg-type]
    logged = "SELECT procedure_name, step, status, error FROM etl.etl_log ORDER BY log_id"
    assert rows(redshift, logged) == [
        ("merge", "failed", "failed", "ab" + "c" * 998),
        ("merge", "failed", "failed", None),
    ]
