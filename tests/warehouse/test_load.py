"""What may be loaded into staging, and how much of a run is there. That COPY loads it: see `test_data_api.py`."""

from __future__ import annotations

from datetime import date

import pytest

from tests.fixtures.warehouse import DirectRedshift
from tests.warehouse.days import Day, stage
from warehouse.load import NotStaged, copy_staged, staged_rows
from warehouse.ticketmaster import STAR

EVENTS, MANIFEST = "ticketmaster_events", "s3://lake/staging/ticketmaster_daily/events/manifest.json"
ROLE = "arn:aws:iam::210987654321:role/copy"


@pytest.mark.parametrize(
    ("tables", "role", "reason"),
    [
        ({EVENTS: MANIFEST, "fact_events": MANIFEST}, ROLE, "not staging tables: fact_events; known tables: .*_events"),
        ({"ticketmaster_events; DROP": MANIFEST}, ROLE, "not staging tables"),
        ({}, ROLE, "no table to load"),
        ({EVENTS: "https://lake/staging/manifest.json"}, ROLE, "manifest of ticketmaster_events is not an S3 URI"),
        ({EVENTS: f"{MANIFEST}' --"}, ROLE, "is not an S3 URI"),
        ({EVENTS: MANIFEST}, "copy", "not the ARN of an IAM role: 'copy'"),
        ({EVENTS: MANIFEST}, f"{ROLE}' --", "not the ARN of an IAM role"),
    ],
)
def test_only_staging_tables_are_loaded_from_s3_with_a_role(
    redshift: DirectRedshift, tables: dict[str, str], role: str, reason: str
) -> None:
    with pytest.raises(NotStaged, match=reason):
        copy_staged(redshift, "ticketmaster_daily-2026-11-20", tables, role)  # type: ignore[arg-type]
    assert redshift.execute("SELECT * FROM etl.etl_log") == [], "nothing was sent"


def test_the_rows_staged_are_those_of_all_tables_and_of_that_run_alone(redshift: DirectRedshift) -> None:
    assert staged_rows(redshift, STAR, "ticketmaster_daily-2026-11-20") == 0  # type: ignore[arg-type]
    venues = [{"venue_id": "V1"}, {"venue_id": "V2"}]
    stage(redshift, Day(date(2026, 11, 20), [{"event_id": "E1", "venue_id": "V1"}], venues))
    stage(redshift, Day(date(2026, 11, 21), [], venues))
    assert staged_rows(redshift, STAR, "ticketmaster_daily-2026-11-20") == 3  # type: ignore[arg-type]
    assert staged_rows(redshift, STAR, "ticketmaster_daily-2026-11-21") == 2  # type: ignore[arg-type]
