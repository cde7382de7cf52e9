"""Oracle's outer join operator: `WHERE a.id = b.id(+)` keeps the rows of `a` without a match in `b`.

Source: https://docs.aws.amazon.com/redshift/latest/dg/r_WHERE_oracle_outer.html
"""

from __future__ import annotations

from sqlglot import exp

from ...errors import RefusedByRedshift
from ..scopes import Names


def replace_join_marks(tree: exp.Expr) -> exp.Expr:
    """Replaces the operator by LEFT JOIN."""
    marked = [column for column in tree.find_all(exp.Column) if column.args.get("join_mark")]
    for select in {id(s): s for s in (column.parent_select for column in marked) if s is not None}.values():
        _rewrite(select, Names())
    if any(column.args.get("join_mark") for column in tree.find_all(exp.Column)):
        raise RefusedByRedshift("the outer join operator (+) is supported in the WHERE clause of a SELECT only")
    return tree


def _rewrite(select: exp.Select, names: Names) -> None:
    where = select.args.get("where")
    joins: list[exp.Join] = select.args.get("joins") or []
    if where is None or any(join.args.get(key) for join in joins for key in ("on", "using", "side", "method")):
        raise RefusedByRedshift("the outer join operator (+) cannot be mixed with ANSI join syntax")
    condition = where.this.unnest()
    conditions = list(condition.flatten()) if isinstance(condition, exp.And) else [condition]
    optional: dict[str, list[exp.Expr]] = {}
    rest: list[exp.Expr] = []
    for part in conditions:
        owners = {_owner(c, names) for c in part.find_all(exp.Column) if c.args.get("join_mark")}
        if len(owners) > 1:
            raise RefusedByRedshift("a predicate may reference only one outer-joined table")
        if owners:
            _check(part)
        for column in part.find_all(exp.Column):
            column.set("join_mark", None)
        (optional.setdefault(owners.pop(), []) if owners else rest).append(part.copy())
    _set_joins(select, joins, optional, names)
    select.set("where", exp.Where(this=exp.and_(*rest, copy=False)) if rest else None)


def _owner(column: exp.Column, names: Names) -> str:
    if column.table:
        return column.table.lower()
    match = names.column(column.name, column)
    if match is None:
        raise RefusedByRedshift(f'column "{column.name.lower()}" does not exist')
    return match[0].name


def _check(condition: exp.Expr) -> None:
    if condition.find(exp.Or):
        raise RefusedByRedshift("the outer join operator (+) is not allowed in an operand of OR")
    if condition.find(exp.Query):
        raise RefusedByRedshift("a column may not be outer-joined to a subquery")


def _set_joins(select: exp.Select, joins: list[exp.Join], optional: dict[str, list[exp.Expr]], names: Names) -> None:
    first = select.args["from_"].this
    if len(joins) == 1 and first.alias_or_name.lower() in optional:  # keeps the order of the columns of `*`
        on = exp.and_(*optional[first.alias_or_name.lower()], copy=False)
        select.set("joins", [exp.Join(this=joins[0].this, side="RIGHT", on=on)])
        return
    sources = {source.alias_or_name.lower(): source for source in (first, *(join.this for join in joins))}
    required = [source for name, source in sources.items() if name not in optional]
    if not required:
        raise RefusedByRedshift("two tables cannot be outer-joined to each other")
    ordered = [exp.Join(this=source, kind="CROSS") for source in required[1:]]
    present = {source.alias_or_name.lower() for source in required}
    waiting = dict(optional)
    while waiting:
        ready = [name for name, parts in waiting.items() if _others(name, parts, names) <= present]
        if not ready:
            raise RefusedByRedshift("two tables cannot be outer-joined to each other")
        for name in ready:
            on = exp.and_(*waiting.pop(name), copy=False)
            ordered.append(exp.Join(this=sources[name], side="LEFT", on=on))
            present.add(name)
    select.set("from_", exp.From(this=required[0]))
    select.set("joins", ordered)


def _others(name: str, conditions: list[exp.Expr], names: Names) -> set[str]:
    """The other tables in the conditions of an outer-joined table."""
    tables = {c.table.lower() for part in conditions for c in part.find_all(exp.Column) if c.table}
    return tables - {name}
