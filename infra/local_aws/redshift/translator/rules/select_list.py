"""EXCLUDE and GROUP BY ALL, which need the columns of the SELECT's sources; tables in parentheses."""

from __future__ import annotations

from sqlglot import exp

from ...errors import RefusedByRedshift, UnsupportedStatement
from ..scopes import Names, refuse_unknown

_AGGREGATES = frozenset(
    """
    count sum min max avg bool_and bool_or stddev stddev_samp stddev_pop variance var_samp var_pop bit_and bit_or
    listagg median percentile_cont percentile_disc any_value grouping grouping_id
    """.split()  # noqa: SIM905 - a page of names reads better than a page of quotes
)


def unwrap_tables(tree: exp.Expr) -> exp.Expr:
    """`FROM (t)`: a table in parentheses, which PostgreSQL knows around joins only."""
    for wrapped in list(tree.find_all(exp.Subquery)):
        table = wrapped.this
        if isinstance(table, exp.Table) and not table.args.get("joins") and not wrapped.args.get("pivots"):
            if wrapped.args.get("alias"):
                table.set("alias", wrapped.args["alias"])
            wrapped.replace(table.copy())
    return tree


def exclude_columns(tree: exp.Expr) -> exp.Expr:
    """`SELECT * EXCLUDE (a, b)`: the SELECT list without these columns.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_EXCLUDE_list.html
    """
    names = Names()
    for select in list(tree.find_all(exp.Select)):
        excluded = _excluded(select)
        if excluded:
            select.set("expressions", _remaining(select, excluded, names))
            select.set("exclude", None)
    return tree


def _excluded(select: exp.Select) -> set[str]:
    """The names after EXCLUDE, which sqlglot keeps with the star if no other item stands between."""
    listed = list(select.args.get("exclude") or [])
    for item in select.expressions:
        star = item.this if isinstance(item, exp.Column) else item
        if isinstance(star, exp.Star):
            listed += star.args.get("except_") or []
    return {name.name.lower() for name in listed}


def _remaining(select: exp.Select, excluded: set[str], names: Names) -> list[exp.Expr]:
    items: list[exp.Expr] = []
    present: set[str] = set()
    for item in select.expressions:
        expanded = _expanded(select, item, names) if item.is_star else [item]
        present |= {part.alias_or_name.lower() for part in expanded}
        items += [part for part in expanded if part.alias_or_name.lower() not in excluded]
    missing = excluded - present
    if missing:
        raise RefusedByRedshift(f'column "{min(missing)}" in the EXCLUDE list does not exist')
    if not items:
        raise RefusedByRedshift("the EXCLUDE list leaves no columns to select")
    return items


def expanded_items(select: exp.Select, names: Names) -> list[exp.Expr]:
    """The SELECT list with columns in place of `*`."""
    items: list[exp.Expr] = []
    for item in select.expressions:
        items += _expanded(select, item, names) if item.is_star else [item]
    return items


def _expanded(select: exp.Select, item: exp.Expr, names: Names) -> list[exp.Expr]:
    table = item.args["table"].name.lower() if isinstance(item, exp.Column) else ""
    joined: set[str] = set()
    for join in select.args.get("joins") or []:
        joined |= {name.name.lower() for name in join.args.get("using") or []}
    columns: list[exp.Expr] = [exp.column(name) for name in sorted(joined)] if not table else []
    for source in names.sources(select):
        if table not in ("", source.name):
            continue
        if source.columns is None:
            refuse_unknown(source, "this SELECT *")
        columns += [
            exp.column(name, table=source.name) if source.name else exp.column(name)
            for name in source.columns or ()
            if table or name not in joined
        ]
    return columns


def group_by_all(tree: exp.Expr) -> exp.Expr:
    """`GROUP BY ALL`: all items of the SELECT list that have no aggregate.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_GROUP_BY_clause.html
    """
    for group in list(tree.find_all(exp.Group)):
        select = group.parent
        if group.args.get("all") and isinstance(select, exp.Select):
            if any(item.is_star for item in select.expressions):
                raise UnsupportedStatement("GROUP BY ALL with * is not supported here; name the columns")
            ordinals = [n for n, item in enumerate(select.expressions, 1) if not _has_aggregate(item)]
            if ordinals:
                select.set("group", exp.Group(expressions=[exp.Literal.number(n) for n in ordinals]))
            else:
                select.set("group", None)
    return tree


def _has_aggregate(item: exp.Expr) -> bool:
    return any(
        call.name.lower() in _AGGREGATES and not isinstance(call.parent, exp.Window)
        for call in item.find_all(exp.Anonymous)
    )
