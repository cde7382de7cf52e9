"""A chart with its rows: what the page shows, whether as a drawing, a sentence or a table.

A figure knows neither SQL nor HTML. Its columns carry everything that is needed to show a value: label, kind, format.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from dashboards.declarations import Kind

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a figure.

    Attributes:
        name: its name in the query's result.
        label: its heading for people.
        is_metric: whether it is a number that a metric defines; otherwise it is what the rows are grouped by.
        is_key: whether it only distinguishes rows of the same label. A key is not shown.
        format: for a number, its format in the syntax of d3-format, such as `,.0f`.
        unit: for a metric, what is counted, such as `shows`.
        grain: for a date, the period that it begins: day, week, month, quarter or year.
        is_additive: whether the numbers of all rows may be added up.
        description: its meaning, in a sentence.
    """

    name: str
    label: str
    is_metric: bool = False
    is_key: bool = False
    format: str = ""
    unit: str = ""
    grain: str = ""
    is_additive: bool = False
    description: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its rows.

    Attributes:
        title: its title.
        kind: how it is drawn.
        columns: its columns, in the order of the query.
        rows: its rows, in the order of the query.
        note: what a reader must know to read it right.
        description: what its numbers mean, as the semantic model has it.
        width: its share of the page's width, in twelfths.
        is_cut: whether there were more rows than a page may show.
    """

    title: str
    kind: Kind
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""
    description: str = ""
    width: int = 6
    is_cut: bool = False

    @property
    def metrics(self) -> list[Column]:
        """The columns with numbers of metrics."""
        return [column for column in self.columns if column.is_metric]

    @property
    def groups(self) -> list[Column]:
        """The columns that rows are grouped by, without keys."""
        return [column for column in self.columns if not column.is_metric and not column.is_key]

    @property
    def shown(self) -> list[Column]:
        """The columns that a table shows: all but keys."""
        return [column for column in self.columns if not column.is_key]

    def values(self, column: Column) -> list[Any]:
        """A column's values, from the first row to the last."""
        position = self.columns.index(column)
        return [row[position] for row in self.rows]

    def table(self) -> Iterator[list[Any]]:
        """The rows without keys."""
        positions = [self.columns.index(column) for column in self.shown]
        for row in self.rows:
            yield [row[position] for position in positions]


@dataclass(frozen=True, slots=True)
class Section:
    """A dashboard with its figures.

    Attributes:
        title: the dashboard's title.
        slug: its name in an address.
        description: a sentence about whom it serves.
        rows: its figures, in the rows of the dashboard's layout.
        missing: the stars that some of its charts read and that were never loaded.
    """

    title: str
    slug: str
    description: str
    rows: tuple[tuple[Figure, ...], ...]
    missing: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Star:
    """A star with the age and the quality of its data.

    Attributes:
        title: its name for people.
        run_date: the business date of the run that was published last; None if it was never loaded.
        published_at: when that was, in UTC.
        quality_score: that run's quality score, 0 to 100.
    """

    title: str
    run_date: date | None = None
    published_at: datetime | None = None
    quality_score: Decimal | float | None = None

    @property
    def is_loaded(self) -> bool:
        """Whether a run of its pipeline was published."""
        return self.run_date is not None
