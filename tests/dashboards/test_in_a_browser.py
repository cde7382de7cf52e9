"""The dashboards in a real browser: Superset shows every chart, with the figures of the marts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aws_services import resources
from dashboards.catalog import all_dashboards, dashboard
from dashboards.declarations import Chart, Kind
from infra.superset import ADMINISTRATOR, VIEWER
from semantics.queries import Condition, sql_of
from tests.dashboards.pages import CHART, FAULTS, DashboardPage, log_in, token
from tests.fixtures.superset import SupersetServer
from tests.fixtures.warehouse import DirectRedshift, empty
from tests.semantics import worlds

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

PICTURES = Path(os.environ.get("BOXOFFICE_HOME", ".boxoffice")) / "pictures"
"""The pictures of the last tests, which the CI keeps."""
DATES = {"next_event_date"}
"""Metrics whose values are dates."""
MOVING = {"hours_since_publication"}
"""Metrics that change while a test runs."""
SLUGS = [entry.slug for entry in all_dashboards()]


@pytest.fixture(scope="module")
def analyst(migrated_redshift: DirectRedshift) -> Iterator[DirectRedshift]:
    """An analyst's session on a warehouse with both stars loaded."""
    empty(migrated_redshift)
    worlds.load(migrated_redshift, worlds.SEEDS[0])
    session = migrated_redshift.sibling(f"IAMR:{resources.ANALYST_ROLE}")
    yield session
    session.close()


@pytest.fixture(scope="module")
def viewer(browser: Browser, superset: SupersetServer, analyst: DirectRedshift) -> Iterator[BrowserContext]:
    """A browser with the viewer logged in."""
    context = log_in(browser, superset, VIEWER)
    yield context
    context.close()


@pytest.fixture(scope="module")
def administrator(browser: Browser, superset: SupersetServer, analyst: DirectRedshift) -> Iterator[BrowserContext]:
    """A browser with the administrator logged in."""
    context = log_in(browser, superset, ADMINISTRATOR)
    yield context
    context.close()


