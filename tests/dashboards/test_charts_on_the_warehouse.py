"""The figures of the charts are those of the marts: through the semantic model, and as Superset asks for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from aws_services import resources
from dashboards.catalog import all_dashboards, dashboard
from dashboards.declarations import Chart, Dashboard
from runs.dag_run import Step
from runs.rejects import record_rejects
from runs.steps import record_steps
from semantics.queries import sql_of
from tests.dashboards import superset_sql
from tests.fixtures.warehouse import DirectRedshift, empty
from tests.warehouse import days
from tests.warehouse.tickit import files, test_products
from warehouse.refresh import refresh

ANALYST = f"IAMR:{resources.ANALYST_ROLE}"
D1, D2 = date(2026, 12, 1), date(2026, 12, 2)

CHARTS = [(entry, chart) for entry in all_dashboards() for chart in entry.charts if not chart.shows_rows]
NAMES = [f"{entry.slug}: {chart.title}" for entry, chart in CHARTS]

Rows = list[tuple[Any, ...]]


def _show(number: int, venue: str, on: date, hour: int | None, **more: Any) -> dict[str, Any]:
    start = {
        "start_date": on,
        "start_date_key": int(f"{on:%Y%m%d}"),
        "local_hour": hour,
        "local_weekday": f"{on:%A}",
        "weekday_sort": on.isoweekday(),
    }
    shown = {"event_id": f"E{number}", "venue_id": venue, "attraction_id": "A1", "attractions": ["A1"]}
    return shown | {"classification_id": "C1", "classifications": ["C1"]} | start | more


def _day(on: date, shows: Sequence[dict[str, Any]]) -> days.Day:
    """Two venues share a name and a city; only their ids differ."""
    venues = [
        {"venue_id": "V1", "name": "Arena", "city": "Austin", "state_code": "TX"},
        {"venue_id": "V2", "name": "Arena", "city": "Austin", "state_code": "TX"},
        {"venue_id": "V3", "name": "Hall", "city": "Chicago", "state_code": "IL"},
    ]
    classifications = [{"classification_id": "C1"}]
    return days.Day(on, list(shows), venues, [{"attraction_id": "A1", "name": "Band"}], classifications)


SHOWS = (
    _show(1, "V1", date(2026, 12, 4), 19),
    _show(2, "V1", date(2026, 12, 5), 20),
    _show(3, "V2", date(2026, 12, 5), 20),
    _show(4, "V3", date(2026, 12, 6), 14),
    _show(5, "V3", date(2026, 12, 7), None),
    _show(6, "V3", date(2026, 12, 8), 19, status="cancelled"),
)


@pytest.fixture(scope="module")
def analyst(migrated_redshift: DirectRedshift) -> Iterator[DirectRedshift]:
    """An analyst's session on a warehouse with both stars loaded."""
    empty(migrated_redshift)
    days.load(migrated_redshift, _day(D1, SHOWS[1:]))
    run_id = days.load(migrated_redshift, _day(D2, SHOWS))
    refresh(migrated_redshift, days.PIPELINE, run_id)  # type: ignore[arg-type]
    refresh(migrated_redshift, files.PIPELINE, files.load(migrated_redshift, test_products.FILES))  # type: ignore[arg-type]
    _fill_ledger(migrated_redshift, run_id)
    session = migrated_redshift.sibling(ANALYST)
    yield session
    session.close()


def _fill_ledger(redshift: DirectRedshift, run_id: str) -> None:
    """What validating and closing a run record, which no test of the warehouse runs."""
    record_rejects(redshift, run_id, "events", {"missing at $.id": 3, "too long at $.name": 1})  # type: ignore[arg-type]
    steps = [Step("extract", 2, 0, 12.5, 7.0), Step("build_star", 1, 0, 30.0, 30.0)]
    record_steps(redshift, run_id, "first", steps)  # type: ignore[arg-type]
    new_field = {"run_id": run_id, "entity": "events", "field_path": "$.new", "kind": "new_field", "occurrences": 2}
    redshift.insert("etl.schema_drift", [new_field | {"seen_at": "2026-12-02 06:00:00"}])
    redshift.execute("UPDATE etl.runs SET status = 'succeeded', finished_at = DATEADD(SECOND, 90, started_at)")


def _rows(session: DirectRedshift, sql: str) -> Rows:
    return [tuple(row.values()) for row in session.execute(sql)]


def _comparable(rows: Rows) -> Rows:
    """Rows without order, numbers without types and without the noise of floats."""
    return sorted((tuple(_value(value) for value in row) for row in rows), key=repr)


