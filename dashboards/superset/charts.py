"""A declared chart as one of Superset's, with the parameters of its kind."""

from __future__ import annotations

from typing import Any

from dashboards.declarations import GRID_COLUMNS, Chart, Dashboard, Kind
from dashboards.resolution import column, dimensions, grain, is_time, model_name
from dashboards.superset import conditions, names
from dashboards.superset.complete_axes import dataset_name
from dashboards.superset.datasets import distinct
from semantics.catalog import Catalog

_MOST_ROWS = 10_000
_PAGE_ROWS, _SHORT_PAGE_ROWS = 15, 7
"""Rows of a page of a table: in a table as wide as the dashboard, and in others."""
_DATE, _DAY = "%d %b %Y", "%d %b"

_GRAINS = {"day": "P1D", "week": "P1W", "month": "P1M", "quarter": "P3M", "year": "P1Y"}
_DATE_FORMATS = {"month": "%b %Y", "quarter": "Q%q %Y", "year": "%Y"}

_Params = dict[str, Any]

_VIZ_TYPES = {
    Kind.NUMBER: "big_number_total",
    Kind.BAR: "echarts_timeseries_bar",
    Kind.COLUMN: "echarts_timeseries_bar",
    Kind.SHARE: "echarts_timeseries_bar",
    Kind.LINE: "echarts_timeseries_line",
    Kind.HEATMAP: "heatmap_v2",
    Kind.TABLE: "table",
}


