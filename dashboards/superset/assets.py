"""All of Superset's files, from the declarations and the semantic model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from dashboards.catalog import all_dashboards
from dashboards.declarations import Chart, Dashboard
from dashboards.resolution import model_name
from dashboards.superset import datasets, filters, layout, names
from dashboards.superset.charts import ChartWriter
from dashboards.superset.complete_axes import complete, complete_axis, dataset_name
from dashboards.superset.files import to_yaml
from semantics.catalog import Catalog, load
from semantics.datasets import dataset

FOLDER = Path(__file__).with_name("assets")

_METADATA = {"version": names.VERSION, "type": "assets", "timestamp": "2026-01-01T00:00:00+00:00"}
"""The time is fixed, so that the same declarations give the same files."""

_File = tuple[str, dict[str, Any]]


def render() -> dict[str, str]:
    """The text of every file, by path in the folder of assets."""
    catalog = load()
    contents = dict(_files(catalog))
    return {path: to_yaml(content) for path, content in sorted(contents.items())}


def _files(catalog: Catalog) -> Iterator[_File]:
    yield "metadata.yaml", _METADATA
    yield f"databases/{names.DATABASE}.yaml", datasets.database()
    yield from _datasets(catalog)
    for dashboard in all_dashboards():
        writer = ChartWriter(catalog, dashboard)
        folder = f"charts/{names.file_name(dashboard.slug)}"
        for chart in dashboard.charts:
            yield f"{folder}/{names.file_name(chart.title)}.yaml", writer.write(chart)
        yield f"dashboards/{names.file_name(dashboard.slug)}.yaml", _dashboard(dashboard, catalog)


def _datasets(catalog: Catalog) -> Iterator[_File]:
    """A file for each dataset that charts read."""
    charts: defaultdict[str, list[Chart]] = defaultdict(list)
    for chart in chain.from_iterable(dashboard.charts for dashboard in all_dashboards()):
        charts[dataset_name(chart, catalog)].append(chart)
    for name, readers in charts.items():
        source = dataset(catalog, model_name(readers[0], catalog))
        axis = complete_axis(readers[0])
        sql = complete(source, axis, catalog) if axis else source.sql
        labels = {label: key for reader in readers for label, key in reader.key_of.items()}
        yield f"datasets/{names.DATABASE}/{name}.yaml", datasets.dataset(name, source, sql, labels)


def _dashboard(dashboard: Dashboard, catalog: Catalog) -> dict[str, Any]:
    return {
        "dashboard_title": dashboard.title,
        "description": dashboard.description,
        "css": "",
        "slug": dashboard.slug,
        "certified_by": None,
        "certification_details": None,
        "published": True,
        "uuid": names.dashboard_uuid(dashboard),
        "position": layout.position(dashboard),
        "metadata": {
            "native_filter_configuration": filters.native_filters(dashboard, catalog),
            "color_scheme": names.COLOR_SCHEME,
            "cross_filters_enabled": True,
            "expanded_slices": {},
            "refresh_frequency": 0,
            "default_filters": "{}",
        },
        "version": names.VERSION,
    }
