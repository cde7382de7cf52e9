"""Questions to the semantic model by names, and their SQL, made by MetricFlow.

MetricFlow's conditions are text templates. No value gets into one: a condition has a placeholder for each value, and
our own literals replace the placeholders in the finished SQL.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

from semantics.catalog import FOLDER, GRAINS, METRIC_TIME, Catalog, load, split_grain
from semantics.conditions import Condition
from semantics.documents import Datatype
from semantics.literals import Value, literal
from semantics.names import nearest, unknown

__all__ = ["BadQuery", "Condition", "Query", "sql_of"]

_PLACEHOLDER = re.compile(r"'value_([0-9]+)_of_condition'")


class BadQuery(ValueError):
    """The names exist, but the question cannot be answered with them. The message has the reason."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question: metrics, grouped, filtered, sorted and limited.

    Attributes:
        metrics: names of metrics.
        by: names of dimensions, such as `venue__city`, `venue` (the key) or `show__start_date__month`.
        where: conditions. A row must meet all of them.
        order: names of `metrics` or `by`, `-` first for descending. Nulls are last.
        limit: the largest number of rows.
    """

    metrics: tuple[str, ...]
    by: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()
    order: tuple[str, ...] = ()
    limit: int | None = None


def sql_of(query: Query, folder: Path = FOLDER) -> str:
    """The SQL of a question, in Redshift's dialect. Its columns are the names in `by`, then those in `metrics`.

    Args:
        query: the question.
        folder: the semantic model.

    Raises:
        UnknownName: a metric or dimension does not exist. The message has the nearest names.
        BadQuery: a metric cannot be grouped or filtered by a dimension, as a join would count its rows several times.
        BadValue: a value does not fit the type of its dimension.
    """
    catalog = load(folder)
    check(query, catalog)
    from semantics.engine import explain  # not at the top: MetricFlow takes seconds to import

    literals = _Literals()
    templates = [_template(condition, catalog, literals) for condition in query.where]
    return literals.fill(_in_order(query, explain(query.metrics, query.by, templates, catalog, folder), catalog))


def _in_order(query: Query, answer: str, catalog: Catalog) -> str:
    """The rows of an answer in order. Equal rows are sorted by the groups, so that a limit always gives the same ones.

    MetricFlow's DATE_TRUNC makes timestamps of dates, which are dates again here.
    """
    times = {name for name in query.by if catalog.dimension(name).kind == "time"}
    selected = [f"CAST({name} AS DATE) AS {name}" if name in times else name for name in (*query.by, *query.metrics)]
    named = {name.removeprefix("-") for name in query.order}
    sorted_by = (*query.order, *(name for name in query.by if name not in named))
    lines = [f"SELECT {', '.join(selected)}", "FROM (", textwrap.indent(answer, "  "), ") AS answer"]
    if sorted_by:
        lines.append(f"ORDER BY {', '.join(map(_sort_key, sorted_by))}")
    if query.limit:
        lines.append(f"LIMIT {query.limit:d}")
    return "\n".join(lines)


def _sort_key(name: str) -> str:
    """Part of ORDER BY. Redshift has nulls last by itself, unless the order is descending."""
    return f"{name.removeprefix('-')} DESC NULLS LAST" if name.startswith("-") else name


def check(query: Query, catalog: Catalog) -> None:
    """Check the names of a question without MetricFlow. Raises as `sql_of` does."""
    if not query.metrics:
        raise BadQuery("name a metric; './boxoffice metrics list' shows all")
    models = {catalog.metric(name).model for name in query.metrics}
    for condition in query.where:
        _check_dimension(condition.dimension, models, catalog)
    for name in query.by:
        _check_dimension(name, models, catalog)
    for name in query.order:
        if name.removeprefix("-") not in (*query.metrics, *query.by):
            raise unknown("column of the answer to sort by:", name.removeprefix("-"), (*query.metrics, *query.by))
    repeated = [name for name in (*query.metrics, *query.by) if (*query.metrics, *query.by).count(name) > 1]
    if repeated:
        raise BadQuery(f"{repeated[0]} is named twice")
    if query.limit is not None and query.limit < 1:
        raise BadQuery(f"the limit is {query.limit}; it must be at least 1")


def _check_dimension(name: str, models: set[str], catalog: Catalog) -> None:
    catalog.dimension(name)
    if split_grain(name)[0] == METRIC_TIME.name:
        return
    for model in sorted(models):
        reachable = catalog.dimensions_of(catalog.model(model))
        if not {name, split_grain(name)[0]} & {other.name for other in reachable}:
            similar = " or ".join(nearest(name, [other.name for other in reachable]))
            raise BadQuery(
                f"the metrics of {model} cannot be grouped or filtered by {name}: a row would count several times, or "
                f"the two are unrelated.{f' Did you mean {similar}?' if similar else ''} './boxoffice metrics explain "
                "METRIC' lists what is possible"
            )


@dataclass(slots=True)
class _Literals:
    """The literals of a query. MetricFlow gets a placeholder for each."""

    texts: list[str] = field(default_factory=list)

    def placeholder(self, value: Value, datatype: Datatype) -> str:
        self.texts.append(literal(value, datatype))
        return f"'value_{len(self.texts) - 1}_of_condition'"

    def fill(self, sql: str) -> str:
        """The SQL with literals. Each placeholder is replaced once, so that no value is searched for placeholders."""
        return _PLACEHOLDER.sub(lambda match: self.texts[int(match[1])], sql)


def _template(condition: Condition, catalog: Catalog, literals: _Literals) -> str:
    dimension = catalog.dimension(condition.dimension)
    if dimension.kind == "time":
        name, grain = split_grain(dimension.name)
        column = f"{{{{ TimeDimension('{name}', '{grain or GRAINS[0]}') }}}}"
    elif "__" in dimension.name:
        column = f"{{{{ Dimension('{dimension.name}') }}}}"
    else:
        column = f"{{{{ Entity('{dimension.name}') }}}}"
    return condition.sql(column, dimension.datatype, literals.placeholder)
