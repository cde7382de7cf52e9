"""`./boxoffice report`: all dashboards as one HTML file, read from the warehouse as an analyst."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aws_services.errors import AwsError, StatementFailed
from aws_services.redshift_data import BATCH_LIMIT, RedshiftData, Rows
from dashboards.catalog import all_dashboards
from dashboards.declarations import Dashboard
from dashboards.page.figures import Star
from infra import terminal
from infra.launcher.queries import warehouse
from infra.local_aws.room import write_whole
from infra.stack.stack import Stack
from warehouse.stars import stars

FILE = "report.html"
"""Its name in the home. Airflow serves this file: `dags.report_page`."""

TITLE = "Boxoffice report"

# The newest publication of each pipeline.
_FRESHNESS = """
SELECT f.pipeline, f.run_date, f.published_at, r.quality_score
FROM operations.v_freshness AS f
LEFT JOIN operations.v_runs AS r ON f.pipeline = r.pipeline AND f.published_at = r.published_at
"""


class ReportFailed(RuntimeError):
    """There is no report. The message has the reason, and the remedy if there is one."""


class UnknownDashboard(ReportFailed):
    """No dashboard has that slug."""


@dataclass(frozen=True, slots=True)
class Report:
    """A report that was written.

    Attributes:
        file: where it is.
        size: in bytes.
        charts: how many charts it has.
    """

    file: Path
    size: int
    charts: int


def chosen(slug: str | None) -> tuple[Dashboard, ...]:
    """The dashboard of a slug, or all of them.

    Raises:
        UnknownDashboard: there is none. The message lists the slugs.
    """
    dashboards = all_dashboards()
    if slug is None:
        return dashboards
    if slug not in {dashboard.slug for dashboard in dashboards}:
        slugs = ", ".join(dashboard.slug for dashboard in dashboards)
        raise UnknownDashboard(f"there is no dashboard {slug!r}; the dashboards are: {slugs}")
    return tuple(dashboard for dashboard in dashboards if dashboard.slug == slug)


def write(stack: Stack, slug: str | None = None, file: Path | None = None) -> Report:
    """Make the report and write it to a file, as a whole or not at all.

    Args:
        stack: whose warehouse is read, as an analyst.
        slug: of the only dashboard to show; by default all of them.
        file: where to write it; by default into the home.

    Raises:
        UnknownDashboard: there is no dashboard with that slug.
        ReportFailed: no star was ever loaded, the warehouse refused a query, or the file can't be written.
    """
    dashboards = chosen(slug)
    if file is None:
        file = stack.home / (FILE if slug is None else f"report-{slug}.html")
    try:
        page, charts = _made(warehouse(stack, "analyst"), dashboards)
    except AwsError as error:
        raise ReportFailed(f"the warehouse could not be read: {error}") from error
    content = page.encode()
    try:
        write_whole(file, content)
    except OSError as error:
        raise ReportFailed(f"the report could not be written to {file}: {error.strerror}") from error
    return Report(file.resolve(), len(content), charts)


def _made(redshift: RedshiftData, dashboards: Sequence[Dashboard]) -> tuple[str, int]:
    """The page, and the number of its charts."""
    from dashboards.page.page import rendered  # the libraries of drawings and of metrics take seconds to import
    from dashboards.page.reading import section, star_of
    from semantics.catalog import load

    catalog = load()
    read = {star_of(chart, catalog) for dashboard in dashboards for chart in dashboard.charts}
    loaded = _stars(redshift)
    if not any(star.is_loaded for star in loaded.values()):
        raise ReportFailed("no star is loaded yet, so there is nothing to show; './boxoffice run' loads them")
    missing = {name for name, star in loaded.items() if not star.is_loaded}
    sections = []
    for dashboard in dashboards:
        terminal.say(f"reading {len(dashboard.charts)} charts of {dashboard.title!r}")
        sections.append(section(dashboard, catalog, missing, lambda queries: _transaction(redshift, queries)))
    shown = [star for name, star in loaded.items() if name in read or not read & loaded.keys()]
    title = TITLE if len(dashboards) > 1 else f"{TITLE}: {dashboards[0].title}"
    page = rendered(title, shown, sections, datetime.now(UTC))
    return page, sum(len(row) for part in sections for row in part.rows)


def _stars(redshift: RedshiftData) -> dict[str, Star]:
    """Each star with the date, time and quality of what was published last, by name."""
    newest = {row["pipeline"]: row for row in redshift.execute(_FRESHNESS)}
    return {
        star.name: Star(
            star.name.capitalize(),
            *(newest.get(star.pipeline, {}).get(name) for name in ("run_date", "published_at", "quality_score")),
        )
        for star in stars()
    }


def _transaction(redshift: RedshiftData, queries: Mapping[str, str]) -> list[Rows]:
    """The rows of queries, by the titles of their charts. All of a batch see the same publication.

    Raises:
        ReportFailed: the warehouse refused one. The message names the chart.
    """
    titles, rows = list(queries), []
    for first in range(0, len(titles), BATCH_LIMIT):
        part = titles[first : first + BATCH_LIMIT]
        try:
            results = redshift.batch([queries[title] for title in part])
        except StatementFailed as error:
            raise ReportFailed(f"the warehouse refused the chart {part[error.position - 1]!r}: {error}") from error
        rows += [redshift.result_of(result.statement_id) for result in results]
    return rows