class ChartWriter:
    """Writes the charts of one dashboard.

    Attributes:
        catalog: the semantic model, for labels and formats.
        dashboard: the dashboard.
    """

    def __init__(self, catalog: Catalog, dashboard: Dashboard) -> None:
        self.catalog = catalog
        self.dashboard = dashboard

    def write(self, chart: Chart) -> dict[str, Any]:
        """One chart's file."""
        model = model_name(chart, self.catalog)
        params = {"viz_type": _VIZ_TYPES[chart.kind], **self._params(chart)}
        params["adhoc_filters"] = conditions.adhoc_filters(chart.where, self._filtered_time(model))
        params["row_limit"] = chart.limit or _MOST_ROWS
        return {
            "slice_name": chart.title,
            "description": chart.note or self._meaning(chart),
            "certified_by": None,
            "certification_details": None,
            "viz_type": _VIZ_TYPES[chart.kind],
            "params": params,
            "query_context": None,
            "cache_timeout": None,
            "uuid": names.chart_uuid(self.dashboard, chart),
            "version": names.VERSION,
            "dataset_uuid": names.dataset_uuid(dataset_name(chart, self.catalog)),
        }

    def _filtered_time(self, model: str) -> str | None:
        """The dimension of the dashboard's filter for time, if the model has it."""
        available = dimensions(model, self.catalog)
        times = (choice.dimension for choice in self.dashboard.filters if self._is_time(choice.dimension))
        return next((name for name in times if name in available), None)

    def _params(self, chart: Chart) -> _Params:
        match chart.kind:
            case Kind.NUMBER:
                return self._number(chart)
            case Kind.BAR | Kind.SHARE:
                return self._bars(chart)
            case Kind.COLUMN:
                return self._columns(chart)
            case Kind.LINE:
                return self._line(chart)
            case Kind.HEATMAP:
                return self._heatmap(chart)
            case Kind.TABLE:
                return self._rows(chart) if chart.shows_rows else self._table(chart)

    def _number(self, chart: Chart) -> _Params:
        return {
            "metric": chart.metrics[0],
            "y_axis_format": self._format(chart.metrics[0]),
            "time_format": _DATE,
            "force_timestamp_formatting": self.catalog.metric(chart.metrics[0]).format.startswith("%"),
            "subtitle": chart.note,
            "header_font_size": 0.4,
            "subtitle_font_size": 0.2,
        }

    def _bars(self, chart: Chart) -> _Params:
        """Horizontal bars. Superset draws a horizontal axis from the bottom, so the largest is sorted last."""
        first = chart.order[0] if chart.order else f"-{chart.metrics[0]}"
        params = self._axes(chart) | {
            "orientation": "horizontal",
            "x_axis_sort": _axis_column(chart, first.removeprefix("-")),
            "x_axis_sort_asc": first.startswith("-"),
            "order_desc": first.startswith("-"),
            "show_value": True,
            "x_axis_title": "",  # a title would cover the labels, which speak for themselves
        }
        if chart.kind is Kind.SHARE:
            params |= {"contributionMode": "column", "y_axis_format": ",.0%", "y_axis_title": "Share"}
        return params

    def _columns(self, chart: Chart) -> _Params:
        stacked = len(chart.groups) > 1
        params = self._axes(chart) | {"orientation": "vertical", "stack": "Stack" if stacked else None}
        params |= {"show_value": not stacked and not self._is_time(chart.groups[0])}
        if not self._is_time(chart.groups[0]):
            params |= {"xAxisLabelInterval": "0"}
        return params

    def _line(self, chart: Chart) -> _Params:
        return self._axes(chart) | {"markerEnabled": True, "markerSize": 5, "seriesType": "line"}

    def _axes(self, chart: Chart) -> _Params:
        """What bars, columns and lines share: an axis, metrics, and series."""
        axis, *series = chart.groups
        first = self.catalog.metric(chart.metrics[0])
        return {
            "x_axis": _axis_column(chart, axis),
            "time_grain_sqla": self._grain(axis),
            "x_axis_sort_asc": True,
            "x_axis_sort": _axis_column(chart, axis),
            "metrics": list(chart.metrics),
            "groupby": [column(name) for name in series],
            "color_scheme": names.COLOR_SCHEME,
            "show_legend": bool(series) or len(chart.metrics) > 1,
            "legendOrientation": "top",
            "legendType": "scroll",
            "rich_tooltip": True,
            "truncate_metric": True,
            "show_empty_columns": True,
            "x_axis_time_format": _DATE_FORMATS.get(grain(axis)[1] or "day", _DAY),
            "tooltipTimeFormat": _DATE_FORMATS.get(grain(axis)[1] or "day", _DATE),
            "x_axis_title": "" if self._is_time(axis) else self.catalog.dimension(axis).label,
            "x_axis_title_margin": 30,
            "y_axis_title": first.label,
            "y_axis_title_margin": 40,
            "y_axis_title_position": "Left",
            "y_axis_format": _short(first.format),
            "y_axis_bounds": [0, None],
        }

    def _heatmap(self, chart: Chart) -> _Params:
        horizontal, vertical = chart.groups
        return {
            "x_axis": column(horizontal),
            "groupby": column(vertical),
            "metric": chart.metrics[0],
            "time_grain_sqla": None,
            "sort_x_axis": "alpha_asc",
            "sort_y_axis": "alpha_desc",
            "normalize_across": "heatmap",
            "linear_color_scheme": names.SEQUENTIAL_SCHEME,
            "legend_type": "continuous",
            "show_legend": True,
            "show_values": True,
            "show_percentage": False,
            "value_bounds": [0, None],
            "border_color": {"r": 255, "g": 255, "b": 255, "a": 1},
            "border_width": 1,
            "xscale_interval": 1,
            "yscale_interval": 1,
            "left_margin": "auto",
            "bottom_margin": "auto",
            "x_axis_time_format": _DATE,
            "y_axis_format": self._format(chart.metrics[0]),
        }

    def _table(self, chart: Chart) -> _Params:
        first = chart.order[0] if chart.order else f"-{chart.metrics[0]}"
        return self._cells(chart) | {
            "query_mode": "aggregate",
            "groupby": [column(name) for name in chart.by],
            "metrics": list(chart.metrics),
            "timeseries_limit_metric": first.removeprefix("-"),
            "order_desc": first.startswith("-"),
        }

    def _rows(self, chart: Chart) -> _Params:
        ascending = [[name.removeprefix("-"), not name.startswith("-")] for name in chart.order]
        return self._cells(chart) | {
            "query_mode": "raw",
            "all_columns": list(chart.columns),
            "order_by_cols": [f'["{name}", {str(is_ascending).lower()}]' for name, is_ascending in ascending],
        }

    def _cells(self, chart: Chart) -> _Params:
        """How cells look: no bars behind numbers, keys hidden, numbers in the metric's format."""
        hidden = {key: {"visible": False} for key in chart.key_of.values()}
        formats = {name: self._format(name) for name in chart.metrics}
        formats |= {name: self.catalog.dimension(name).format for name in chart.columns}
        return {
            "show_cell_bars": False,
            "include_search": True,
            "page_length": _PAGE_ROWS if chart.width == GRID_COLUMNS else _SHORT_PAGE_ROWS,
            "server_pagination": False,
            "allow_render_html": False,
            "table_timestamp_format": _DATE,
            "column_config": hidden | {name: {"d3NumberFormat": form} for name, form in formats.items() if form},
        }

    def _meaning(self, chart: Chart) -> str:
        return "\n".join(self.catalog.metric(name).description for name in chart.metrics)

    def _format(self, metric: str) -> str:
        return self.catalog.metric(metric).format

    def _is_time(self, dimension: str) -> bool:
        return is_time(dimension, self.catalog)

    def _grain(self, dimension: str) -> str | None:
        return _GRAINS[grain(dimension)[1] or "day"] if self._is_time(dimension) else None


def _axis_column(chart: Chart, dimension: str) -> str:
    """The column that an axis shows. Superset groups by this column alone, so it must tell keys apart."""
    return distinct(dimension) if dimension in chart.key_of else column(dimension)


def _short(number_format: str) -> str:
    """A format for axes and for the numbers at bars: money is rounded, and an axis of counts may have halves."""
    if number_format.startswith("$"):
        return "$,.3~s"
    return ",.1~f" if number_format == ",d" else number_format