def _value(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return value
    return round(float(value), 9)


def _written(entry: Dashboard, chart: Chart) -> str:
    """The SQL that Superset sends for a chart."""
    assets = superset_sql.contents().values()
    uuids = {
        part["meta"]["sliceName"]: part["meta"]["uuid"]
        for content in assets
        if content.get("slug") == entry.slug
        for part in content["position"].values()
        if isinstance(part, dict) and part["type"] == "CHART"
    }
    content = superset_sql.by_uuid("charts")[uuids[chart.title]]
    return superset_sql.sql_of(content, superset_sql.by_uuid("datasets")[content["dataset_uuid"]])


def _metrics(chart: Chart, rows: Rows, *, counts_zero: bool = True) -> Rows:
    """The metrics of each row, which follow its groups."""
    values = [row[len(row) - len(chart.metrics) :] for row in rows]
    return _comparable([row for row in values if counts_zero or any(row)])


@pytest.mark.parametrize(("entry", "chart"), CHARTS, ids=NAMES)
def test_superset_shows_the_figures_of_the_semantic_model(
    analyst: DirectRedshift, entry: Dashboard, chart: Chart
) -> None:
    sql = _written(entry, chart)
    # in one transaction, for which the time stands still
    answer, shown = ([tuple(row.values()) for row in rows] for rows in analyst.batch([sql_of(chart.query()), sql]))
    assert answer, "no rows"
    # axes that show every value have further rows with 0
    is_complete = "axis.value" in sql
    assert _metrics(chart, shown, counts_zero=not is_complete) == _metrics(chart, answer, counts_zero=not is_complete)


ON_THE_MART = {
    ("account-managers", "Upcoming shows"): """
        SELECT COUNT(*) FROM ticketmaster.mv_upcoming_shows WHERE NOT is_cancelled""",
    ("account-managers", "Venues with shows"): """
        SELECT COUNT(*) FROM ticketmaster.mv_venue_activity WHERE upcoming_events > 0""",
    ("account-managers", "Venues to call first"): """
        SELECT venue_rank, venue_id, venue_label, state_code, country_code, upcoming_events_change,
               upcoming_events, event_days, next_event_date, weekend_share
        FROM ticketmaster.mv_venue_activity""",
    ("account-managers", "Busiest venues"): """
        SELECT venue_id, venue_label, upcoming_events FROM ticketmaster.mv_venue_activity""",
    ("account-managers", "Shows per day"): """
        SELECT start_date, events FROM ticketmaster.mv_events_by_day WHERE events + cancelled_events > 0""",
    ("tickit-executives", "Revenue"): "SELECT SUM(revenue) FROM tickit.mv_sales_by_month",
    ("tickit-executives", "Commission"): "SELECT SUM(commission) FROM tickit.mv_sales_by_month",
    ("tickit-executives", "Best sellers by tickets"): """
        SELECT seller_id, seller_label, tickets FROM tickit.mv_sellers""",
    ("tickit-executives", "Best sellers by revenue"): """
        SELECT seller_id, seller_label, revenue FROM tickit.mv_sellers""",
    ("tickit-executives", "Revenue by venue's state"): """
        SELECT NULLIF(state, 'Unknown'), SUM(revenue) FROM tickit.mv_sales_by_region
        WHERE region_of = 'venue' GROUP BY 1""",
    ("tickit-executives", "Commission by buyer's state"): """
        SELECT NULLIF(state, 'Unknown'), SUM(commission) FROM tickit.mv_sales_by_region
        WHERE region_of = 'buyer' GROUP BY 1""",
    ("tickit-executives", "Revenue by seller's state"): """
        SELECT NULLIF(state, 'Unknown'), SUM(revenue) FROM tickit.mv_sales_by_region
        WHERE region_of = 'seller' GROUP BY 1""",
    ("tickit-executives", "Sell-through"): """
        SELECT CAST(SUM(tickets_sold) AS DOUBLE PRECISION) / SUM(tickets_listed) FROM tickit.mv_listing_sell_through""",
    ("operations", "Failed runs"): "SELECT COUNT(*) FROM operations.v_runs WHERE status = 'failed'",
    ("operations", "Reconciliation"): """
        SELECT run_id, pipeline, business_date, said_records, got_records, residual_records FROM operations.v_runs""",
    ("operations", "Time by stage"): """
        SELECT stage, pipeline, SUM(work_seconds) FROM operations.v_run_steps GROUP BY stage, pipeline""",
    ("operations", "Rejected records, and why"): """
        SELECT pipeline, entity, reason, SUM(quarantined_records) FROM operations.v_rejects
        GROUP BY pipeline, entity, reason""",
}
"""Charts whose figures people quote, each with its mart's own SQL."""


@pytest.mark.parametrize(("slug", "title"), ON_THE_MART)
def test_a_chart_has_the_figures_of_its_mart(analyst: DirectRedshift, slug: str, title: str) -> None:
    chart = next(entry for entry in dashboard(slug).charts if entry.title == title)
    expected = _comparable(_rows(analyst, ON_THE_MART[slug, title]))
    assert _comparable(_rows(analyst, sql_of(chart.query()))) == expected


def test_venues_with_one_label_keep_their_own_bars(analyst: DirectRedshift) -> None:
    entry = dashboard("account-managers")
    chart = next(chart for chart in entry.charts if chart.title == "Busiest venues")
    assert sorted(_rows(analyst, _written(entry, chart))) == [
        ("Arena, Austin (V1)", 2),
        ("Arena, Austin (V2)", 1),
        ("Hall, Chicago", 2),
    ]


def test_every_hour_of_the_day_is_on_the_axis(analyst: DirectRedshift) -> None:
    entry = dashboard("account-managers")
    chart = next(chart for chart in entry.charts if chart.title == "Shows by start hour")
    hours = dict(_rows(analyst, _written(entry, chart)))
    assert sorted(hours) == list(range(24))
    assert {hour: shows for hour, shows in hours.items() if shows} == {14: 1, 19: 1, 20: 2}
