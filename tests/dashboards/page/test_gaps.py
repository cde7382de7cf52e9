"""Axes without gaps: what has no rows is 0, as long as 0 is true."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from dashboards.declarations import Kind
from dashboards.page.figures import Column, Figure
from dashboards.page.gaps import filled
from tests.dashboards.page.test_sentences import DAY, SHARE, SHOWS

HOUR, WEEKDAY = Column("show__local_hour", "Hour"), Column("show__weekday_label", "Weekday")
MONTH = Column("metric_time__month", "Month", grain="month")


def test_every_hour_day_month_and_weekday_is_there() -> None:
    hours = filled(Figure("", Kind.COLUMN, (HOUR, SHOWS), ((19, 5), (None, 2))))
    assert hours.rows == (*((hour, 5 if hour == 19 else 0) for hour in range(24)), (None, 2))
    days = filled(Figure("", Kind.COLUMN, (DAY, SHOWS), ((date(2026, 12, 30), 1), (date(2027, 1, 2), 4))))
    assert [(row[0].day, row[1]) for row in days.rows] == [(30, 1), (31, 0), (1, 0), (2, 4)]
    months = filled(Figure("", Kind.LINE, (MONTH, SHOWS), ((date(2026, 1, 1), 1), (date(2026, 3, 1), 4))))
    assert [row[0].month for row in months.rows] == [1, 2, 3]
    cells = filled(Figure("", Kind.HEATMAP, (HOUR, WEEKDAY, SHOWS), ((19, "5 Friday", 7),)))
    assert len(cells.rows) == 24 * 7
    assert sum(row[2] for row in cells.rows) == 7
    assert cells.rows[0][1] == "1 Monday"


def test_what_is_no_sum_is_not_filled() -> None:
    for figure in (
        Figure("", Kind.COLUMN, (HOUR, SHARE), ((19, 0.5),)),
        Figure("", Kind.BAR, (HOUR, SHOWS), ((19, 5),)),
        replace(Figure("", Kind.COLUMN, (HOUR, SHOWS), ((19, 5),)), is_cut=True),
    ):
        assert filled(figure) == figure
