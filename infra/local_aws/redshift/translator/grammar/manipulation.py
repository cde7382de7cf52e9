"""What INSERT, UPDATE and DELETE demand of their other tables."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from ...errors import RefusedByRedshift
from ..relations import kind_of

_VIEWS = ("v", "m")


def _refuse_view(statement: exp.Expr, action: str) -> None:
    target = statement.this.this if isinstance(statement.this, exp.Schema) else statement.this
    if isinstance(target, exp.Table) and kind_of(target.db or None, target.name) in _VIEWS:
        raise RefusedByRedshift(f"cannot {action} a view")


def refuse_insert(insert: exp.Expr) -> None:
    """The target is a table, and a row of several must not contain a subquery.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_INSERT_30.html
    """
    _refuse_view(insert, "insert into")
    values = insert.args.get("expression")
    if isinstance(values, exp.Values) and len(values.expressions) > 1 and values.find(exp.Select):
        raise RefusedByRedshift("a subquery is not supported in a multi-row VALUES list; use INSERT … SELECT")


def refuse_update(update: exp.Expr) -> None:
    """The target is a table, and the other tables must be joined to it by an equality.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/c_Examples_of_UPDATE_statements.html
    """
    _refuse_view(update, "update")
    from_ = update.args.get("from_")
    if from_ is not None and isinstance(update.this, exp.Table):
        _refuse_unjoined(update, [from_.this])


def refuse_delete(delete: exp.Expr) -> None:
    """Like `refuse_update`, for USING. Source: https://docs.aws.amazon.com/redshift/latest/dg/r_DELETE.html."""
    _refuse_view(delete, "delete from")
    using = delete.args.get("using")
    if using and isinstance(delete.this, exp.Table):
        _refuse_unjoined(delete, using)


def _refuse_unjoined(statement: exp.Expr, sources: list[exp.Expr]) -> None:
    target = statement.this.alias_or_name.lower()
    conditions = [statement.args.get("where"), *(join.args.get("on") for source in sources for join in _joins(source))]
    for equality in (node for condition in conditions if condition for node in condition.find_all(exp.EQ)):
        sides = [_tables(equality.this), _tables(equality.expression)]
        for side, other in (sides, reversed(sides)):
            may_be_target = target in side or "" in side
            if may_be_target and other - {target}:
                return
    raise RefusedByRedshift("Target table must be part of an equijoin predicate")


def _joins(source: exp.Expr) -> Iterator[exp.Join]:
    yield from source.args.get("joins") or ()


def _tables(expression: exp.Expr) -> set[str]:
    """The tables of an expression's columns; an empty string for a column without a table."""
    return {column.table.lower() for column in expression.find_all(exp.Column)}
