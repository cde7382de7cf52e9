"""The made-up files have the published files' shapes and flaws, and none of their names."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from infra.simulators.tests.tickit.quirks import forms, quirks, table

SMALL = ("venue_pipe.txt", "category_pipe.txt", "date2008_pipe.txt", "allevents_pipe.txt")


def test_the_flaws_are_those_that_are_known(tickit_files: Path) -> None:
    found = quirks(tickit_files)
    assert found["venues"] == 202 and found["Canadian venues"] == 8
    assert (found["venues without seats"], found["venues with 0 seats"]) == (15, 130)
    assert (found["venue names"], found["cities of the name"]) == ([1, 2], [2])
    assert not found["leap day"]
    assert found["wrong weekdays"] == (59, date(2008, 1, 1), date(2008, 2, 28))
    assert found["late weekdays"] == 59
    assert found["orphans"] == {"12": 47, "51": 36, "64": 56}
    assert (found["events in May"], found["said to be on another day"]) == (727, 703)
    assert found["the day said"] == {"2008-05-01"}
    assert found["events by category"] == {"6": 1_300, "7": 2_000, "8": 500, "9": 4_998}


@pytest.mark.recorded
def test_the_real_files_have_the_same_shapes_and_flaws(tickit_files: Path, recorded: Path) -> None:
    real = recorded / "tickit"
    assert quirks(tickit_files) == quirks(real)
    for name in SMALL:
        assert forms(tickit_files, name) == forms(real, name), name


@pytest.mark.recorded
def test_no_name_is_taken_from_the_real_files(tickit_files: Path, recorded: Path) -> None:
    for name, column in (("venue_pipe.txt", 1), ("allevents_pipe.txt", 4)):
        made, real = ({line[column] for line in table(folder / name)} for folder in (tickit_files, recorded / "tickit"))
        assert not made & real
