"""The procedures that all stars share know their own run and pipeline, and leave those of others alone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from aws_services.errors import StatementFailed
from tests.fixtures.warehouse import DirectRedshift

OURS, OTHERS = "ticketmaster_daily", "tickit_load"
DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 12)  # noqa: DTZ001 - columns have no zone


def a_run(redshift: DirectRedshift, run_id: str, *, pipeline: str = OURS, day: date = DAY, **more: Any) -> str:
    """A run in the ledger."""
    row = {"run_id": run_id, "pipeline": pipeline, "business_date": day, "fence": 1, "status": "running"}
    redshift.insert("etl.runs", [row | {"started_at": NOON, "published_at": None} | more])
    return run_id


def rows(redshift: DirectRedshift, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in redshift.execute(sql)]


class TestFence:
    """A publisher is refused once a later holder of its pipeline's lock has published, or begun."""

    @staticmethod
    def check(redshift: DirectRedshift, fence: int, pipeline: str = OURS) -> None:
        redshift.execute(f"CALL etl.sp_check_fence('run', '{pipeline}', {fence})")

    def test_the_number_of_the_last_publisher_is_kept_for_each_pipeline(self, redshift: DirectRedshift) -> None:
        for pipeline, fence in ((OURS, 3), (OTHERS, 9), (OURS, 3), (OURS, 4)):
            self.check(redshift, fence, pipeline)
        assert rows(redshift, "SELECT pipeline, fence FROM etl.fences ORDER BY 1") == [(OURS, 4), (OTHERS, 9)]

    def test_a_lower_number_than_has_published_is_refused_and_not_kept(self, redshift: DirectRedshift) -> None:
        self.check(redshift, 4)
        with pytest.raises(StatementFailed, match="fence 3 of ticketmaster_daily is out of date: 4 has published"):
            self.check(redshift, 3)
        assert rows(redshift, "SELECT fence FROM etl.fences") == [(4,)]

    def test_a_lower_number_than_a_run_was_opened_with_is_refused(self, redshift: DirectRedshift) -> None:
        a_run(redshift, "others", pipeline=OTHERS, fence=9)
        a_run(redshift, "earlier", fence=2)
        a_run(redshift, "ours", fence=3)
        self.check(redshift, 3)
        a_run(redshift, "later", fence=4)
        with pytest.raises(StatementFailed, match="fence 3 of ticketmaster_daily is out of date: 4 has opened a run"):
            self.check(redshift, 3)

    def test_when_it_was_checked_is_kept_too(self, redshift: DirectRedshift) -> None:
        self.check(redshift, 1)
        redshift.execute("UPDATE etl.fences SET checked_at = CAST('2000-01-01' AS TIMESTAMP)")
        self.check(redshift, 1)
        assert rows(redshift, "SELECT pipeline FROM etl.fences WHERE checked_at > '2020-01-01'") == [(OURS,)]


class TestStarsOwnRules:
    """A star that breaks one of its own CRITICAL rules is not committed."""

    @staticmethod
    def result(redshift: DirectRedshift, rule: str, *, run_id: str = "run", **more: Any) -> None:
        row = {"run_id": run_id, "rule_name": rule, "phase": "star", "severity": "CRITICAL", "table_name": "t"}
        checked = {"failed_rows": 2, "total_rows": 5, "passed": False, "checked_at": NOON}
        redshift.insert("etl.data_quality_results", [row | checked | more])

    def test_those_that_fail_are_named_with_how_many_rows(self, redshift: DirectRedshift) -> None:
        self.result(redshift, "keys_unique")
        self.result(redshift, "as_staged", failed_rows=1)
        with pytest.raises(StatementFailed, match=r"its own rules: as_staged \(1 of 5\), keys_unique \(2 of 5\)"):
            redshift.execute("CALL etl.sp_assert_star('run')")

    def test_what_is_not_critical_or_passed_or_not_the_stars_or_not_the_runs_does_not_count(
        self, redshift: DirectRedshift
    ) -> None:
        self.result(redshift, "high", severity="HIGH")
        self.result(redshift, "passed", passed=True, failed_rows=0)
        self.result(redshift, "staged", phase="staged")
        self.result(redshift, "another", run_id="another run")
        redshift.execute("CALL etl.sp_assert_star('run')")
        assert rows(redshift, "SELECT step, rows_affected FROM etl.etl_log WHERE run_id = 'run'") == [("assert", 2)]

    def test_a_star_that_was_not_checked_is_refused(self, redshift: DirectRedshift) -> None:
        self.result(redshift, "passed", passed=True, run_id="another run")
        self.result(redshift, "passed", passed=True, phase="staged")
        with pytest.raises(StatementFailed, match="the star of run run was not checked"):
            redshift.execute("CALL etl.sp_assert_star('run')")


def is_superseded(redshift: DirectRedshift, run_id: str) -> bool:
    return bool(redshift.execute(f"CALL etl.sp_find_newer_day('{run_id}', NULL)")[0]["p_is_superseded"])


