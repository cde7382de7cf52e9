"""Where the charts of a dashboard are, in Superset's grid."""

from __future__ import annotations

from typing import Any

from dashboards.declarations import GRID_COLUMNS, Chart, Dashboard, Kind
from dashboards.superset import names

_HEIGHTS = {Kind.NUMBER: 18, Kind.HEATMAP: 44}
"""Heights by kind, in units of 8 pixels."""
_HEIGHT, _WIDE_TABLE_HEIGHT = 48, 82
_INTRODUCTION_HEIGHT = 9
_GRID = ["ROOT_ID", "GRID_ID"]

_Position = dict[str, Any]


def position(dashboard: Dashboard) -> _Position:
    """The tree of a dashboard: its description, then its rows of charts."""
    parts: _Position = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
        "GRID_ID": {"type": "GRID", "id": "GRID_ID", "children": [], "parents": ["ROOT_ID"]},
        "HEADER_ID": {"type": "HEADER", "id": "HEADER_ID", "meta": {"text": dashboard.title}},
    }
    _add_row(parts, "ROW-introduction", [_introduction(dashboard)])
    numbers = chart_numbers(dashboard)
    for index, row in enumerate(dashboard.rows, start=1):
        height = max(_height(chart) for chart in row)
        cells = [
            {
                "type": "CHART",
                "id": f"CHART-{numbers[chart.title]}",
                "children": [],
                "meta": {
                    "chartId": numbers[chart.title],
                    "uuid": names.chart_uuid(dashboard, chart),
                    "sliceName": chart.title,
                    "width": chart.width,
                    "height": height,
                },
            }
            for chart in row
        ]
        _add_row(parts, f"ROW-{index}", cells)
    return parts


def chart_numbers(dashboard: Dashboard) -> dict[str, int]:
    """The numbers that a dashboard's file refers to its charts by, by title. Superset replaces them when it imports."""
    return {chart.title: number for number, chart in enumerate(dashboard.charts, start=1)}


def _height(chart: Chart) -> int:
    is_wide = chart.kind is Kind.TABLE and chart.width == GRID_COLUMNS
    return _WIDE_TABLE_HEIGHT if is_wide else _HEIGHTS.get(chart.kind, _HEIGHT)


def _introduction(dashboard: Dashboard) -> dict[str, Any]:
    return {
        "type": "MARKDOWN",
        "id": "MARKDOWN-introduction",
        "children": [],
        "meta": {"code": dashboard.description, "width": GRID_COLUMNS, "height": _INTRODUCTION_HEIGHT},
    }


def _add_row(parts: _Position, name: str, cells: list[dict[str, Any]]) -> None:
    parts["GRID_ID"]["children"].append(name)
    parts[name] = {
        "type": "ROW",
        "id": name,
        "children": [cell["id"] for cell in cells],
        "parents": _GRID,
        "meta": {"background": "BACKGROUND_TRANSPARENT"},
    }
    for cell in cells:
        parts[cell["id"]] = cell | {"parents": [*_GRID, name]}
