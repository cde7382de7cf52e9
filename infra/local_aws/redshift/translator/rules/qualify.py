"""QUALIFY, as a subquery whose rows are filtered before DISTINCT, ORDER BY and LIMIT.

sqlglot can do it too, but leaves LIMIT inside and adds a column to `*`. Its issue would be: "eliminate_qualify applies
DISTINCT, ORDER BY and LIMIT before the filter and changes the columns of SELECT *".
Source: https://docs.aws.amazon.com/redshift/latest/dg/r_QUALIFY_clause.html
"""

from __future__ import annotations

from sqlglot import exp

from ..scopes import Names
from .select_list import expanded_items

_ROWS = "rs_rows"
_QUALIFIES = "rs_qualifies"
_OUTER = ("distinct", "limit", "offset", "with_")


def replace_qualify(tree: exp.Expr) -> exp.Expr:
    """Replaces QUALIFY in every SELECT."""
    for clause in reversed(list(tree.find_all(exp.Qualify))):
        select = clause.parent
        if isinstance(select, exp.Select):
            outer = _filtered(select, clause.this)
            if select is tree:
                tree = outer
            else:
                select.replace(outer)
    return tree


def _filtered(select: exp.Select, condition: exp.Expr) -> exp.Select:
    items = expanded_items(select, Names())
    inner = select.copy()
    for key in (*_OUTER, "qualify", "order"):
        inner.set(key, None)
    columns, names = _inner_columns(items)
    terms = _order_terms(select, items, names, columns)
    columns.append(exp.alias_(exp.Paren(this=condition.copy()), _QUALIFIES))
    inner.set("expressions", columns)
    outer = exp.Select(
        expressions=[
            exp.alias_(exp.column(name), _result_name(item), quoted=True)
            for item, name in zip(items, names, strict=True)
        ],
        from_=exp.From(this=exp.Subquery(this=inner, alias=exp.TableAlias(this=exp.to_identifier(_ROWS)))),
        where=exp.Where(this=exp.column(_QUALIFIES)),
    )
    for key in _OUTER:
        if select.args.get(key):
            outer.set(key, select.args[key].copy())
    if terms:
        outer.set("order", exp.Order(expressions=terms))
    return outer


def _inner_columns(items: list[exp.Expr]) -> tuple[list[exp.Expr], list[str]]:
    """The items under names of their own; an alias stays, because GROUP BY may use it."""
    columns: list[exp.Expr] = []
    names: list[str] = []
    for number, item in enumerate(items, 1):
        alias = item.alias.lower() if isinstance(item, exp.Alias) else ""
        name = alias if alias and alias not in names else f"rs_{number}"
        names.append(name)
        columns.append(exp.alias_(item.unalias().copy(), name, quoted=True))
    return columns, names


def _order_terms(
    select: exp.Select, items: list[exp.Expr], names: list[str], columns: list[exp.Expr]
) -> list[exp.Expr]:
    """The terms of ORDER BY by names of the subquery. One that is no item becomes a further column."""
    order = select.args.get("order")
    terms: list[exp.Expr] = []
    for number, term in enumerate(order.expressions if order else [], 1):
        value = term.this
        name = _item_name(value, items, names)
        if name is None and not isinstance(value, exp.Literal):
            name = f"rs_order_{number}"
            columns.append(exp.alias_(value.copy(), name))
        by = exp.column(name, quoted=True) if name else value.copy()
        terms.append(exp.Ordered(**{**term.args, "this": by}))
    return terms


def _item_name(value: exp.Expr, items: list[exp.Expr], names: list[str]) -> str | None:
    for item, name in zip(items, names, strict=True):
        is_alias = isinstance(value, exp.Column) and not value.table and value.name.lower() == item.alias.lower() != ""
        if is_alias or item.unalias() == value:
            return name
    return None


def _result_name(item: exp.Expr) -> str:
    """The name of the item's column: its alias, its column, its function, or PostgreSQL's name for the rest."""
    if item.alias_or_name and not isinstance(item, (exp.Anonymous, exp.Literal)):
        return item.alias_or_name.lower()
    if isinstance(item, (exp.Cast, exp.Window, exp.Paren)):
        return _result_name(item.this)
    if isinstance(item, exp.Anonymous):
        return str(item.this).lower()
    return "case" if isinstance(item, exp.Case) else "?column?"
