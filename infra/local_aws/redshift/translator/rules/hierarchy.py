"""START WITH … CONNECT BY, as a recursive query in FROM.

Source: https://docs.aws.amazon.com/redshift/latest/dg/r_CONNECT_BY_clause.html
"""

from __future__ import annotations

from sqlglot import exp

from ...errors import RefusedByRedshift, UnsupportedStatement
from ..scopes import Names, refuse_unknown

_TREE = "rs_hierarchy"
_PARENT = "rs_parent"
_LEVEL = "level"


def replace_connect_by(tree: exp.Expr) -> exp.Expr:
    """Replaces CONNECT BY in every SELECT. WHERE filters the rows of the finished hierarchy."""
    for connect in list(tree.find_all(exp.Connect)):
        select = connect.parent
        if isinstance(select, exp.Select):
            _rewrite(select, connect)
    return tree


def _rewrite(select: exp.Select, connect: exp.Connect) -> None:
    if select.args.get("joins"):
        raise UnsupportedStatement("CONNECT BY over a join is not supported here; put the join in a subquery")
    if not connect.args["connect"].find(exp.Prior):
        raise RefusedByRedshift("CONNECT BY needs a condition with PRIOR")
    source = Names().sources(select)[0]
    if source.columns is None:
        refuse_unknown(source, "CONNECT BY")
    name = source.name or "rs_rows"
    columns = list(source.columns or ())
    recursive = _recursive_query(source.node, name, columns, connect)
    alias = exp.TableAlias(this=exp.to_identifier(name))
    select.set("from_", exp.From(this=exp.Subquery(this=recursive, alias=alias)))
    select.set("connect", None)
    items = []
    for item in select.expressions:
        items += [exp.column(column, table=name) for column in columns] if item.is_star else [item]
    select.set("expressions", items)


def _recursive_query(source: exp.Expr, name: str, columns: list[str], connect: exp.Connect) -> exp.Select:
    def rows_of(item: exp.Expr) -> exp.Expr:
        copy = item.copy()
        copy.set("alias", exp.TableAlias(this=exp.to_identifier(name)))
        return copy

    values = [exp.column(column, table=name) for column in columns]
    roots = exp.Select(expressions=[*values, exp.Literal.number(1)], from_=exp.From(this=rows_of(source)))
    if connect.args.get("start"):
        roots.set("where", exp.Where(this=_bound(connect.args["start"], name, columns, exp.Literal.number(1))))
    level = exp.Add(this=exp.column(_LEVEL, table=_PARENT), expression=exp.Literal.number(1))
    children = exp.Select(
        expressions=[*(value.copy() for value in values), level],
        from_=exp.From(this=exp.alias_(exp.to_table(_TREE), _PARENT, table=True)),
        joins=[exp.Join(this=rows_of(source), on=_bound(connect.args["connect"], name, columns, level))],
    )
    union = exp.Union(this=roots, expression=children, distinct=False)
    names = [exp.to_identifier(column) for column in (*columns, _LEVEL)]
    query = exp.CTE(this=union, alias=exp.TableAlias(this=exp.to_identifier(_TREE), columns=names))
    return exp.Select(
        expressions=[exp.Star()],
        from_=exp.From(this=exp.to_table(_TREE)),
        with_=exp.With(expressions=[query], recursive=True),
    )


def _bound(condition: exp.Expr, name: str, columns: list[str], level: exp.Expr) -> exp.Expr:
    """A condition whose columns are of the parent (after PRIOR) or of the current row."""
    bound = condition.copy()
    for column in list(bound.find_all(exp.Column)):
        if column.find_ancestor(exp.Prior):
            column.set("table", exp.to_identifier(_PARENT))
        elif column.name.lower() == _LEVEL and not column.table and _LEVEL not in columns:
            column.replace(exp.Paren(this=level.copy()))
        else:
            column.set("table", exp.to_identifier(name))
    bound = exp.Paren(this=bound)
    for prior in list(bound.find_all(exp.Prior)):
        prior.replace(prior.this)
    return bound
