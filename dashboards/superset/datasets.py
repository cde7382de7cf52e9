"""The database and the datasets, in Superset's terms. Datasets come from the semantic model alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboards.superset import names
from semantics.datasets import Column, Dataset
from semantics.elements import Metric

DATABASE_URI = "redshift+psycopg2://localhost:5439/dev"
"""A placeholder: `infra.superset.config` replaces it with the warehouse of this home, or with an account's."""

_Content = dict[str, Any]


def database() -> _Content:
    """The database's file."""
    return {
        "database_name": names.DATABASE,
        "sqlalchemy_uri": DATABASE_URI,
        "cache_timeout": None,
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "extra": {"allows_virtual_table_explore": True},
        "uuid": names.database_uuid(),
        "version": names.VERSION,
    }


def dataset(name: str, source: Dataset, sql: str, labels: Mapping[str, str]) -> _Content:
    """One dataset's file.

    Args:
        name: its name.
        source: the dataset of its semantic model.
        sql: its query.
        labels: the labels that charts group by, with the key of each.
    """
    return {
        "table_name": name,
        "description": source.description,
        "main_dttm_col": source.time_column,
        "default_endpoint": None,
        "offset": 0,
        "cache_timeout": None,
        "schema": None,
        "sql": _labelled(sql, labels),
        "params": None,
        "template_params": None,
        "filter_select_enabled": True,
        "fetch_values_predicate": None,
        "extra": None,
        "uuid": names.dataset_uuid(name),
        "columns": [_column(column.name, column) for column in source.columns]
        + [_column(distinct(column.name), column) for column in source.columns if column.name in labels],
        "metrics": [_metric(metric) for metric in source.metrics],
        "version": names.VERSION,
        "database_uuid": names.database_uuid(),
    }


def distinct(label: str) -> str:
    """The column with a label that differs from key to key."""
    return f"{label}__distinct"


def _labelled(sql: str, labels: Mapping[str, str]) -> str:
    """A query, with labels that differ from key to key.

    Superset's bars are grouped by one column only. Two venues with one label would become one bar, so such labels end
    with their key.
    """
    if not labels:
        return sql
    columns = "".join(f",\n    {_distinct(label, key)} AS {distinct(label)}" for label, key in sorted(labels.items()))
    rows = sql.replace("\n", "\n    ")
    return f"SELECT\n    labelled.*{columns}\nFROM (\n    {rows}\n) AS labelled"


def _distinct(label: str, key: str) -> str:
    partition = f"OVER (PARTITION BY {label})"
    is_shared = f"MIN({key}) {partition} <> MAX({key}) {partition}"
    return f"CASE WHEN {is_shared} THEN {label} || ' (' || {key} || ')' ELSE {label} END"


def _column(name: str, column: Column) -> _Content:
    return {
        "column_name": name,
        "verbose_name": column.label,
        "description": column.description,
        "is_dttm": column.kind == "time",
        "is_active": True,
        "type": column.type,
        "groupby": True,
        "filterable": True,
        "expression": None,
        "python_date_format": None,
    }


def _metric(metric: Metric) -> _Content:
    return {
        "metric_name": metric.name,
        "verbose_name": metric.label,
        "description": metric.description,
        "expression": metric.expression,
        "metric_type": None,
        "d3format": metric.format,
        "warning_text": None,
        "extra": None,
    }
