"""The parts of a dashboard: charts, their place, and filters, all by names of the semantic model.

A declaration has the question that a chart answers, never how a tool draws it. Two renderers read it:
`dashboards.superset` writes Superset's files, `dashboards.page` draws the report.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from semantics.queries import Condition, Query

GRID_COLUMNS = 12
"""The width of a dashboard. A chart is some of these columns wide."""


class Kind(StrEnum):
    """How a chart shows its numbers."""

    NUMBER = "number"
    """One figure, large."""
    BAR = "bar"
    """Horizontal bars, one per group, in the order of the chart: a ranking."""
    COLUMN = "column"
    """Upright bars along an axis that has an order of its own: hours, weekdays, months. A second group stacks them."""
    LINE = "line"
    """A line over time. A second group, or several metrics, draw several lines."""
    HEATMAP = "heatmap"
    """The first group is the horizontal axis, the second the vertical one. Darker is more."""
    SHARE = "share"
    """Parts of a whole: each group's share in per cent, largest first."""
    TABLE = "table"
    """Rows: metrics by groups, or the columns of a dataset as they are."""


class BadDeclaration(ValueError):
    """A chart or dashboard that contradicts itself. The message names it and what to change."""


_GROUPS = {
    Kind.NUMBER: range(1),
    Kind.BAR: range(1, 2),
    Kind.COLUMN: range(1, 3),
    Kind.LINE: range(1, 3),
    Kind.HEATMAP: range(2, 3),
    Kind.SHARE: range(1, 2),
    Kind.TABLE: range(1, 100),
}
"""How many groups each kind can show, keys apart."""


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart.

    Attributes:
        title: what it shows, in the reader's words. Unique within a dashboard.
        kind: how it shows it.
        metrics: names of metrics. All belong to one dataset.
        by: names of dimensions to group by. A key precedes its label, `("venue", "venue__label")`: rows are grouped
            by both, only the label is shown.
        where: conditions that always apply.
        order: dimensions or metrics to sort by, `-` first for descending. Without it, a renderer sorts along the axis.
        limit: the largest number of rows.
        columns: the columns of a table that shows rows of `dataset` as they are.
        dataset: the semantic model that a table without metrics reads.
        width: columns of the grid, of 12.
        note: what a reader must know to read the chart right, in a sentence or two.
    """

    title: str
    kind: Kind
    metrics: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()
    order: tuple[str, ...] = ()
    limit: int | None = None
    columns: tuple[str, ...] = ()
    dataset: str | None = None
    width: int = 6
    note: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.width <= GRID_COLUMNS:
            raise BadDeclaration(f"Chart {self.title!r}: its width is {self.width}. Use 1 to {GRID_COLUMNS}.")
        if self.shows_rows:
            self._check_rows()
        elif len(self.groups) not in _GROUPS[self.kind] or not self.metrics:
            raise BadDeclaration(
                f"Chart {self.title!r}: a {self.kind} can't show {len(self.metrics)} metrics "
                f"by {len(self.groups)} groups."
            )

    def _check_rows(self) -> None:
        if self.kind is not Kind.TABLE or self.metrics or self.by or not self.dataset:
            raise BadDeclaration(f"Chart {self.title!r}: columns need the kind table and a dataset, and no metrics.")

    @property
    def shows_rows(self) -> bool:
        """Whether the chart shows rows of a dataset as they are, without grouping."""
        return bool(self.columns)

    @property
    def groups(self) -> tuple[str, ...]:
        """The dimensions that are shown: all of `by`, except the keys of labels."""
        keys = self.key_of.values()
        return tuple(name for name in self.by if name not in keys)

    @property
    def key_of(self) -> dict[str, str]:
        """The key of each label that has one: the key precedes its label."""
        return {label: key for key, label in zip(self.by, self.by[1:], strict=False) if _is_key_of(key, label)}

    @property
    def dimensions(self) -> tuple[str, ...]:
        """All dimensions that the chart names."""
        sorting = (name.removeprefix("-") for name in self.order)
        named = (*self.by, *self.columns, *(condition.dimension for condition in self.where), *sorting)
        return tuple(dict.fromkeys(name for name in named if name not in self.metrics))

    def query(self, where: tuple[Condition, ...] = ()) -> Query:
        """The chart's question to the semantic model.

        Args:
            where: further conditions, such as those of a filter.

        Raises:
            BadDeclaration: the chart shows rows as they are, which no metric can answer.
        """
        if self.shows_rows:
            raise BadDeclaration(f"Chart {self.title!r} shows rows of {self.dataset}. Select its columns instead.")
        return Query(self.metrics, self.by, (*self.where, *where), self.order, self.limit)


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice of the reader. It acts on every chart whose dataset has the dimension.

    Attributes:
        dimension: its name. A time dimension is filtered by a range, any other by values.
        title: what the reader chooses.
    """

    dimension: str
    title: str


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Charts in rows, for one group of readers.

    Attributes:
        title: for whom or about what it is.
        slug: its name in URLs and files.
        description: what it answers, where its numbers come from, in a few sentences.
        filters: what the reader can choose, in this order.
        rows: its charts, from top to bottom.
    """

    title: str
    slug: str
    description: str
    filters: tuple[Filter, ...]
    rows: tuple[tuple[Chart, ...], ...]

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows, start=1):
            if sum(chart.width for chart in row) > GRID_COLUMNS:
                raise BadDeclaration(f"Dashboard {self.title!r}: row {number} is wider than {GRID_COLUMNS} columns.")
        titles = [chart.title for chart in self.charts]
        repeated = sorted({title for title in titles if titles.count(title) > 1})
        if repeated:
            raise BadDeclaration(f"Dashboard {self.title!r}: more than one chart is called {', '.join(repeated)}.")

    @property
    def charts(self) -> tuple[Chart, ...]:
        """All charts, in reading order."""
        return tuple(chain.from_iterable(self.rows))


def _is_key_of(key: str, label: str) -> bool:
    """Whether a dimension is the key of another: `venue` of `venue__label`, `show__genre_id` of `show__genre_name`."""
    stem = key.removesuffix("id") if key.endswith("_id") else f"{key}__"
    return label in (f"{stem}label", f"{stem}name")
