"""From declarations to figures: the SQL of each chart, written from the semantic model, and its rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dashboards.declarations import Chart, Dashboard, Kind
from dashboards.page.figures import Column, Figure, Section
from dashboards.page.gaps import filled
from dashboards.page.labels import distinct
from semantics import queries
from semantics.catalog import GRAINS, Catalog
from semantics.datasets import dataset

MOST_ROWS = 200
"""Rows of a table or a ranking on the page: a page has a limited size, whatever the star has."""
_MOST_PLACES = 400
"""Rows of a chart with axes."""

Rows = Sequence[Mapping[str, Any]]
Transaction = Callable[[Mapping[str, str]], Sequence[Rows]]
"""Runs statements, by the titles of their charts, in one transaction, so that all of them see the same publication."""

_ADDITIVE = re.compile(r"(COALESCE\()?(SUM|COUNT)\((?!DISTINCT)", re.IGNORECASE)
_IN_ORDER = (Kind.COLUMN, Kind.LINE, Kind.HEATMAP)
"""Kinds whose groups are sorted along an axis."""


def section(dashboard: Dashboard, catalog: Catalog, missing: Collection[str], transaction: Transaction) -> Section:
    """A dashboard with the rows of its charts.

    Args:
        dashboard: the dashboard.
        catalog: the semantic model.
        missing: the stars that were never loaded. Their charts are left out.
        transaction: runs the queries.

    Raises:
        UnknownName: a chart names a metric or a dimension that the semantic model doesn't have.
        BadQuery: a chart can't be answered.
    """
    shown = [tuple(chart for chart in row if star_of(chart, catalog) not in missing) for row in dashboard.rows]
    charts = [chart for row in shown for chart in row]
    results = transaction({chart.title: sql_of(chart, catalog) for chart in charts}) if charts else []
    figures = iter([figure(chart, catalog, rows) for chart, rows in zip(charts, results, strict=True)])
    absent = {star_of(chart, catalog) for chart in dashboard.charts} & set(missing)
    return Section(
        title=dashboard.title,
        slug=dashboard.slug,
        description=dashboard.description,
        rows=tuple(tuple(next(figures) for _ in row) for row in shown if row),
        missing=tuple(sorted(absent)),
    )


def star_of(chart: Chart, catalog: Catalog) -> str:
    """The star that a chart reads."""
    return catalog.metric(chart.metrics[0]).star if chart.metrics else catalog.model(str(chart.dataset)).star


def sql_of(chart: Chart, catalog: Catalog) -> str:
    """A chart's query in Redshift's dialect. It asks for one row more than the page shows."""
    limit = _most_rows(chart) + 1
    if chart.shows_rows:
        source = dataset(catalog, str(chart.dataset))
        order = ", ".join(f"{name.removeprefix('-')}{' DESC' * name.startswith('-')}" for name in chart.order)
        columns = ", ".join(chart.columns)
        conditions = [_condition(condition, catalog) for condition in chart.where]
        where = f"\nWHERE {' AND '.join(conditions)}" if conditions else ""
        sort = f"\nORDER BY {order}" if order else ""
        return f"SELECT {columns}\nFROM (\n{source.sql}\n) AS {source.name}{where}{sort}\nLIMIT {limit}"
    query = chart.query()
    return queries.sql_of(replace(query, order=query.order or _order(chart), limit=limit))


def _condition(condition: queries.Condition, catalog: Catalog) -> str:
    return condition.sql(condition.dimension, catalog.dimension(condition.dimension).datatype)


def _order(chart: Chart) -> tuple[str, ...]:
    """The order of a chart that has none: along its axis, or the largest first."""
    return chart.groups if chart.kind in _IN_ORDER else (f"-{chart.metrics[0]}",)


def _most_rows(chart: Chart) -> int:
    most = _MOST_PLACES if chart.kind in _IN_ORDER else MOST_ROWS
    return min(chart.limit or most, most)


def figure(chart: Chart, catalog: Catalog, rows: Rows) -> Figure:
    """A chart with the rows that its query returned."""
    most = _most_rows(chart)
    names = chart.columns or (*chart.by, *chart.metrics)
    columns = [_by_month(column, [row[column.name] for row in rows]) for column in _columns(chart, catalog)]
    read = Figure(
        title=chart.title,
        kind=chart.kind,
        columns=tuple(columns),
        rows=tuple(tuple(row[name] for name in names) for row in rows[:most]),
        note=chart.note,
        description=_description(chart, catalog),
        width=chart.width,
        is_cut=len(rows) > most,
    )
    return filled(distinct(read, _keys(chart, catalog)))


def _description(chart: Chart, catalog: Catalog) -> str:
    """The description of the first metric, or that of the rows."""
    return (
        catalog.metric(chart.metrics[0]).description if chart.metrics else catalog.model(str(chart.dataset)).description
    )


def _keys(chart: Chart, catalog: Catalog) -> dict[str, str]:
    """The key of each label that has one. Only a text names what its key identifies: a date doesn't."""
    return {label: key for label, key in chart.key_of.items() if catalog.dimension(label).datatype == "string"}


def _columns(chart: Chart, catalog: Catalog) -> Iterator[Column]:
    keys = _keys(chart, catalog).values()
    for name in chart.columns or chart.by:
        dimension = catalog.dimension(name)
        yield Column(
            name=name,
            label=dimension.label,
            is_key=name in keys,
            format=dimension.format,
            grain=_grain(name) if dimension.kind == "time" else "",
            description=dimension.description,
        )
    for name in chart.metrics:
        metric = catalog.metric(name)
        yield Column(
            name=name,
            label=metric.label,
            is_metric=True,
            format=metric.format,
            unit=metric.unit,
            description=metric.description,
            is_additive=metric.kind == "simple" and bool(_ADDITIVE.match(metric.expression)),
        )


def _by_month(column: Column, values: Sequence[Any]) -> Column:
    """A column of dates that all begin a month is one of months."""
    days = {value for value in values if value is not None}
    is_monthly = column.grain == "day" and len(days) > 1 and all(day.day == 1 for day in days)
    return replace(column, grain="month") if is_monthly else column


def _grain(name: str) -> str:
    last = name.rpartition("__")[2]
    return last if last in GRAINS else "day"