def _figures(chart: Chart, rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """The metrics of each row, without the rows that an axis adds with nothing in them.

    A chart with several series has a column per series instead of its metric. One of shares has parts of the sum.
    """
    names = [name for name in chart.metrics if name not in MOVING]
    if rows and set(chart.metrics) <= rows[0].keys():
        values = [tuple(_value(name, row[name]) for name in names) for row in rows]
    else:
        series = [name for name in rows[0] if name not in chart.by] if rows else []
        values = [(_value(name, row[name]),) for row in rows for name in series]
    if chart.kind is Kind.SHARE:
        total = sum(value for (value,) in values)
        values = [(round(value / total, 4),) for (value,) in values]
    return sorted((row for row in values if any(row)), key=repr)


def _value(metric: str, value: Any) -> Any:
    """A figure to compare. Superset sends a date as milliseconds since 1970."""
    if metric in DATES and isinstance(value, int | float):
        return datetime.fromtimestamp(value / 1000, UTC).date().isoformat()
    return round(float(value), 6) if isinstance(value, int | float | Decimal) else value and str(value)[:10]


@pytest.mark.parametrize("slug", SLUGS)
def test_a_dashboard_shows_every_chart_with_the_marts_figures(
    viewer: BrowserContext, analyst: DirectRedshift, slug: str
) -> None:
    shown = DashboardPage(viewer, slug).open()
    PICTURES.mkdir(parents=True, exist_ok=True)
    shown.page.screenshot(path=PICTURES / f"superset-{slug}.png")
    declared = dashboard(slug).charts
    assert shown.page.locator(CHART).count() == len(declared)
    assert shown.page.locator(FAULTS).all_inner_texts() == []
    assert shown.blank_charts() == []
    assert shown.foreign == []
    for chart in declared:
        if not chart.shows_rows:
            expected = _figures(chart, analyst.execute(sql_of(chart.query())))
            assert expected, chart.title
            assert _figures(chart, shown.rows[chart.title]) == expected, chart.title
    shown.page.close()


def test_a_filter_acts_on_the_figures(viewer: BrowserContext, analyst: DirectRedshift) -> None:
    shown = DashboardPage(viewer, "account-managers").open()
    before = shown.figure("Upcoming shows")
    shown.choose("State", "TX")
    chart = next(chart for chart in dashboard("account-managers").charts if chart.title == "Upcoming shows")
    sql = sql_of(chart.query((Condition("venue__state_code", "=", ("TX",)),)))
    ((expected,),) = (row.values() for row in analyst.execute(sql))
    assert shown.figure("Upcoming shows") == f"{expected:,}"
    assert shown.figure("Upcoming shows") != before
    shown.page.close()


@pytest.mark.parametrize(
    "path", ["/sqllab/", "/api/v1/database/", "/users/list/", "/tablemodelview/list/", "/chart/add"], ids=str
)
def test_the_viewer_only_views(viewer: BrowserContext, path: str) -> None:
    assert viewer.request.get(path, max_redirects=0).status == 403


def test_dashboards_need_a_login(browser: Browser, superset: SupersetServer) -> None:
    stranger = browser.new_context(base_url=superset.url)
    answer = stranger.request.get(f"/superset/dashboard/{SLUGS[0]}/", max_redirects=0)
    assert answer.status == 302
    assert answer.headers["location"].startswith("/login/")
    stranger.close()


def test_the_viewer_reads_no_dataset_but_the_dashboards(viewer: BrowserContext, administrator: BrowserContext) -> None:
    headers = {"X-CSRFToken": token(administrator)}
    content = {"database": 1, "schema": "tickit", "table_name": "of_the_administrator", "sql": "SELECT 1 AS number"}
    answer = administrator.request.post("/api/v1/dataset/", data=content, headers=headers)
    dataset = answer.json()["id"]
    question = {
        "datasource": {"id": dataset, "type": "table"},
        "queries": [{"columns": ["number"], "metrics": [], "row_limit": 1}],
        "result_format": "json",
        "result_type": "full",
    }
    assert administrator.request.post("/api/v1/chart/data", data=question).status == 200
    assert viewer.request.post("/api/v1/chart/data", data=question).status == 403
    assert administrator.request.delete(f"/api/v1/dataset/{dataset}", headers=headers).status == 200


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("SELECT * FROM tickit.user_contacts", "permission denied for relation user_contacts"),
        ("SELECT * FROM staging.tickit_sales", "permission denied for schema staging"),
    ],
)
def test_not_even_the_administrator_reads_what_analysts_may_not(
    administrator: BrowserContext, sql: str, reason: str
) -> None:
    headers = {"X-CSRFToken": token(administrator)}
    statement = {"database_id": 1, "sql": sql, "runAsync": False}
    answer = administrator.request.post("/api/v1/sqllab/execute/", data=statement, headers=headers)
    assert reason in answer.text()


def test_no_file_of_the_home_but_its_own_has_a_password(superset: SupersetServer) -> None:
    passfile = superset.stack.home / "warehouse.pgpass"
    secrets = {*superset.passwords.values(), passfile.read_text().strip().rsplit(":", 1)[1]}
    own = {passfile, superset.service.passwords}
    for path in superset.stack.home.rglob("*"):
        if path.is_file() and path not in own and "venv-superset" not in path.parts:
            content = path.read_bytes()
            assert not [path for secret in secrets if secret.encode() in content]
    assert superset.service.passwords.stat().st_mode & 0o077 == 0


def test_a_second_start_prepares_nothing_again(superset: SupersetServer) -> None:
    key = superset.service.folder / "key"
    prepared_at = key.stat().st_mtime_ns
    process = superset.stack.processes.running("dashboards")
    superset.service.start()
    assert superset.stack.processes.running("dashboards") == process
    assert key.stat().st_mtime_ns == prepared_at
