"""Migrations are applied once, in order, and never behind anyone's back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from infra.checkout import ROOT
from infra.local_aws.redshift.database.warehouse import Warehouse
from tests.fixtures.warehouse import DirectRedshift
from warehouse import migrate as migrations
from warehouse.migrate import MigrationRefused, Step, migrate

RELEASED = json.loads((ROOT / "warehouse" / "released_checksums.json").read_text("utf-8"))


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[DirectRedshift]:
    """An empty warehouse."""
    with Warehouse(tmp_path) as server:
        session = DirectRedshift(server)
        yield session
        session.close()


def applied(redshift: DirectRedshift) -> list[str]:
    return [row["name"] for row in redshift.execute("SELECT name FROM etl.schema_migrations ORDER BY name")]


def test_a_second_time_there_is_nothing_to_do(migrated_redshift: DirectRedshift) -> None:
    assert migrate(migrated_redshift) == []
    assert applied(migrated_redshift) == sorted(step.name for step in migrations.steps())


def test_what_is_shared_comes_first_and_tables_before_what_uses_them() -> None:
    names = [step.name for step in migrations.steps()]

    assert names[0] == "shared/migrations/0001_etl.sql"
    first_table = names.index("ticketmaster/tables/staging.ticketmaster_venues")
    assert names.index("shared/migrations/0002_common.sql") < first_table
    assert first_table < names.index("ticketmaster/migrations/0004_facts.sql")
    assert names.index("ticketmaster/migrations/0006_event_summary.sql") < names.index("ticketmaster/quality")


def test_the_calendar_is_complete(migrated_redshift: DirectRedshift) -> None:
    rows = migrated_redshift.execute(
        "SELECT COUNT(*) AS days, MIN(date) AS first, MAX(date) AS last, SUM(CASE WHEN is_weekend THEN 1 ELSE 0 END) "
        "AS weekend_days FROM common.dim_date WHERE date_key <> 0"
    )
    assert [str(value) for value in rows[0].values()] == ["18628", "2000-01-01", "2050-12-31", "5323"]
    friday = migrated_redshift.execute(
        "SELECT weekday, weekday_sort, month_name, quarter, iso_week, year_month FROM common.dim_date "
        "WHERE date_key = 20261120"
    )
    assert list(friday[0].values()) == ["Friday", 5, "November", 4, 47, "2026-11"]


def test_several_appliers_at_once_make_one_warehouse(fresh: DirectRedshift) -> None:
    sessions = [fresh.sibling() for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(migrate, sessions))
    for session in sessions:
        session.close()

    assert sorted({name for names in done for name in names}) == applied(fresh)
    migrated = [name for names in done for name in names if "/migrations/" in name]
    assert len(migrated) == len(set(migrated)), "no migration is applied twice"
    assert fresh.execute("SELECT COUNT(*) AS n FROM ticketmaster.dim_venue") == [{"n": 1}]


def test_comments_are_in_the_warehouse_for_tools_that_show_them(migrated_redshift: DirectRedshift) -> None:
    (row,) = migrated_redshift.execute(
        "SELECT COUNT(*) AS columns, COUNT(d.description) AS described FROM pg_class AS c "
        "INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid "
        "INNER JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 "
        "LEFT JOIN pg_description AS d ON d.objoid = c.oid AND d.objsubid = a.attnum "
        "WHERE n.nspname = 'ticketmaster' AND c.relname = 'fact_event_snapshots'"
    )
    assert row["columns"] == row["described"] > 40


def test_the_dictionary_has_the_tables_as_they_are_made_today() -> None:
    """Not those that a procedure makes for itself, nor what an upgrade of an older warehouse changes."""
    creating = [
        Step("a/tables/a.shows", "table", "CREATE TABLE a.shows (name VARCHAR(40) NOT NULL)"),
        Step("a/migrations/0001.sql", "migration", "CREATE TABLE a.halls (seats INTEGER)"),
        Step(
            "a/migrations/0002.sql", "migration", "-- upgrades: a.shows\nALTER TABLE a.shows ADD COLUMN title INTEGER"
        ),
        Step("a/procedures/sp_load.sql", "procedure", "CREATE TABLE a.loaded (name VARCHAR(40))"),
        Step("a/comments/10.sql", "comment", "COMMENT ON TABLE a.halls IS 'Halls'"),
    ]
    tables = migrations.described_tables([*migrations.steps(), *creating])
    assert {name: list(tables[name].columns) for name in tables if name.startswith("a.")} == {
        "a.shows": ["name"],
        "a.halls": ["seats"],
    }
    assert tables["a.halls"].meaning == "Halls"


def test_an_applied_migration_that_was_edited_is_refused(
    migrated_redshift: DirectRedshift, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited = [Step("shared/migrations/0001_etl.sql", "migration", "CREATE TABLE etl.other (a INTEGER)")]
    monkeypatch.setattr(migrations, "steps", lambda: edited)

    with pytest.raises(MigrationRefused, match=r"0001_etl\.sql was changed after it was applied.*new migration"):
        migrate(migrated_redshift)


FIRST = "shared/migrations/0001_etl.sql"


@pytest.fixture
def ledger(migrated_redshift: DirectRedshift) -> Iterator[Callable[[str], None]]:
    """Writes another checksum of the first migration into the ledger; the ledger is as it was after the test."""
    query = f"SELECT checksum FROM etl.schema_migrations WHERE name = '{FIRST}'"
    [before] = migrated_redshift.execute(query)

    def write(checksum: str) -> None:
        migrated_redshift.execute(f"UPDATE etl.schema_migrations SET checksum = '{checksum}' WHERE name = '{FIRST}'")

    yield write
    write(before["checksum"])


def _first(change: Callable[[str], str]) -> list[Step]:
    steps = migrations.steps()
    assert steps[0].name == FIRST
    return [replace(steps[0], text=change(steps[0].text)), *steps[1:]]


def test_a_migration_whose_comments_were_edited_is_the_same(
    migrated_redshift: DirectRedshift, monkeypatch: pytest.MonkeyPatch
) -> None:
    reworded = _first(lambda text: "-- In other words.\n" + text.replace("\n", "\n\n"))
    monkeypatch.setattr(migrations, "steps", lambda: reworded)
    assert migrate(migrated_redshift) == []


def _released(name: str) -> tuple[str, str]:
    """The checksum of a file's text as it was released, and that of its statements."""
    return next(iter(RELEASED[name].items()))


