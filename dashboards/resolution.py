"""Finds the names of a declaration in the semantic model."""

from __future__ import annotations

from dashboards.declarations import BadDeclaration, Chart, Dashboard, Filter
from semantics.catalog import GRAINS, Catalog


def model_name(chart: Chart, catalog: Catalog) -> str:
    """The semantic model that answers a chart.

    Raises:
        BadDeclaration: its metrics are of several models, or of another one than its `dataset`.
        UnknownName: the model has no such metric.
    """
    names = {catalog.metric(name).model for name in chart.metrics} | ({chart.dataset} if chart.dataset else set())
    if len(names) != 1:
        raise BadDeclaration(f"Chart {chart.title!r}: its metrics are of several models: {', '.join(sorted(names))}.")
    return names.pop()


def column(dimension: str) -> str:
    """The column of a dataset for a dimension: without its grain."""
    return grain(dimension)[0]


def grain(dimension: str) -> tuple[str, str | None]:
    """A dimension without its grain, and the grain. `show__start_date__month` is by month."""
    stem, _, last = dimension.rpartition("__")
    return (stem, last) if last in GRAINS else (dimension, None)


def is_time(dimension: str, catalog: Catalog) -> bool:
    """Whether a dimension is a date."""
    return catalog.dimension(dimension).kind == "time"


def charts_of(choice: Filter, dashboard: Dashboard, catalog: Catalog) -> tuple[Chart, ...]:
    """The charts of a dashboard that a filter acts on: those whose model has the dimension."""
    return tuple(
        chart for chart in dashboard.charts if choice.dimension in dimensions(model_name(chart, catalog), catalog)
    )


def dimensions(model: str, catalog: Catalog) -> frozenset[str]:
    """The names of all dimensions that a model's rows can be grouped by and filtered by."""
    return frozenset(dimension.name for dimension in catalog.dimensions_of(catalog.model(model)))
