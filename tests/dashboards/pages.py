"""A dashboard's page in a browser: log in, open it, read what it shows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from tests.fixtures.superset import SupersetServer

if TYPE_CHECKING:
    from playwright.sync_api import APIResponse, Browser, BrowserContext, Page, Response

WINDOW = {"width": 1400, "height": 3000}
"""Tall: Superset draws only the charts that are in the window."""
CHART = '[data-test="chart-grid-component"]'
"""A chart; a dashboard's description has a frame too, and isn't one."""
FAULTS = ".ant-alert-error, .error-container, [role='alert'].ant-alert-error, .ant-empty, .missing-chart-container"
"""What Superset shows instead of a chart: an error, or "No results"."""
_DRAWN = """
() => {
  const charts = [...document.querySelectorAll('[data-test="chart-grid-component"]')];
  const isDrawn = chart => !chart.querySelector('.loading, [data-test="loading-indicator"]')
    && chart.querySelector('canvas, table, .header-line, .ant-empty, .ant-alert');
  return charts.length > 0 && charts.every(isDrawn);
}
"""
_BLANK = """
() => [...document.querySelectorAll('[data-test="chart-grid-component"]')].filter(chart => {
  const canvas = chart.querySelector('canvas');
  if (!canvas) return false;
  const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  const colors = new Set();
  for (let index = 0; index < pixels.length; index += 4) colors.add(pixels.slice(index, index + 4).join());
  return colors.size < 3;
}).map(chart => chart.textContent)
"""
"""The charts whose drawing has fewer than three colours: the background, a text and a bar."""


def log_in(browser: Browser, superset: SupersetServer, user: str) -> BrowserContext:
    """Log a user in through the form. Returns the browser's context with the session."""
    context = browser.new_context(viewport=WINDOW, base_url=superset.url)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/login/")
    page.fill("#username", user)
    page.fill("#password", superset.passwords[user])
    page.click("button[type=submit]")
    page.wait_for_url("**/welcome/")
    page.close()
    return context


class DashboardPage:
    """One dashboard, with the rows that its charts received.

    Args:
        context: a logged-in context.
        slug: the dashboard's.
    """

    def __init__(self, context: BrowserContext, slug: str) -> None:
        self.page: Page = context.new_page()
        self._context = context
        self._slug = slug
        answer = context.request.get(f"/api/v1/dashboard/{slug}/charts").json()
        self._titles = {int(chart["id"]): str(chart["slice_name"]) for chart in answer["result"]}
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.foreign: list[str] = []
        self.page.on("response", self._note)

    def open(self) -> DashboardPage:
        """Load the page and wait until all charts are drawn."""
        self.page.goto(f"/superset/dashboard/{self._slug}/")
        self.wait()
        return self

    def wait(self) -> None:
        """Wait until all charts are drawn and no request is under way."""
        self.page.wait_for_function(_DRAWN, timeout=120_000)
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_function(_DRAWN, timeout=120_000)

    def blank_charts(self) -> list[str]:
        """The texts of charts whose drawing is empty."""
        return list(self.page.evaluate(_BLANK))

    def figure(self, title: str) -> str:
        """The text of a chart that shows one figure."""
        return self.page.locator(CHART, has_text=title).locator(".header-line").first.inner_text()

    def choose(self, title: str, value: str) -> None:
        """Choose a value of a filter, apply it, and wait for the charts."""
        self.rows.clear()
        box = self.page.get_by_role("combobox", name=title)
        box.click()
        box.fill(value)
        self.page.locator(f'.ant-select-item-option[title="{value}"]').click()
        self.page.keyboard.press("Escape")
        self.page.get_by_role("button", name="Apply filters").click()
        self.wait()

    def _note(self, response: Response) -> None:
        url = urlsplit(response.url)
        if url.scheme == "http" and url.hostname != "127.0.0.1":
            self.foreign.append(response.url)
        if url.path != "/api/v1/chart/data" or not response.ok:
            return
        slice_id = json.loads(parse_qs(url.query).get("form_data", ["{}"])[0]).get("slice_id")
        if slice_id in self._titles:
            self.rows[self._titles[slice_id]] = response.json()["result"][0]["data"]


def token(context: BrowserContext) -> str:
    """A token against forged requests, which Superset demands of every change."""
    answer: APIResponse = context.request.get("/api/v1/security/csrf_token/")
    return str(answer.json()["result"])
