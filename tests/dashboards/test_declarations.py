"""A declaration names what a chart needs, and refuses what no chart can show."""

from __future__ import annotations

import pytest

from dashboards.catalog import all_dashboards, dashboard
from dashboards.declarations import BadDeclaration, Chart, Dashboard, Kind


def _bar(title: str = "Busiest venues", **values: object) -> Chart:
    declared = {"metrics": ("events",), "by": ("venue", "venue__label")}
    return Chart(title, Kind.BAR, **(declared | values))


def test_a_chart_groups_by_key_and_label_and_shows_the_label() -> None:
    chart = _bar()
    assert chart.by == ("venue", "venue__label")
    assert chart.groups == ("venue__label",)
    assert chart.key_of == {"venue__label": "venue"}


def test_a_key_that_has_no_label_is_shown() -> None:
    by = ("pipeline", "pipeline__run_date", "reject__entity")
    chart = Chart("Rejects", Kind.TABLE, metrics=("rejected_records",), by=by)
    assert chart.groups == by


def test_a_key_alone_is_shown() -> None:
    assert _bar(by=("show__genre_id",)).groups == ("show__genre_id",)


def test_a_chart_names_every_dimension_that_it_needs() -> None:
    assert _bar(order=("-events", "venue__city")).dimensions == ("venue", "venue__label", "venue__city")


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Kind.NUMBER, {"metrics": ("events",), "by": ("venue__city",)}),
        (Kind.BAR, {"metrics": ("events",)}),
        (Kind.BAR, {"by": ("venue__city",)}),
        (Kind.HEATMAP, {"metrics": ("events",), "by": ("show__local_hour",)}),
        (Kind.BAR, {"columns": ("venue__city",), "dataset": "venues"}),
        (Kind.TABLE, {"columns": ("venue__city",)}),
        (Kind.NUMBER, {"metrics": ("events",), "width": 13}),
    ],
)
def test_a_chart_that_contradicts_itself_is_refused(kind: Kind, values: dict[str, object]) -> None:
    with pytest.raises(BadDeclaration, match="Chart 'Wrong'"):
        Chart("Wrong", kind, **values)


def test_a_row_fits_the_grid() -> None:
    charts = (_bar("A", width=8), _bar("B", width=5))
    with pytest.raises(BadDeclaration, match="row 1 is wider than 12 columns"):
        Dashboard("Wide", "wide", "", (), (charts,))


def test_titles_are_unique() -> None:
    with pytest.raises(BadDeclaration, match="more than one chart is called Busiest venues"):
        Dashboard("Twice", "twice", "", (), ((_bar(),), (_bar(),)))


def test_dashboards_are_those_of_the_folder() -> None:
    assert [entry.slug for entry in all_dashboards()] == ["account-managers", "operations", "tickit-executives"]
    assert dashboard("account-managers").title == "Account managers"


def test_an_unknown_slug_names_the_slugs() -> None:
    with pytest.raises(KeyError, match="account-managers, operations, tickit-executives"):
        dashboard("account-manager")
