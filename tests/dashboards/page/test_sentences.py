"""The sentence of a figure: what a reader should see in it, and no claim that its rows don't support."""

from __future__ import annotations

from datetime import date
from typing import Any

from dashboards.declarations import Kind
from dashboards.page.figures import Column, Figure
from dashboards.page.sentences import EMPTY, sentence

SHOWS = Column("upcoming_events", "Shows", is_metric=True, format=",d", unit="shows", is_additive=True)
SHARE = Column("evening_share", "Evening", is_metric=True, format=".0%", unit="share")
SALES = Column("sales", "Sales", is_metric=True, format="$,.0f", unit="US dollars", is_additive=True)
KEY, VENUE = Column("venue", "Key", is_key=True), Column("venue__label", "Venue")
DAY = Column("show__start_date", "Date", grain="day")


def said(kind: Kind, columns: list[Column], *rows: tuple[Any, ...], is_cut: bool = False) -> str:
    return sentence(Figure("Chart", kind, tuple(columns), rows, is_cut=is_cut))


def test_a_ranking_names_the_leader_its_share_and_who_follows() -> None:
    rows = [("1", "Oak, Austin", 60), ("2", "Elm, Reno", 30), ("3", "Ash, Ames", 10)]
    expected = "Oak, Austin leads with 60 shows (60% of the total), followed by Elm, Reno (30) and Ash, Ames (10)."
    assert said(Kind.BAR, [KEY, VENUE, SHOWS], *rows) == expected


def test_a_part_of_the_rows_has_no_share_of_the_total() -> None:
    assert said(Kind.BAR, [KEY, VENUE, SHOWS], ("1", "Oak", 60), is_cut=True) == "Oak leads with 60 shows."
    assert "total" not in said(Kind.BAR, [KEY, VENUE, SHARE], ("1", "Oak", 0.6), ("2", "Elm", 0.4))


def test_over_time_it_names_the_highest_and_the_sum() -> None:
    rows = [(date(2026, 12, day), 1000 * day) for day in (1, 3, 2)]
    expected = "The highest is 3 Dec 2026 with $3,000; $6,000 from 1 Dec 2026 to 3 Dec 2026."
    assert said(Kind.LINE, [DAY, SALES], *rows) == expected
    assert said(Kind.LINE, [DAY, SHARE], (date(2026, 12, 1), 0.5)) == "The highest is 1 Dec 2026 with 50%."


def test_a_table_says_how_many_rows_it_has_and_where_it_begins() -> None:
    assert said(Kind.TABLE, [KEY, VENUE, SHOWS], ("1", "Oak", 6), ("2", "Elm", 3)) == "2 rows; Oak is at the top."
    cut = said(Kind.TABLE, [KEY, VENUE, SHOWS], ("1", "Oak", 6), is_cut=True)
    assert cut == "The first 1 row of more; Oak is at the top."


def test_without_rows_or_numbers_it_says_so() -> None:
    assert said(Kind.BAR, [VENUE, SHOWS]) == EMPTY
    assert said(Kind.BAR, [VENUE, SHOWS], ("Oak", None)) == EMPTY