def test_a_newer_day_is_one_that_its_own_pipeline_has_published(redshift: DirectRedshift) -> None:
    run_id = a_run(redshift, "ours", published_at=NOON)
    a_run(redshift, "the day before", day=date(2026, 11, 19), published_at=NOON)
    a_run(redshift, "of another pipeline", pipeline=OTHERS, day=date(2026, 11, 21), published_at=NOON)
    a_run(redshift, "not published", day=date(2026, 11, 21))
    assert not is_superseded(redshift, run_id)
    a_run(redshift, "newer", day=date(2026, 11, 22), published_at=NOON)
    assert is_superseded(redshift, run_id)
    assert is_superseded(redshift, "not published")
    assert not is_superseded(redshift, "newer")
    with pytest.raises(StatementFailed, match="run nowhere is not in etl"):
        is_superseded(redshift, "nowhere")


def test_the_first_day_of_a_pipeline_is_not_superseded(redshift: DirectRedshift) -> None:
    assert not is_superseded(redshift, a_run(redshift, "ours"))


def test_only_the_run_itself_is_marked_published(redshift: DirectRedshift) -> None:
    a_run(redshift, "ours")
    a_run(redshift, "another")
    redshift.execute("CALL etl.sp_mark_published('ours')")
    assert rows(redshift, "SELECT run_id FROM etl.runs WHERE published_at IS NOT NULL") == [("ours",)]
    assert rows(redshift, "SELECT run_id, step, rows_affected, status FROM etl.etl_log") == [
        ("ours", "publish", 1, "succeeded")
    ]


def test_the_books_of_a_table_are_written_once_for_each_run(redshift: DirectRedshift) -> None:
    a_run(redshift, "ours")
    a_run(redshift, "another")
    for run_id, table, counts in (
        ("another", "dim_venue", "9, 9, 0, 0"),
        ("ours", "dim_market", "8, 0, 0, 0"),
        ("ours", "dim_venue", "1, 1, 0, 0"),
        ("ours", "dim_venue", "10, 3, 2, 1"),
    ):
        redshift.execute(f"CALL etl.sp_record_star_table('{run_id}', '{table}', {counts})")
    key = {"pipeline": OURS, "business_date": DAY, "recorded_at": NOON}
    redshift.insert("etl.run_tables", [key | {"run_id": "ours", "layer": "curated", "table_name": "dim_venue"}])
    redshift.execute("CALL etl.sp_record_star_table('ours', 'dim_venue', 10, 3, 2, 1)")
    counts = "staged_rows, inserted_rows, versioned_rows, unchanged_rows, deleted_rows"
    assert rows(redshift, f"SELECT run_id, layer, table_name, {counts} FROM etl.run_tables ORDER BY 1, 2, 3") == [
        ("another", "star", "dim_venue", 9, 9, 0, 0, 0),
        ("ours", "curated", "dim_venue", None, None, None, None, None),
        ("ours", "star", "dim_market", 8, 0, 0, 8, 0),
        ("ours", "star", "dim_venue", 10, 3, 2, 5, 1),
    ]
    where = "SELECT DISTINCT pipeline, business_date FROM etl.run_tables"
    assert rows(redshift, where) == [(OURS, DAY)]


def test_the_run_date_is_the_last_day_published_of_its_pipeline(redshift: DirectRedshift) -> None:
    a_run(redshift, "ours", published_at=NOON)
    a_run(redshift, "the day before", day=date(2026, 11, 19), published_at=NOON)
    a_run(redshift, "not published", day=date(2026, 11, 21))
    a_run(redshift, "another", pipeline=OTHERS, day=date(2026, 11, 25), published_at=NOON)
    for pipeline in (OURS, OTHERS, OURS):
        redshift.execute(f"CALL etl.sp_refresh_gold_layer('{pipeline}', 'ours')")
    dates = "SELECT pipeline, run_date FROM etl.run_dates ORDER BY 1"
    assert rows(redshift, dates) == [(OURS, DAY), (OTHERS, date(2026, 11, 25))]
    with pytest.raises(StatementFailed, match="no run of festival_daily is published"):
        redshift.execute("CALL etl.sp_refresh_gold_layer('festival_daily', 'ours')")


def test_a_step_is_logged_with_its_rows_and_times(redshift: DirectRedshift) -> None:
    redshift.execute("CALL etl.sp_log_step('ours', 'p', 'merge', CAST('2026-11-20 12:00:00' AS TIMESTAMP), 7)")
    logged = "run_id, procedure_name, step, started_at, rows_affected, status, error"
    assert rows(redshift, f"SELECT {logged} FROM etl.etl_log") == [("ours", "p", "merge", NOON, 7, "succeeded", None)]
    assert rows(redshift, "SELECT COUNT(*) AS n FROM etl.etl_log WHERE finished_at > started_at") == [(1,)]
