"""Correlated subqueries that Redshift can't run.

Redshift turns a correlated subquery into a join. If it can't, it refuses with "This type of correlated subquery pattern
is not supported due to internal error". A name without a table belongs to the innermost query that has such a column,
as far as the columns of its tables are known.
Source: https://docs.aws.amazon.com/redshift/latest/dg/r_correlated_subqueries.html
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from ..errors import RefusedByRedshift
from .functions import function_name
from .relations import columns_of

_REASON = "This type of correlated subquery pattern is not supported due to internal error"
_AGGREGATES = frozenset({"sum", "count", "avg", "stddev", "variance", "listagg", "median"})
"""MIN and MAX are allowed where these are not."""


def _sources(select: exp.Select) -> Iterator[exp.Expr]:
    if select.args.get("from_"):
        yield select.args["from_"].this
    for join in select.args.get("joins") or []:
        yield join.this


def _own_names(select: exp.Select) -> set[str]:
    """The names of a SELECT's own tables."""
    return {source.alias_or_name.lower() for source in _sources(select)}


def _own_columns(select: exp.Select) -> set[str] | None:
    """The columns of a SELECT's own tables; None unless all are known."""
    names: set[str] = set()
    for source in _sources(select):
        columns = columns_of(source.db or None, source.name) if isinstance(source, exp.Table) else None
        if columns is None:
            return None
        names |= columns.keys()
    return names


def _enclosing(node: exp.Expr) -> Iterator[exp.Select]:
    parent = node.parent
    while parent is not None:
        if isinstance(parent, exp.Select):
            yield parent
        parent = parent.parent


def _in_from(select: exp.Select) -> bool:
    """Whether the SELECT is a derived table or CTE, which can't refer to its neighbours."""
    parent: exp.Expr | None = select.parent
    while isinstance(parent, (exp.Subquery, exp.SetOperation)):
        if isinstance(parent.parent, (exp.From, exp.Join)):
            return True
        parent = parent.parent
    return isinstance(parent, exp.CTE)


def _outer_columns(select: exp.Select) -> Iterator[tuple[exp.Column, int]]:
    """Columns of this SELECT (not of its subqueries) that belong to an enclosing one, with the number of levels up."""
    selects = [select, *_enclosing(select)]
    if len(selects) == 1:
        return
    tables = [_own_names(part) for part in selects]
    columns = [_own_columns(part) for part in selects]
    for node in select.walk(prune=lambda part: isinstance(part, exp.Select) and part is not select):
        if isinstance(node, exp.Column) and not _is_iterated(node) and (level := _level(node, tables, columns)):
            yield node, level


def _level(column: exp.Column, tables: list[set[str]], columns: list[set[str] | None]) -> int:
    """How many levels up the column's table is; 0 if it is the SELECT's own, or not known."""
    if column.table:
        return next((level for level, names in enumerate(tables) if column.table.lower() in names), 0)
    for level, names_or_none in enumerate(columns):
        if names_or_none is None:
            return 0
        if column.name.lower() in names_or_none:
            return level
    return 0


def _is_iterated(column: exp.Column) -> bool:
    """Whether it is the SUPER value in FROM that the SELECT iterates over."""
    table = column.find_ancestor(exp.Table, exp.Select)
    return isinstance(table, exp.Table) and isinstance(table.this, exp.Func)


def _only_equalities(select: exp.Select, columns: list[exp.Column]) -> bool:
    for column in columns:
        node: exp.Expr | None = column
        while node is not None and not isinstance(node, exp.Predicate):
            node = node.parent if node is not select else None
        if not isinstance(node, exp.EQ):
            return False
    return True


def refuse_unsupported_correlation(tree: exp.Expr) -> None:
    """Raises RefusedByRedshift for a correlated subquery that Redshift can't turn into a join."""
    for select in list(tree.find_all(exp.Select)):
        outer_columns = list(_outer_columns(select))
        if not outer_columns:
            continue
        if _in_from(select) or any(level > 1 for _, level in outer_columns):
            raise RefusedByRedshift(f"{_REASON} (it reaches past its own outer query)")
        _refuse_place(select)
        if select.args.get("limit") or select.args.get("order") or select.find(exp.Window):
            raise RefusedByRedshift(f"{_REASON} (LIMIT, ORDER BY or a window function inside)")
        if isinstance(select.parent, exp.SetOperation):
            raise RefusedByRedshift(f"{_REASON} (a set operation inside)")
        is_scalar = isinstance(select.parent, exp.Subquery) and not isinstance(select.parent.parent, exp.Exists)
        if is_scalar and not _only_equalities(select, [column for column, _ in outer_columns]):
            raise RefusedByRedshift(f"{_REASON} (a scalar subquery must be correlated by equality)")


def _refuse_place(select: exp.Select) -> None:
    """Refuses a correlated subquery for the clause that it is in."""
    join = select.find_ancestor(exp.Join, exp.Select)
    if isinstance(join, exp.Join) and join.side:
        raise RefusedByRedshift(f"{_REASON} (the ON clause of an outer join)")
    aggregates = {function_name(call) for call in select.find_all(exp.Anonymous)} & _AGGREGATES
    if isinstance(select.find_ancestor(exp.In, exp.Select), exp.In) and select.args.get("group") and aggregates:
        raise RefusedByRedshift(f"{_REASON} (IN with an aggregate and GROUP BY)")
    item = select.find_ancestor(exp.Alias, exp.Select)
    outer = select.parent_select
    if not isinstance(item, exp.Alias) or outer is None or not outer.args.get("group"):
        return
    if any(isinstance(key, exp.Column) and key.name == item.alias for key in outer.args["group"].expressions):
        raise RefusedByRedshift(f"{_REASON} (GROUP BY refers to its result)")
