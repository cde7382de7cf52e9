"""Old rows are deleted where a retention is set; runs and the star stay; every table is vacuumed, even if one fails."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from aws_services.errors import StatementFailed
from aws_services.redshift_data import RedshiftData
from infra.local_aws import LocalAws
from runs import ledger
from tests.fixtures.warehouse import DirectRedshift
from warehouse import maintenance, step_log
from warehouse.migrate import migrate
from warehouse.stars import stars

PIPELINE, DAY = "ticketmaster_daily", date(2026, 3, 2)
SOON, LONG_AGO = datetime.now(UTC) + timedelta(hours=1), datetime.now(UTC) - timedelta(days=30)


def run(redshift: DirectRedshift, number: int, status: str = "failed") -> str:
    """A run with a staged row and a row in every detail of the ledger."""
    run_id = f"{PIPELINE}-2026-03-{number:02}"
    ledger.open_run(redshift, run_id, PIPELINE, DAY, fence=number)
    redshift.insert(
        "staging.ticketmaster_markets", [{"run_id": run_id, "observed_on": DAY, "market_id": "1", "row_hash": "-"}]
    )
    ledger.record_entities(redshift, run_id, PIPELINE, DAY, [ledger.TableCounts(table_name="events", raw_records=1)])
    ledger.record_drift(redshift, run_id, "events", [ledger.DriftRecord("$.new", "new field", 1)])
    step_log.log_success(redshift, run_id, "step", "step", datetime.now(UTC))
    if status != "running":
        ledger.close_run(redshift, run_id, status)
    return run_id


def count(redshift: DirectRedshift, table: str) -> int:
    return redshift.execute(f"SELECT COUNT(*) AS n FROM {table}")[0]["n"]


def test_staged_rows_of_runs_that_ended_go_and_those_of_a_run_that_goes_on_stay(redshift: DirectRedshift) -> None:
    run(redshift, 1)
    going_on = run(redshift, 2, "running")
    assert maintenance.delete_staged(redshift, LONG_AGO) == {}
    assert maintenance.delete_staged(redshift, SOON, dry_run=True) == {"staging.ticketmaster_markets": 1}
    assert maintenance.delete_staged(redshift, SOON) == {"staging.ticketmaster_markets": 1}
    assert redshift.execute("SELECT run_id FROM staging.ticketmaster_markets") == [{"run_id": going_on}]


def test_a_failed_run_that_is_resumed_keeps_what_it_staged(redshift: DirectRedshift) -> None:
    run_id = run(redshift, 1)
    ledger.open_run(redshift, run_id, PIPELINE, DAY, fence=2)
    assert maintenance.delete_staged(redshift, SOON) == {}


def test_details_of_old_runs_go_and_the_runs_stay(redshift: DirectRedshift) -> None:
    run(redshift, 1, "succeeded")
    assert maintenance.delete_details(redshift, LONG_AGO) == {}
    expected = {"etl.etl_log": 1, "etl.run_tables": 1, "etl.schema_drift": 1}
    assert maintenance.delete_details(redshift, SOON, dry_run=True) == expected
    assert maintenance.delete_details(redshift, SOON) == expected
    assert maintenance.delete_details(redshift, SOON) == {}
    assert count(redshift, "etl.runs") == 1


@pytest.fixture(scope="module")
def warehouse(local_aws: LocalAws) -> RedshiftData:
    """The warehouse behind the Data API: VACUUM runs in no transaction."""
    redshift = RedshiftData()
    migrate(redshift)
    return redshift


def size(redshift: RedshiftData, table: str) -> int:
    """Megabytes."""
    query = 'SELECT size FROM svv_table_info WHERE "schema" = \'staging\' AND "table" = :table'
    return redshift.execute(query, {"table": table})[0]["size"]


class OneFails(RedshiftData):
    """Redshift, where one table cannot be vacuumed."""

    def execute(self, sql: str, *args: Any, **options: Any) -> Any:
        if sql == "VACUUM FULL etl.fences":
            raise StatementFailed("statement", "warehouse", "ERROR: disk full", sql)
        return super().execute(sql, *args, **options)


@pytest.mark.service
def test_every_table_is_vacuumed_though_one_fails_and_that_one_is_named(warehouse: RedshiftData) -> None:
    warehouse.execute(
        "INSERT INTO staging.ticketmaster_markets (run_id, observed_on, market_id, name, row_hash) "
        "SELECT 'bulk', CAST('2026-03-02' AS DATE), CAST(n AS VARCHAR(9)), REPEAT('x', 200), '-' FROM common.numbers"
    )
    warehouse.execute("DELETE FROM staging.ticketmaster_markets WHERE run_id = 'bulk'")
    assert size(warehouse, "ticketmaster_markets") >= 4
    with pytest.raises(maintenance.VacuumFailed, match=r"etl\.fences: ERROR: disk full.*all other tables are done"):
        maintenance.vacuum(OneFails())
    assert size(warehouse, "ticketmaster_markets") == 0
    rows = warehouse.execute("SELECT procedure_name, error FROM etl.etl_log WHERE status = 'failed'")
    assert rows == [{"procedure_name": "VACUUM etl.fences", "error": "ERROR: disk full"}]
    warehouse.execute("DELETE FROM etl.etl_log WHERE run_id = 'maintenance'")


@pytest.mark.service
def test_the_tables_are_those_of_the_stars_and_what_they_share(warehouse: RedshiftData) -> None:
    names = maintenance.tables(warehouse)
    assert {"common.dim_date", "etl.runs", "staging.ticketmaster_events", "ticketmaster.fact_events"} <= set(names)
    assert not [name for name in names if ".mv_" in name or ".v_" in name]
    assert {name.split(".")[0] for name in names} == {"common", "etl", "staging", *(star.name for star in stars())}
