"""Datasets for axes that must show every value, also those without rows, such as all hours of the day.

Superset shows the values that a query returns, and a filter removes the others. So these datasets have a row per row of
their model and value of the axis. Only the row with its own value counts.
"""

from __future__ import annotations

from dashboards.declarations import Chart
from dashboards.resolution import model_name
from semantics.catalog import Catalog
from semantics.datasets import Dataset
from semantics.reading import measure_column

_VALUES = {"show__local_hour": "SELECT DISTINCT local_hour AS value FROM ticketmaster.mv_events_by_hour_weekday"}
"""The values of each such axis, by dimension."""


def complete_axis(chart: Chart) -> str | None:
    """The axis of a chart that must show every value."""
    return next((name for name in chart.groups if name in _VALUES), None)


def dataset_name(chart: Chart, catalog: Catalog) -> str:
    """The name of the dataset that answers a chart."""
    axis, model = complete_axis(chart), model_name(chart, catalog)
    return f"{model}_by_{axis.rpartition('__')[2]}" if axis else model


def complete(source: Dataset, axis: str, catalog: Catalog) -> str:
    """The query of a dataset with every value of an axis."""
    measures = [measure_column(name) for name in catalog.model(source.name).measures]
    columns = [f"shown.{name}" for name in source.column_names if name != axis]
    columns += [f"axis.value AS {axis}"]
    columns += [f"CASE WHEN shown.{axis} = axis.value THEN shown.{name} END AS {name}" for name in measures]
    lines = ",\n".join(f"    {column}" for column in columns)
    return f"SELECT\n{lines}\nFROM (\n{_indented(source.sql)}\n) AS shown\nCROSS JOIN (\n    {_VALUES[axis]}\n) AS axis"


def _indented(sql: str) -> str:
    return "\n".join(f"    {line}" for line in sql.splitlines())
