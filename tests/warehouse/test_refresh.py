"""After a publication every data product is refreshed; one that fails does not keep the others from it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from tests.fixtures.warehouse import DirectRedshift
from tests.warehouse.days import PIPELINE, Day, load
from warehouse.refresh import RefreshFailed, refresh

D1, D2 = date(2026, 12, 1), date(2026, 12, 2)
VIEWS = [
    "ticketmaster.mv_events_by_date_venue",
    "ticketmaster.mv_events_by_attraction",
    "ticketmaster.mv_monthly_summary",
    "ticketmaster.mv_venue_activity",
    "ticketmaster.mv_events_by_hour_weekday",
    "ticketmaster.mv_events_by_day",
    "ticketmaster.mv_upcoming_shows",
]
EVERY = ["etl.sp_refresh_gold_layer", *VIEWS, "etl.sp_generate_event_summary"]


class Broken:
    """A warehouse without one of its views."""

    def __init__(self, redshift: DirectRedshift, view: str) -> None:
        self._redshift, self._view = redshift, view

    def execute(self, sql: str, params: Mapping[str, Any] | None = None, **more: Any) -> list[dict[str, Any]]:
        return self._redshift.execute(sql.replace(self._view, "ticketmaster.mv_gone"), params, **more)


def day(on: date, *event_ids: str) -> Day:
    return Day(on, [{"event_id": event_id, "venue_id": "V1"} for event_id in event_ids], [{"venue_id": "V1"}])


def log_of(redshift: DirectRedshift, run_id: str, status: str) -> list[str]:
    sql = "SELECT procedure_name FROM etl.etl_log WHERE run_id = :run_id AND status = :status ORDER BY log_id"
    return [row["procedure_name"] for row in redshift.execute(sql, {"run_id": run_id, "status": status})]


def shown(redshift: DirectRedshift) -> tuple[int, int]:
    """The events that the monthly summary and the list by date and venue show."""
    sql = "SELECT COALESCE(SUM(events), 0) AS n FROM ticketmaster."
    of_month, of_venue = (redshift.execute(sql + name) for name in ("mv_monthly_summary", "mv_events_by_date_venue"))
    return int(of_month[0]["n"]), int(of_venue[0]["n"])


def test_every_product_shows_what_was_published_and_each_refresh_is_logged_once(redshift: DirectRedshift) -> None:
    run_id = load(redshift, day(D1, "E1", "E2"))
    redshift.execute("DELETE FROM etl.etl_log")
    assert refresh(redshift, PIPELINE, run_id) == EVERY  # type: ignore[arg-type]
    assert shown(redshift) == (2, 2)
    assert log_of(redshift, run_id, "succeeded") == EVERY
    assert redshift.execute("SELECT DISTINCT step FROM etl.etl_log WHERE procedure_name LIKE '%.mv~_%' ESCAPE '~'") == [
        {"step": "refresh"}
    ]
    assert redshift.execute("SELECT run_date FROM etl.run_dates WHERE pipeline = :p", {"p": PIPELINE}) == [
        {"run_date": D1}
    ]


def test_one_that_fails_is_named_and_logged_and_the_others_are_fresh(redshift: DirectRedshift) -> None:
    refresh(redshift, PIPELINE, load(redshift, day(D1, "E1")))  # type: ignore[arg-type]
    run_id = load(redshift, day(D2, "E1", "E2"))
    redshift.execute("DELETE FROM etl.etl_log")

    with pytest.raises(RefreshFailed, match=r"not refreshed.*mv_monthly_summary: .*mv_gone") as failure:
        refresh(Broken(redshift, "ticketmaster.mv_monthly_summary"), PIPELINE, run_id)  # type: ignore[arg-type]

    assert list(failure.value.failures) == ["ticketmaster.mv_monthly_summary"]
    assert log_of(redshift, run_id, "failed") == ["ticketmaster.mv_monthly_summary"]
    assert log_of(redshift, run_id, "succeeded") == [name for name in EVERY if "monthly" not in name]
    assert shown(redshift) == (1, 2)

    assert refresh(redshift, PIPELINE, run_id) == EVERY  # type: ignore[arg-type]
    assert shown(redshift) == (2, 2)


def test_where_no_run_is_published_there_is_no_date_to_show(redshift: DirectRedshift) -> None:
    with pytest.raises(RefreshFailed, match="no run of ticketmaster_daily is published"):
        refresh(redshift, PIPELINE, "ticketmaster_daily-2026-12-01")  # type: ignore[arg-type]
