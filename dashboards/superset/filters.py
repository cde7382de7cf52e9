"""A dashboard's filters, in Superset's terms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboards.declarations import Chart, Dashboard, Filter
from dashboards.resolution import charts_of, is_time, model_name
from dashboards.superset import layout, names
from semantics.catalog import Catalog


def native_filters(dashboard: Dashboard, catalog: Catalog) -> list[dict[str, Any]]:
    """The filters of a dashboard."""
    return [_native(choice, dashboard, catalog) for choice in dashboard.filters]


def _native(choice: Filter, dashboard: Dashboard, catalog: Catalog) -> dict[str, Any]:
    acting = charts_of(choice, dashboard, catalog)
    others = [chart for chart in dashboard.charts if chart not in acting]
    numbers = layout.chart_numbers(dashboard)
    content = _time() if is_time(choice.dimension, catalog) else _values(choice, model_name(acting[0], catalog))
    return {
        "id": f"NATIVE_FILTER-{names.file_name(choice.title)}",
        "name": choice.title,
        "description": _description(others),
        "type": "NATIVE_FILTER",
        **content,
        "defaultDataMask": {"extraFormData": {}, "filterState": {}, "ownState": {}},
        "cascadeParentIds": [],
        "scope": {"rootPath": ["ROOT_ID"], "excluded": [numbers[chart.title] for chart in others]},
    }


def _time() -> dict[str, Any]:
    return {"filterType": "filter_time", "targets": [{}], "controlValues": {}}


def _values(choice: Filter, model: str) -> dict[str, Any]:
    target = {"column": {"name": choice.dimension}, "datasetUuid": names.dataset_uuid(model)}
    return {"filterType": "filter_select", "targets": [target], "controlValues": _SELECT}


_SELECT = {
    "enableEmptyFilter": False,
    "multiSelect": True,
    "defaultToFirstItem": False,
    "inverseSelection": False,
    "searchAllOptions": False,
    "sortAscending": True,
}


def _description(others: Sequence[Chart]) -> str:
    if not others:
        return "Acts on every chart."
    return f"Does not act on: {', '.join(chart.title for chart in others)}."
