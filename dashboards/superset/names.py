"""Superset's identifiers, made from names, so that an import updates what an earlier one made."""

from __future__ import annotations

import re
from uuid import UUID, uuid5

from dashboards.declarations import Chart, Dashboard

_NAMESPACE = UUID("c1b7a9de-5d0e-5f0a-9a55-6e0f7d0b0a11")

DATABASE = "Boxoffice"
VERSION = "1.0.0"
"""The version of Superset's file format."""
COLOR_SCHEME, SEQUENTIAL_SCHEME = "boxoffice", "boxoffice_sequential"
"""The names of `dashboards.palette` in Superset. A Superset that lacks them uses its own colours."""


def database_uuid() -> str:
    """The identifier of the database."""
    return _uuid("database")


def dataset_uuid(name: str) -> str:
    """The identifier of a dataset, by the name of its semantic model."""
    return _uuid(f"dataset/{name}")


def chart_uuid(dashboard: Dashboard, chart: Chart) -> str:
    """The identifier of a chart. A chart with a new title is a new chart."""
    return _uuid(f"chart/{dashboard.slug}/{chart.title}")


def dashboard_uuid(dashboard: Dashboard) -> str:
    """The identifier of a dashboard."""
    return _uuid(f"dashboard/{dashboard.slug}")


def file_name(title: str) -> str:
    """A title as the name of a file: `Busiest venues` is `busiest_venues`."""
    return re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")


def _uuid(name: str) -> str:
    return str(uuid5(_NAMESPACE, name))
