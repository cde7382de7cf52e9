"""Names of the SELECT list in WHERE, HAVING and later items: `SELECT nspname AS schema … WHERE schema = 'x'`.

A column of a source comes first. Columns are looked up; those of an unknown source do not count.
Source: https://docs.aws.amazon.com/redshift/latest/dg/r_SELECT_list.html
"""

from __future__ import annotations

from sqlglot import exp

from ..relations import columns_of


def expand_aliases(tree: exp.Expr) -> exp.Expr:
    """Puts the expression in place of each alias that is used within its own SELECT."""
    for select in list(tree.find_all(exp.Select)):
        aliases: dict[str, exp.Expr] = {}
        columns = _columns(select)
        for item in select.expressions:
            _expand(item, select, aliases)
            if isinstance(item, exp.Alias) and item.alias.lower() not in columns:
                aliases.setdefault(item.alias.lower(), item.this)
        for clause in ("where", "having", "qualify"):
            if select.args.get(clause):
                _expand(select.args[clause], select, aliases)
    return tree


def _expand(node: exp.Expr, select: exp.Select, aliases: dict[str, exp.Expr]) -> None:
    for column in list(node.find_all(exp.Column)):
        expression = aliases.get(column.name.lower())
        if expression is not None and not column.table and column.find_ancestor(exp.Select) is select:
            column.replace(exp.Paren(this=expression.copy()))


def _columns(select: exp.Select) -> set[str]:
    """The names of the columns of all sources, as far as they are known."""
    heads = [select.args["from_"].this] if select.args.get("from_") else []
    heads += [join.this for join in select.args.get("joins") or []]
    names: set[str] = set()
    for source in heads:
        alias = source.args.get("alias")
        listed = alias.args.get("columns") if isinstance(alias, exp.TableAlias) else None
        names |= {column.name.lower() for column in listed or ()}
        names |= _source_columns(source)
    return names


def _source_columns(source: exp.Expr) -> set[str]:
    if isinstance(source, exp.Subquery):
        return _outputs(source.this)
    if not isinstance(source, exp.Table):
        return set()
    query = None if source.db else _common_table(source)
    if query is not None:
        return _outputs(query.this)
    return set(columns_of(source.db or None, source.name) or ())


def _outputs(query: exp.Expr) -> set[str]:
    while isinstance(query, (exp.SetOperation, exp.Subquery)):
        query = query.this
    if not isinstance(query, exp.Select):
        return set()
    names = {item.alias_or_name.lower() for item in query.expressions if not item.is_star}
    return names | (_columns(query) if any(item.is_star for item in query.expressions) else set())


def _common_table(table: exp.Table) -> exp.CTE | None:
    """The WITH query that a name means, if any. A query does not see itself."""
    inside: exp.Expr | None = table
    while inside is not None:
        with_ = inside.args.get("with_")
        for query in with_.expressions if isinstance(with_, exp.With) else ():
            if (
                isinstance(query, exp.CTE)
                and query.alias.lower() == table.name.lower()
                and not _is_inside(table, query)
            ):
                return query
        inside = inside.parent
    return None


def _is_inside(table: exp.Table, query: exp.CTE) -> bool:
    return table.find_ancestor(exp.CTE) is query
