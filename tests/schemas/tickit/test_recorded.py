"""The real files: every line becomes its rows, and none is rejected."""

from __future__ import annotations

from pathlib import Path

import pytest

from lake.validate import validate_files
from tests.schemas.tickit.reading import FILES, file_rows

pytestmark = pytest.mark.recorded


@pytest.fixture(scope="module")
def files(recorded: Path) -> Path:
    if not (folder := recorded / "tickit").is_dir():
        pytest.skip(f"no recorded files in {folder}")
    return folder


@pytest.mark.parametrize(("entity", "lines"), [("venues", 202), ("categories", 11), ("dates", 365), ("events", 8_798)])
def test_every_line_is_curated(files: Path, entity: str, lines: int) -> None:
    report = validate_files("tickit", entity, [files / FILES[entity]])
    assert (report.raw_records, report.curated_records) == (lines, lines)
    assert not report.quarantined_by_reason and not report.duplicate_records


def test_every_value_of_the_venues_arrives(files: Path) -> None:
    venues = [tables["venues"] for tables in file_rows("venues", files)]
    assert sum(venue["seats"] is None for venue in venues) == 15 + 130
    assert sum(venue["country"] == "CA" for venue in venues) == 8
    assert not [name for venue in venues for name in ("name", "city", "state", "country") if venue[name] is None]


def test_no_value_of_dates_and_events_is_missing(files: Path) -> None:
    for entity in ("dates", "events"):
        assert not [row for tables in file_rows(entity, files) for row in tables.values() if None in row.values()]
