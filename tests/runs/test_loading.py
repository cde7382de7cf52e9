"""Whether a run has anything to load: it does if the star is empty, or if a person requested a rebuild."""

from __future__ import annotations

from datetime import date

from aws_services.resources import TICKETMASTER
from lake.store import Lake
from runs import ledger
from runs.loading import has_changed
from tests.fixtures.warehouse import DirectRedshift
from tests.runs.test_validating import context


def test_an_empty_star_has_everything_to_load(lake: Lake, redshift: DirectRedshift) -> None:
    assert has_changed(context(lake, redshift)) is True


def test_a_run_that_rebuilds_loads_whatever_the_star_holds(lake: Lake, redshift: DirectRedshift) -> None:
    published = "ticketmaster_daily_2026-11-19"
    ledger.open_run(redshift, published, TICKETMASTER.name, date(2026, 11, 19), 1, "manual__0")  # type: ignore[arg-type]
    ledger.close_run(redshift, published, "succeeded")  # type: ignore[arg-type]
    redshift.execute("UPDATE etl.runs SET published_at = GETDATE()")
    assert has_changed(context(lake, redshift, rebuild=True)) is True
    assert redshift.execute("SELECT run_id FROM etl.runs WHERE same_as IS NOT NULL") == []
