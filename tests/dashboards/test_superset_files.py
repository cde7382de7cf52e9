"""Superset's files say what the declarations say, and name only what exists."""

from __future__ import annotations

import pytest
import yaml

from dashboards.catalog import all_dashboards
from dashboards.resolution import charts_of, column, dimensions, model_name
from dashboards.superset import files
from dashboards.superset.__main__ import main
from dashboards.superset.assets import FOLDER, render
from semantics.catalog import load
from tests.dashboards.superset_sql import Content, by_uuid, columns_of, contents, metrics_of

CHARTS = [(dashboard, chart) for dashboard in all_dashboards() for chart in dashboard.charts]
NAMES = [f"{dashboard.slug}: {chart.title}" for dashboard, chart in CHARTS]


def _chart(title: str, slug: str) -> Content:
    folder = f"charts/{slug.replace('-', '_')}/"
    return next(
        content for path, content in contents().items() if path.startswith(folder) and content["slice_name"] == title
    )


def test_the_files_are_those_of_the_declarations() -> None:
    assert files.read(FOLDER) == render()
    assert main() == 0


def test_a_stale_file_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    texts = render() | {"charts/new.yaml": ""}
    monkeypatch.setattr("dashboards.superset.__main__.render", lambda: texts)
    assert main() == 1
    assert "dashboards/superset/assets/charts/new.yaml differs" in capsys.readouterr().out


def test_writing_removes_what_is_no_longer_declared(tmp_path) -> None:
    files.write(tmp_path, {"charts/old.yaml": "a", "charts/kept.yaml": "b"})
    files.write(tmp_path, {"charts/kept.yaml": "c"})
    assert files.read(tmp_path) == {"charts/kept.yaml": "c"}


@pytest.mark.parametrize(("dashboard", "chart"), CHARTS, ids=NAMES)
def test_a_chart_names_metrics_and_dimensions_that_exist(dashboard, chart) -> None:
    catalog = load()
    available = dimensions(model_name(chart, catalog), catalog)
    assert {column(name) for name in chart.dimensions} <= available
    for name in chart.metrics:
        assert catalog.metric(name).label


@pytest.mark.parametrize(("dashboard", "chart"), CHARTS, ids=NAMES)
def test_a_dataset_has_all_that_its_charts_name(dashboard, chart) -> None:
    content = _chart(chart.title, dashboard.slug)
    dataset = by_uuid("datasets")[content["dataset_uuid"]]
    columns = {entry["column_name"] for entry in dataset["columns"]}
    assert set(columns_of(content)) <= columns
    assert {entry["subject"] for entry in content["params"]["adhoc_filters"]} <= columns
    assert set(metrics_of(content)) <= {entry["metric_name"] for entry in dataset["metrics"]}


@pytest.mark.parametrize("dashboard", all_dashboards(), ids=lambda dashboard: dashboard.slug)
def test_a_filter_acts_on_every_chart_that_has_its_dimension_and_names_the_others(dashboard) -> None:
    catalog = load()
    content = next(entry for entry in by_uuid("dashboards").values() if entry["slug"] == dashboard.slug)
    cells = [
        part["meta"] for part in content["position"].values() if isinstance(part, dict) and part["type"] == "CHART"
    ]
    titles = {cell["chartId"]: cell["sliceName"] for cell in cells}
    written = content["metadata"]["native_filter_configuration"]
    assert [entry["name"] for entry in written] == [choice.title for choice in dashboard.filters]
    for choice, entry in zip(dashboard.filters, written, strict=True):
        acting = {chart.title for chart in charts_of(choice, dashboard, catalog)}
        assert acting, f"the filter {choice.title} acts on no chart"
        excluded = {titles[number] for number in entry["scope"]["excluded"]}
        assert excluded == {chart.title for chart in dashboard.charts} - acting
        assert all(title in entry["description"] for title in excluded)


@pytest.mark.parametrize(("dashboard", "chart"), CHARTS, ids=NAMES)
def test_the_filter_for_dates_reaches_every_chart_that_has_the_date(dashboard, chart) -> None:
    catalog = load()
    content = _chart(chart.title, dashboard.slug)
    ranged = {entry["subject"] for entry in content["params"]["adhoc_filters"] if entry["operator"] == "TEMPORAL_RANGE"}
    times = {choice.dimension for choice in dashboard.filters if catalog.dimension(choice.dimension).kind == "time"}
    assert ranged == times & dimensions(model_name(chart, catalog), catalog)


def test_hours_are_complete_and_labels_differ_from_key_to_key() -> None:
    hours = _chart("Shows by start hour", "account-managers")
    assert "mv_events_by_hour_weekday" in by_uuid("datasets")[hours["dataset_uuid"]]["sql"]
    assert columns_of(_chart("Busiest venues", "account-managers")) == ["venue__label__distinct"]


def test_tables_hide_keys_and_draw_no_bars_behind_numbers() -> None:
    params = _chart("Venues to call first", "account-managers")["params"]
    assert params["column_config"]["venue"] == {"visible": False}
    assert params["show_cell_bars"] is False


def test_a_changed_title_is_the_only_change_of_an_identifier() -> None:
    identifiers = [content["uuid"] for path, content in contents().items() if path != "metadata.yaml"]
    assert len(identifiers) == len(set(identifiers))
    again = [yaml.safe_load(text)["uuid"] for path, text in render().items() if path != "metadata.yaml"]
    assert sorted(again) == sorted(identifiers)


def test_no_file_has_an_address_or_a_secret() -> None:
    (database,) = by_uuid("databases").values()
    assert database["sqlalchemy_uri"] == "redshift+psycopg2://localhost:5439/dev"
    assert (database["allow_dml"], database["allow_ctas"], database["allow_cvas"]) == (False, False, False)
