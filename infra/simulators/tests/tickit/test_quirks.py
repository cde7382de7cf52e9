"""On request, the made-up files have the published files' shapes and flaws, and none of their names."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from infra.simulators.tests.tickit.quirks import forms, quirks, table

SMALL = ("venue_pipe.txt", "category_pipe.txt", "date2008_pipe.txt", "allevents_pipe.txt")


def test_the_flaws_are_those_that_are_known(quirky_tickit_files: Path) -> None:
    flaws = quirks(quirky_tickit_files)
    assert flaws["venues"] == 202 and flaws["Canadian venues"] == 8
    assert (flaws["venues without seats"], flaws["venues with 0 seats"]) == (15, 130)
    assert (flaws["venue names"], flaws["cities of the name"]) == ([1, 2], [2])
    assert not flaws["leap day"]
    assert flaws["wrong weekdays"] == (59, date(2008, 1, 1), date(2008, 2, 28))
    assert flaws["late weekdays"] == 59
    assert flaws["orphans"] == {"12": 47, "51": 36, "64": 56}
    assert (flaws["events in May"], flaws["said to be on another day"]) == (727, 703)
    assert flaws["the day said"] == {"2008-05-01"}
    assert flaws["events by category"] == {"6": 1_300, "7": 2_000, "8": 500, "9": 4_998}


def test_cities_and_states_of_users_do_not_match(quirky_tickit_files: Path) -> None:
    states_by_city: dict[str, set[str]] = {}
    for line in table(quirky_tickit_files / "allusers_pipe.txt"):
        states_by_city.setdefault(line[4], set()).add(line[5])
    assert min(map(len, states_by_city.values())) > 20


def test_sales_of_events_without_a_venue_are_there_to_be_lost(quirky_tickit_files: Path) -> None:
    venues = {line[0] for line in table(quirky_tickit_files / "venue_pipe.txt")}
    homeless = {line[0] for line in table(quirky_tickit_files / "allevents_pipe.txt") if line[1] not in venues}
    sales = [line for line in table(quirky_tickit_files / "sales_tab.txt", "\t") if line[4] in homeless]
    assert len({line[4] for line in sales}) > 100
    assert sum(float(line[7]) for line in sales) > 0


def test_without_the_switch_there_is_no_flaw(tickit_files: Path) -> None:
    flaws = quirks(tickit_files)
    assert (flaws["venues"], flaws["Canadian venues"]) == (202, 8)
    assert (flaws["venues without seats"], flaws["venues with 0 seats"]) == (0, 0)
    assert flaws["venue names"] == [1, 1]
    assert flaws["leap day"]
    assert (flaws["late weekdays"], flaws["orphans"], flaws["said to be on another day"]) == (0, {}, 0)
    assert flaws["days with events"] == 366


@pytest.mark.recorded
def test_the_real_files_have_the_same_shapes_and_flaws(quirky_tickit_files: Path, recorded: Path) -> None:
    real = recorded / "tickit"
    assert quirks(quirky_tickit_files) == quirks(real)
    for name in SMALL:
        assert forms(quirky_tickit_files, name) == forms(real, name), name


@pytest.mark.recorded
def test_no_name_is_taken_from_the_real_files(quirky_tickit_files: Path, recorded: Path) -> None:
    for name, column in (("venue_pipe.txt", 1), ("allevents_pipe.txt", 4)):
        generated, real = (
            {line[column] for line in table(folder / name)} for folder in (quirky_tickit_files, recorded / "tickit")
        )
        assert not generated & real
