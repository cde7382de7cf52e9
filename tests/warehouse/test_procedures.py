"""Procedures say what they read and write, and pass rows to each other in work tables of the run that publishes."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tests.fixtures.warehouse import DirectRedshift, empty
from tests.warehouse.days import Day, load
from tests.warehouse.oracle import actual
from warehouse.migrate import Step, steps
from warehouse.stars import stars
from warehouse.ticketmaster import STAR

PROCEDURES = [step for step in steps() if step.kind == "procedure" and not step.name.endswith("/quality")]
_NOISE = re.compile(r"--[^\n]*|'(?:[^']|'')*'")
_READ = r"\b(?:FROM|JOIN|USING|LIKE)\s+"
_WRITTEN = r"\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+"
_TABLE = r"([a-z]\w*\.[a-z]\w*)"
_TEMPORARY = r"([a-z]\w*)\b(?!\.)"
D1, D2 = date(2026, 11, 20), date(2026, 11, 21)


def _head(step: Step, kind: str) -> set[str]:
    """The tables that the comment above a procedure lists as `Reads` or `Writes`."""
    comment = " ".join(line.removeprefix("--").strip() for line in step.text.splitlines() if line.startswith("--"))
    match = re.search(rf"{kind}: ([\w., ]+?)(?= Writes:|$)", comment)
    assert match, f"{step.name}: nothing after '{kind}:'"
    return set(match[1].split(", ")) - {"nothing"}


def _tables(step: Step, pattern: str, name: str) -> set[str]:
    sql = _NOISE.sub(" ", step.text)
    if pattern == _READ:
        sql = re.sub(r"\bDELETE FROM\s+\S+", " ", sql)
    return set(re.findall(pattern + name, sql))


@pytest.mark.parametrize("step", PROCEDURES, ids=lambda step: step.name)
def test_the_head_of_a_procedure_names_the_tables_that_it_reads_and_writes(step: Step) -> None:
    assert _head(step, "Reads") == _tables(step, _READ, _TABLE)
    assert _head(step, "Writes") == _tables(step, _WRITTEN, _TABLE)


@pytest.mark.parametrize("step", PROCEDURES, ids=lambda step: step.name)
def test_a_procedure_uses_no_temporary_table_that_another_one_made(step: Step) -> None:
    used = _tables(step, _READ, _TEMPORARY) | _tables(step, _WRITTEN, _TEMPORARY)
    assert used <= _tables(step, r"\bCREATE TEMP TABLE\s+", _TEMPORARY)


@pytest.mark.parametrize("star", stars(), ids=lambda star: star.name)
def test_a_star_lists_the_work_tables_that_its_procedures_write(star) -> None:
    own = [step for step in PROCEDURES if step.name.startswith(f"{star.name}/")]
    written = {table for step in own for table in _head(step, "Writes") if table.startswith("staging.")}
    assert written == {f"staging.{table}" for table in star.work}


def _day(on: date, venue: str, *events: str) -> Day:
    return Day(
        on,
        [{"event_id": name, "venue_id": "V1", "attraction_id": "A1", "attractions": ["A1"]} for name in events],
        [{"venue_id": "V1", "name": venue, "market_ids": "11"}],
        [{"attraction_id": "A1", "name": venue}],
        [{"classification_id": "C1", "segment_name": venue}],
        [{"market_id": "11", "name": venue}],
    )


def test_work_tables_are_empty_after_a_publication(redshift: DirectRedshift) -> None:
    load(redshift, _day(D1, "Hall", "E1", "E2"))
    load(redshift, _day(D2, "Arena", "E1"))
    load(redshift, _day(D1, "Old hall", "E2"), observation=2)

    for table in STAR.work:
        assert redshift.execute(f"SELECT COUNT(*) AS n FROM staging.{table}") == [{"n": 0}], table


def _load_all(redshift: DirectRedshift) -> str:
    """Two days, and the first one again with other content: every work table is used. Returns the last run's id."""
    load(redshift, _day(D2, "Arena", "E1", "E2"))
    return load(redshift, _day(D1, "Old hall", "E2"), observation=2)


def test_what_another_run_passes_on_is_left_alone(redshift: DirectRedshift) -> None:
    """Rows of a run that broke off, about everything of these days: none of them is read, changed or deleted."""
    load(redshift, _day(D1, "Hall", "E1", "E2"))
    _load_all(redshift)
    undisturbed = actual(redshift)
    empty(redshift)
    load(redshift, _day(D1, "Hall", "E1", "E2"))

    members = [("venue", "V1"), ("attraction", "A1"), ("classification", "C1"), ("market", "11")]
    dimensions = [{"run_id": "other", "dimension": name, "member_id": id_} for name, id_ in members]
    events = [{"run_id": "other", "event_id": name} for name in ("E1", "E2")]
    moved = {"moved_from": date(2026, 1, 1), "moved_to": date(9999, 12, 31)}
    zero = {f"{name}_sk": 0 for name, _ in members}
    rows = {
        "touched_members": [row | {"was_observed": True} for row in dimensions],
        "removed_members": dimensions,
        "changed_members": [row | {"is_known": False} for row in dimensions],
        "moved_references": [row | moved for row in dimensions],
        "removed_events": events,
        "repointed_snapshots": [row | {"observed_on": date(2026, 1, 1)} | zero for row in events],
        "touched_events": [row | {"first_seen_on": None, "last_seen_on": None} for row in events],
    }
    assert {f"ticketmaster_{table}" for table in rows} == set(STAR.work)
    for table, values in rows.items():
        redshift.insert(f"staging.ticketmaster_{table}", values)
    last_run = _load_all(redshift)

    assert actual(redshift) == undisturbed
    for table, values in rows.items():
        [left] = redshift.execute(f"SELECT COUNT(*) AS n FROM staging.ticketmaster_{table} WHERE run_id = 'other'")
        assert left["n"] == len(values), table
    [run] = redshift.execute(f"SELECT touched_from, touched_to FROM etl.runs WHERE run_id = '{last_run}'")
    assert run["touched_from"] == D1
