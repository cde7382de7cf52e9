"""The made-up files have the published files' shapes and flaws, and none of their names."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from infra.simulators.tests.tickit.quirks import forms, quirks, table

SMALL = ("venue_pipe.txt", "category_pipe.txt", "date2008_pipe.txt", "allevents_pipe.txt")


def test_the_flaws_are_those_that_are_known(tickit_files: Path) -> None:
    flaws = quirks(tickit_files)
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


@pytest.mark.recorded
def test_the_real_files_have_the_same_shapes_and_flaws(tickit_files: Path, recorded: Path) -> None:
    real = recorded / "tickit"
    assert quirks(tickit_files) == quirks(real)
    for name in SMALL:
        assert forms(tickit_files, name) == forms(real, name), name


@pytest.mark.recorded
def test_no_name_is_taken_from_the_real_files(tickit_files: Path, recorded: Path) -> None:
    for name, column in (("venue_pipe.txt", 1), ("allevents_pipe.txt", 4)):
        generated, real = (
            {line[column] for line in table(folder / name)} for folder in (tickit_files, recorded / "tickit")
        )
        assert not generated & real