def test_a_warehouse_that_was_migrated_when_comments_counted_is_up_to_date(
    migrated_redshift: DirectRedshift, ledger: Callable[[str], None]
) -> None:
    ledger(_released(FIRST)[0])
    assert migrate(migrated_redshift) == []


def test_an_edited_statement_is_refused_there_too(
    migrated_redshift: DirectRedshift, ledger: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger(_released(FIRST)[0])
    edited = _first(lambda text: text.replace("VARCHAR(128)", "VARCHAR(127)", 1))
    monkeypatch.setattr(migrations, "steps", lambda: edited)
    with pytest.raises(MigrationRefused, match=r"0001_etl\.sql was changed"):
        migrate(migrated_redshift)


@pytest.mark.parametrize(
    "step", [step for step in migrations.steps() if step.name in RELEASED], ids=lambda step: step.name
)
def test_a_released_migration_is_as_it_was_released(step: Step) -> None:
    assert step.checksum == _released(step.name)[1]


def test_a_changed_procedure_is_made_again(migrated_redshift: DirectRedshift, monkeypatch: pytest.MonkeyPatch) -> None:
    def body(text: str) -> list[Step]:
        sql = (
            f"CREATE OR REPLACE PROCEDURE etl.sp_greet() AS $$ BEGIN RAISE EXCEPTION '{text}'; END; $$ LANGUAGE plpgsql"
        )
        return [Step("test/procedures/sp_greet.sql", "procedure", sql)]

    for text in ("good morning", "good night"):
        monkeypatch.setattr(migrations, "steps", lambda text=text: body(text))
        assert migrate(migrated_redshift) == ["test/procedures/sp_greet.sql"]
        with pytest.raises(Exception, match=text):
            migrated_redshift.execute("CALL etl.sp_greet()")
    migrated_redshift.execute("DELETE FROM etl.schema_migrations WHERE name = 'test/procedures/sp_greet.sql'")


def test_a_migration_that_fails_leaves_nothing(
    migrated_redshift: DirectRedshift, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = "CREATE TABLE etl.half (a INTEGER); INSERT INTO etl.nowhere (a) VALUES (1)"
    monkeypatch.setattr(migrations, "steps", lambda: [Step("test/migrations/0001.sql", "migration", broken)])

    with pytest.raises(Exception, match="nowhere"):
        migrate(migrated_redshift)
    with pytest.raises(Exception, match="half"):
        migrated_redshift.execute("SELECT a FROM etl.half")


def test_more_statements_than_a_transaction_takes_are_refused(
    migrated_redshift: DirectRedshift, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = ";".join("SELECT 1" for _ in range(40))
    monkeypatch.setattr(migrations, "steps", lambda: [Step("test/migrations/0001.sql", "migration", long)])

    with pytest.raises(MigrationRefused, match="40 statements; one transaction holds 37"):
        migrate(migrated_redshift)


def test_no_file_of_ours_is_too_long() -> None:
    from warehouse.statements import split

    for step in migrations.steps():
        assert step.kind in ("comment", "description") or len(split(step.text)) <= 37, step.name
        assert len(step.text.encode()) < 100_000, f"{step.name}: the Data API takes 100 kB a statement"
