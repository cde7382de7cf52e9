"""Every real recorded answer is curated or quarantined, for a reason that is listed here."""

from __future__ import annotations

from pathlib import Path

import pytest

from lake.validate import validate_files

pytestmark = pytest.mark.recorded

FILES = {
    "events": ("events_pages/*", "single/*", "snapshots_ndjson/events*", "errors/*"),
    "venues": ("venues/*", "snapshots_ndjson/venues*"),
    "attractions": ("attractions/*", "snapshots_ndjson/attractions*"),
    "classifications": ("classifications/*",),
}
RAW_AND_CURATED = {
    "events": (1234, 727),
    "venues": (1060, 1060),
    "attractions": (1060, 1060),
    "classifications": (18, 17),
}
REASONS = {
    # recordings of a whole HTTP exchange, answers about images, and the API's errors
    "events": {"missing at $.id": 4, "not_an_event at $": 2, "error_body at $": 9},
    "venues": {},
    "attractions": {},
    "classifications": {"missing at $": 1},
}
# added by whoever recorded; the others are the HTTP exchanges' own
UNKNOWN = {"events": {"$.db_stamp": 984}, "venues": {"$.db_stamp": 1040}, "attractions": {"$.db_stamp": 1040}}


@pytest.mark.parametrize("entity", FILES)
def test_every_record_is_curated_or_quarantined_for_a_known_reason(recorded: Path, entity: str) -> None:
    files = [file for pattern in FILES[entity] for file in sorted((recorded / "ticketmaster").glob(pattern))]
    report = validate_files("ticketmaster", entity, files)
    assert report.is_balanced
    assert (report.raw_records, report.curated_records) == RAW_AND_CURATED[entity]
    assert report.quarantined_by_reason == REASONS[entity]
    assert report.objects == len(files)


@pytest.mark.parametrize("entity", UNKNOWN)
def test_nothing_in_real_records_is_unknown(recorded: Path, entity: str) -> None:
    for pattern in FILES[entity]:
        for file in sorted((recorded / "ticketmaster").glob(pattern)):
            if "nock" in file.name:
                continue
            unknown = validate_files("ticketmaster", entity, [file]).unknown_fields
            assert set(unknown) <= set(UNKNOWN[entity]), file.name
