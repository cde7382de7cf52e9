"""Lateral column aliases: an expression may use the alias of an item further left in the same SELECT list.

Redshift resolves a name as a column of the FROM clause first, then as an alias. We put the alias's expression in place
of the name. This needs the columns of every source: where one is not known (a table that a procedure has yet to
create), the name stays, and PostgreSQL reports that the column does not exist.
Source: https://docs.aws.amazon.com/redshift/latest/dg/r_SELECT_list.html
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from ..scopes import SCOPES, Names, Source

_Aliases = dict[str, exp.Expr]


def expand_aliases(tree: exp.Expr, with_unknown_sources: bool = False) -> exp.Expr:
    """Replaces lateral aliases in every SELECT of a statement.

    Args:
        tree: The statement.
        with_unknown_sources: Whether to do it also where a source is not known, as if it had no column of that name.
    """
    names = Names()
    for select in list(tree.find_all(exp.Select)):
        is_known = all(source.columns is not None for source in names.sources(select))
        if (is_known or with_unknown_sources) and any(item.alias for item in select.expressions):
            _expand(select, names.sources(select))
    return tree


def _expand(select: exp.Select, sources: list[Source]) -> None:
    columns = {column for source in sources for column in source.columns or ()} | {source.name for source in sources}
    aliases: _Aliases = {}
    for item in select.expressions:
        _replace(item, aliases)
        if isinstance(item, exp.Alias) and item.alias.lower() not in columns:
            aliases.setdefault(item.alias.lower(), item.this)
    for clause in ("where", "having", "qualify"):
        if select.args.get(clause):
            _replace(select.args[clause], aliases)
    for clause in ("group", "order"):
        if select.args.get(clause):
            _replace(select.args[clause], aliases, below_top=True)


def _replace(node: exp.Expr, aliases: _Aliases, below_top: bool = False) -> None:
    """Replaces aliases below a node, but not in its subqueries.

    Args:
        node: An item of the SELECT list or a clause.
        aliases: The expressions by alias.
        below_top: PostgreSQL knows a bare alias in GROUP BY and ORDER BY; replace it in expressions only.
    """
    for column in list(_columns(node)):
        name = column.parts[0].name.lower()
        if name not in aliases or _is_part_of_name(column):
            continue
        if below_top and len(column.parts) == 1 and isinstance(column.parent, (exp.Group, exp.Ordered)):
            continue
        expression: exp.Expr = exp.Paren(this=aliases[name].copy())
        for part in column.parts[1:]:
            expression = exp.Dot(this=expression, expression=part.copy())
        if isinstance(column.parent, exp.Select):  # an item of its own, which keeps its name
            expression = exp.alias_(expression, column.parts[-1].name.lower(), quoted=True)
        column.replace(expression)


def _columns(node: exp.Expr) -> Iterator[exp.Column]:
    for child in node.walk(prune=lambda inner: inner is not node and isinstance(inner, (exp.Query, *SCOPES))):
        if isinstance(child, exp.Column) and not isinstance(child.this, exp.Star):
            yield child


def _is_part_of_name(column: exp.Column) -> bool:
    """Whether it is a unit such as `day`, which the parser reads as a column."""
    call = column.parent
    return isinstance(call, exp.Anonymous) and call.name.lower() in _WITH_UNIT and call.expressions[0] is column


_WITH_UNIT = frozenset({"dateadd", "datediff", "date_part", "date_trunc", "date_add", "date_diff", "pgdate_part"})
