"""The SQL that Superset makes of its files, without Superset: the dataset's query, grouped by a chart's columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from dashboards.superset import files
from dashboards.superset.assets import FOLDER

Content = Mapping[str, Any]

_GRAINS = {"P1D": "day", "P1W": "week", "P1M": "month", "P3M": "quarter", "P1Y": "year"}


def contents() -> dict[str, Content]:
    """The content of every file, by path."""
    return {path: yaml.safe_load(text) for path, text in files.read(FOLDER).items()}


def by_uuid(kind: str) -> dict[str, Content]:
    """The files of a folder, by their identifiers."""
    return {content["uuid"]: content for path, content in contents().items() if path.startswith(f"{kind}/")}


def metrics_of(chart: Content) -> list[str]:
    """The names of a chart's metrics."""
    params = chart["params"]
    return list(params["metrics"]) if "metrics" in params else [params["metric"]] if "metric" in params else []


def columns_of(chart: Content) -> list[str]:
    """The columns that Superset groups by, or shows."""
    params = chart["params"]
    groups = params.get("groupby") or []
    axis = [params["x_axis"]] if "x_axis" in params else []
    return [*axis, *([groups] if isinstance(groups, str) else groups), *params.get("all_columns", [])]


def sql_of(chart: Content, dataset: Content) -> str:
    """The query of a chart."""
    expressions = {metric["metric_name"]: metric["expression"] for metric in dataset["metrics"]}
    grain = _GRAINS.get(chart["params"].get("time_grain_sqla") or "")
    times = {column["column_name"] for column in dataset["columns"] if column["is_dttm"]}
    columns = [
        f"CAST(DATE_TRUNC('{grain}', {name}) AS DATE) AS {name}" if grain and name in times else name
        for name in columns_of(chart)
    ]
    metrics = [f"{expressions[name]} AS {name}" for name in metrics_of(chart)]
    groups = ", ".join(str(number) for number in range(1, len(columns) + 1))
    grouping = f" GROUP BY {groups}" if columns and metrics else ""
    ordering = f" ORDER BY {len(columns) + 1} DESC NULLS LAST" if metrics else ""
    selected = f"SELECT {', '.join([*columns, *metrics])} FROM ({dataset['sql']}) AS dataset"
    return f"{selected}{_where(chart)}{grouping}{ordering} LIMIT {chart['params']['row_limit']}"


def _where(chart: Content) -> str:
    conditions = [
        f"{entry['subject']} {entry['operator']} {_literal(entry['comparator'])}"
        for entry in chart["params"]["adhoc_filters"]
        if entry["operator"] != "TEMPORAL_RANGE"
    ]
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


def _literal(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return f"({', '.join(_literal(item) for item in value)})"
    return "'" + value + "'" if isinstance(value, str) else str(value)
