"""Correlated subqueries that Redshift can't run.

Redshift turns a correlated subquery into a join. If it can't, it refuses with "This type of correlated subquery pattern
is not supported due to internal error". This module detects such subqueries by their qualified column names.
Source: https://docs.aws.amazon.com/redshift/latest/dg/r_correlated_subqueries.html
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from .errors import RefusedByRedshift

_REASON = "This type of correlated subquery pattern is not supported due to internal error"


def _own_names(select: exp.Select) -> set[str]:
    """The names of a SELECT's own tables."""
    sources = [join.this for join in select.args.get("joins") or []]
    if select.args.get("from_"):
        sources.append(select.args["from_"].this)
    return {source.alias_or_name.lower() for source in sources}


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
    levels = [_own_names(select), *(_own_names(outer) for outer in _enclosing(select))]
    for column in select.find_all(exp.Column):
        if column.table and next(_enclosing(column), None) is select:
            for level, names in enumerate(levels):
                if column.table.lower() in names:
                    if level:
                        yield column, level
                    break


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
        if select.args.get("limit") or select.args.get("order") or select.find(exp.Window):
            raise RefusedByRedshift(f"{_REASON} (LIMIT, ORDER BY or a window function inside)")
        if isinstance(select.parent, exp.SetOperation):
            raise RefusedByRedshift(f"{_REASON} (a set operation inside)")
        is_scalar = isinstance(select.parent, exp.Subquery) and not isinstance(select.parent.parent, exp.Exists)
        if is_scalar and not _only_equalities(select, [column for column, _ in outer_columns]):
            raise RefusedByRedshift(f"{_REASON} (a scalar subquery must be correlated by equality)")
