"""Who uses a column of a mart: metrics, dimensions, entities, saved questions, charts, filters, summaries of runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sqlglot
from sqlglot import exp

from dashboards.declarations import Dashboard
from semantics.catalog import Catalog, split_grain
from semantics.elements import Model
from semantics.reading import measure_column
from warehouse.stars import Star

_NAME = re.compile(r"[a-z_][a-z0-9_]*")


@dataclass(frozen=True)
class Readers:
    """All that reads marts: the semantic model, the dashboards, and the stars' short tables in summaries of runs."""

    catalog: Catalog
    dashboards: tuple[Dashboard, ...]
    stars: tuple[Star, ...]

    def of(self, mart: str, column: str) -> list[str]:
        """The users of a column, such as `metric upcoming_events`, in the order of their declaration."""
        users: list[str] = []
        affected = _Affected()
        for model in self.catalog.models.values():
            if model.relation == mart:
                users += self._of_model(model, column, affected)
        users += [f"metric {name}" for name in self.catalog.metrics if name in affected.names]
        users += self._questions(affected)
        users += self._charts(affected)
        users += _summaries(self.stars, mart, column)
        return list(dict.fromkeys(users))

    def relations(self) -> set[str]:
        """The tables and views that the semantic model reads."""
        return {model.relation for model in self.catalog.models.values()}

    def _of_model(self, model: Model, column: str, affected: _Affected) -> Iterator[str]:
        """The entities and dimensions of a model that use a column. They and their metrics are added to `affected`."""
        dimensions = {item.name for item in model.dimensions if column in _columns(item.expression)}
        measures = {
            measure_column(name) for name, item in model.measures.items() if column in _columns(item.expression)
        }
        own = {metric.name for metric in self.catalog.metrics.values() if metric.model == model.name}
        for entity, expression in model.keys.items():
            if column in _columns(expression):
                yield f"entity {entity} of semantic model {model.name}"
                affected.joins.append((frozenset({model.name, *own}), entity))
        yield from (f"dimension {item.name}" for item in model.dimensions if item.name in dimensions)
        affected.names |= dimensions
        for metric in self.catalog.metrics.values():
            is_own = metric.name in own and (
                _columns(metric.expression) & measures or model.time_dimension in dimensions
            )
            if is_own or _columns(metric.expression) & dimensions:
                affected.names.add(metric.name)

    def _questions(self, affected: _Affected) -> Iterator[str]:
        for question in self.catalog.questions.values():
            conditions = (name for text in question.where for name in _NAME.findall(text))
            if affected.has((*question.metrics, *question.by, *question.order, *conditions)):
                yield f"saved question {question.name}"

    def _charts(self, affected: _Affected) -> Iterator[str]:
        for dashboard in self.dashboards:
            for chart in dashboard.charts:
                if affected.has((*chart.metrics, *chart.dimensions, chart.dataset or "")):
                    yield f"chart {chart.title!r} of dashboard {dashboard.slug}"
            for choice in dashboard.filters:
                if affected.has((choice.dimension,)):
                    yield f"filter {choice.title!r} of dashboard {dashboard.slug}"


@dataclass
class _Affected:
    """The names and joins that need a column.

    Attributes:
        names: metrics and dimensions.
        joins: the metrics of a model, with the model's own name, and an entity that they can't be joined by any more.
    """

    names: set[str] = field(default_factory=set)
    joins: list[tuple[frozenset[str], str]] = field(default_factory=list)

    def has(self, used: Iterable[str]) -> bool:
        """Whether a question or chart that uses these names needs the column."""
        plain = {name.removeprefix("-") for name in used}
        stems = plain | {split_grain(name)[0] for name in plain}
        return bool(stems & self.names) or any(
            stems & own and any(name == entity or name.startswith(f"{entity}__") for name in stems)
            for own, entity in self.joins
        )


def _summaries(stars: Iterable[Star], mart: str, column: str) -> Iterator[str]:
    for star in stars:
        for highlight in star.highlights:
            if mart in _tables(highlight.query) and column in _columns(highlight.query):
                yield f"{highlight.title!r} in the summary of {star.pipeline}"


@lru_cache(maxsize=4096)
def _columns(sql: str) -> frozenset[str]:
    """The names of all columns in an expression or a query."""
    return frozenset(column.name for column in _parsed(sql).find_all(exp.Column))


def _tables(sql: str) -> set[str]:
    return {f"{table.db}.{table.name}" for table in _parsed(sql).find_all(exp.Table)}


def _parsed(sql: str) -> Any:
    return sqlglot.parse_one(sql, dialect="redshift")
