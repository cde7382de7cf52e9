"""A change of a mart fails until its users follow, and the message names them. Other changes raise a version."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path

import pytest

from dashboards.catalog import all_dashboards
from infra.checks import marts
from infra.checks.mart_users import Readers
from infra.checks.warehouse_tables import warehouse_tables
from semantics.catalog import load
from warehouse.catalog import Table, TableColumn
from warehouse.stars import stars

ACTIVITY, SHOWS, VENUES = (f"ticketmaster.{name}" for name in ("mv_venue_activity", "mv_upcoming_shows", "v_venues"))
BY_DAY = "ticketmaster.mv_events_by_day"
"""A mart that no metric, chart or summary uses."""


@pytest.fixture(scope="module")
def readers() -> Readers:
    return Readers(load(), all_dashboards(), stars())


@pytest.fixture
def tables() -> dict[str, Table]:
    """A copy of the warehouse's tables, to change."""
    return deepcopy(warehouse_tables())


@pytest.fixture
def contract(tmp_path: Path, readers: Readers) -> Path:
    """A contract of the unchanged warehouse."""
    path = tmp_path / "marts.json"
    assert marts.check(warehouse_tables(), readers, path, ["--write"]) == []
    return path


def rename(table: Table, column: str, name: str) -> None:
    table.columns = {
        (name if key == column else key): TableColumn(name if key == column else key, value.type)
        for key, value in table.columns.items()
    }


def version(path: Path, mart: str) -> tuple[str, str]:
    """The version of a mart and what it changed."""
    entry = json.loads(path.read_text("utf-8"))[mart]
    return entry["version"], entry["changes"][entry["version"]]


def test_the_committed_contract_is_that_of_the_warehouse(readers: Readers) -> None:
    assert marts.main([]) == 0, f"run: {marts.COMMAND}"
    committed = marts.read()
    assert {ACTIVITY, SHOWS, VENUES, BY_DAY, "tickit.mv_sellers", "operations.v_runs"} <= set(committed)
    assert readers.relations() <= set(committed), "every relation that the semantic model reads has a contract"
    assert "tickit.user_contacts" not in committed


def test_an_unchanged_warehouse_has_nothing_to_report(
    tables: dict[str, Table], readers: Readers, contract: Path
) -> None:
    assert marts.check(tables, readers, contract, []) == []


def test_dropping_a_column_names_all_that_use_it(tables: dict[str, Table], readers: Readers, contract: Path) -> None:
    del tables[SHOWS].columns["local_hour"]

    for arguments in ([], ["--write"], ["--write", "--accept", f"{SHOWS}.local_hour"]):
        (sentence,) = marts.check(tables, readers, contract, arguments)
        assert sentence.startswith(f"{SHOWS}: dropped local_hour. Change its users first: ")
        for user in (
            "dimension show__local_hour",
            "metric evening_share",
            "saved question shows_by_hour",
            "chart 'When shows start' of dashboard account-managers",
        ):
            assert user in sentence, user
        assert "seller" not in sentence
    assert version(contract, SHOWS) == ("1.0", "first version")


def test_renaming_a_column_proposes_its_new_name(tables: dict[str, Table], readers: Readers, contract: Path) -> None:
    rename(tables[ACTIVITY], "venue_rank", "place")

    (sentence,) = marts.check(tables, readers, contract, [])
    assert f"{ACTIVITY}: dropped venue_rank (renamed to place?)." in sentence
    assert "chart 'Venues to call first' of dashboard account-managers" in sentence
    assert "'Busiest venues of the next 30 days' in the summary of ticketmaster_daily" in sentence


def test_dropping_a_key_names_what_joins_by_it_and_no_other(
    tables: dict[str, Table], readers: Readers, contract: Path
) -> None:
    del tables[SHOWS].columns["attraction_id"]

    (sentence,) = marts.check(tables, readers, contract, [])
    assert "entity attraction of semantic model" in sentence
    assert "filter" not in sentence
    assert "saved question busiest_venues" not in sentence


def test_retyping_a_used_column_needs_its_name(tables: dict[str, Table], readers: Readers, contract: Path) -> None:
    tables[VENUES].columns["city"].type = "VARCHAR(900)"

    for arguments in ([], ["--write"], ["--write", "--accept", f"{VENUES}.venue_id"]):
        (sentence,) = marts.check(tables, readers, contract, arguments)
        assert f"{VENUES}: retyped city from VARCHAR(800) to VARCHAR(900)." in sentence
        assert "dimension venue__city" in sentence
        assert "filter 'City' of dashboard account-managers" in sentence
        assert f"--accept {VENUES}.city" in sentence
    assert marts.check(tables, readers, contract, ["--write", "--accept", f"{VENUES}.city"]) == []
    assert version(contract, VENUES) == ("2.0", "retyped city from VARCHAR(800) to VARCHAR(900)")


def test_a_change_without_users_asks_for_a_new_version(
    tables: dict[str, Table], readers: Readers, contract: Path
) -> None:
    rename(tables[BY_DAY], "venues", "halls")
    tables[VENUES].columns["seats"] = TableColumn("seats", "INTEGER")

    by_day, venues = marts.check(tables, readers, contract, [])
    assert by_day.startswith(f"{BY_DAY}: dropped venues; added halls. No metric")
    assert venues.startswith(f"{VENUES}: added seats. No metric")
    assert by_day.endswith(marts.COMMAND)

    assert marts.check(tables, readers, contract, ["--write"]) == []
    assert marts.check(tables, readers, contract, []) == []
    assert version(contract, BY_DAY) == ("2.0", "dropped venues; added halls")
    assert version(contract, VENUES) == ("1.1", "added seats")
    assert version(contract, SHOWS) == ("1.0", "first version")


def test_a_mart_may_come_and_go_if_no_one_uses_it(tables: dict[str, Table], readers: Readers, contract: Path) -> None:
    gone = tables.pop(BY_DAY)
    tables["ticketmaster.mv_new"] = Table("ticketmaster", "mv_new", columns=gone.columns)
    assert len(marts.check(tables, readers, contract, [])) == 2

    assert marts.check(tables, readers, contract, ["--write"]) == []
    assert BY_DAY not in json.loads(contract.read_text("utf-8"))
    assert version(contract, "ticketmaster.mv_new") == ("1.0", "first version")


def test_the_command_fails_without_a_contract(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(marts, "PATH", tmp_path / "marts.json")
    assert marts.main([]) == 1
    assert marts.COMMAND in capsys.readouterr().err
    assert marts.main(["--write"]) == 0
    assert marts.main([]) == 0
