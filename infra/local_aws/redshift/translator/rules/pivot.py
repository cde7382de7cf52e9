"""PIVOT and UNPIVOT in FROM, as subqueries with GROUP BY and UNION ALL.

Sources: https://docs.aws.amazon.com/redshift/latest/dg/r_FROM_clause30.html,
https://docs.aws.amazon.com/redshift/latest/dg/r_FROM_clause-pivot-unpivot-examples.html
"""

from __future__ import annotations

from sqlglot import exp

from ...errors import RefusedByRedshift
from ..scopes import Names, refuse_unknown

_AGGREGATES = ("count", "sum", "min", "max", "avg")


def replace_pivots(tree: exp.Expr) -> exp.Expr:
    """Replaces every `source PIVOT (…)` and `source UNPIVOT (…)`."""
    for source in reversed(list(tree.find_all(exp.Table, exp.Subquery))):
        pivots = source.args.get("pivots") or []
        if not pivots:
            continue
        if len(pivots) > 1:
            raise RefusedByRedshift("PIVOT and UNPIVOT cannot be applied to PIVOT or UNPIVOT expressions")
        source.set("pivots", None)
        pivot = pivots[0]
        columns = _columns(source)
        rotated = _unpivoted(source, pivot, columns) if pivot.args.get("unpivot") else _pivoted(source, pivot, columns)
        alias = pivot.args.get("alias") or source.args.get("alias") or _own_name(source)
        source.replace(exp.Subquery(this=rotated, alias=alias.copy() if alias else None))
    return tree


def _own_name(source: exp.Expr) -> exp.TableAlias | None:
    return exp.TableAlias(this=exp.to_identifier(source.name)) if isinstance(source, exp.Table) else None


def _columns(source: exp.Expr) -> list[str]:
    """The names of the input's columns. PIVOT needs them all, because it groups by those that it does not name."""
    clause = source.parent
    if not isinstance(clause, exp.From):
        raise RefusedByRedshift("PIVOT and UNPIVOT cannot be applied to JOIN expressions")
    names = Names()
    select = clause.parent
    if isinstance(select, exp.Select):
        origin = names.sources(select)[0]
        if origin.columns is None:
            refuse_unknown(origin, "PIVOT")
        return list(origin.columns)
    raise RefusedByRedshift("PIVOT and UNPIVOT are supported in a SELECT only")


def _pivoted(source: exp.Expr, pivot: exp.Pivot, columns: list[str]) -> exp.Select:
    values = pivot.args["fields"][0]
    by = values.this
    aggregates = pivot.expressions
    for aggregate in aggregates:
        call = aggregate.unalias()
        if not isinstance(call, exp.Anonymous) or call.name.lower() not in _AGGREGATES:
            raise RefusedByRedshift("PIVOT supports the aggregate functions COUNT, SUM, MIN, MAX and AVG only")
    used = {column.name.lower() for part in (by, *aggregates) for column in part.find_all(exp.Column)}
    implicit = [exp.column(name) for name in columns if name not in used]
    items = [_pivot_item(aggregate, by, value) for value in values.expressions for aggregate in aggregates]
    select = exp.Select(expressions=[*implicit, *items], from_=exp.From(this=source.copy()))
    if implicit:
        select.set("group", exp.Group(expressions=[column.copy() for column in implicit]))
    return select


def _pivot_item(aggregate: exp.Expr, by: exp.Expr, value: exp.Expr) -> exp.Expr:
    """One aggregate over the rows with one of the values."""
    constant = value.this if isinstance(value, exp.PivotAlias) else value
    if constant.find(exp.Column, exp.Query):
        raise RefusedByRedshift("PIVOT IN list values cannot be column references or subqueries")
    condition = (
        exp.Is(this=by.copy(), expression=exp.Null())
        if isinstance(constant, exp.Null)
        else exp.EQ(this=by.copy(), expression=constant.copy())
    )
    call = aggregate.unalias().copy()
    distinct = isinstance(call.expressions[0], exp.Distinct)
    argument = call.expressions[0].expressions[0] if distinct else call.expressions[0]
    counted = exp.Literal.number(1) if isinstance(argument, exp.Star) else argument.copy()
    chosen = exp.Case(ifs=[exp.If(this=condition, true=counted)])
    call.set("expressions", [exp.Distinct(expressions=[chosen]) if distinct else chosen])
    name = _value_name(value)
    if aggregate.alias:
        name = f"{name}_{aggregate.alias.lower()}"
    return exp.Alias(this=call, alias=exp.to_identifier(name, quoted=True))


def _value_name(value: exp.Expr) -> str:
    if isinstance(value, exp.PivotAlias):
        return str(value.args["alias"].name).lower()
    if isinstance(value, exp.Null):
        return "null"
    if isinstance(value, exp.Literal):
        return value.name.lower()
    if isinstance(value, exp.Neg) and isinstance(value.this, exp.Literal):
        return f"-{value.this.name}"
    return "?column?"


def _unpivoted(source: exp.Expr, pivot: exp.Pivot, columns: list[str]) -> exp.Expr:
    field = pivot.args["fields"][0]
    value_name = pivot.expressions[0].name
    name_name = field.this.name
    rotated = [(value.this if isinstance(value, exp.PivotAlias) else value) for value in field.expressions]
    labels = [_value_name(v) if isinstance(v, exp.PivotAlias) else v.name.lower() for v in field.expressions]
    if not all(isinstance(column, (exp.Column, exp.Identifier)) for column in rotated):
        raise RefusedByRedshift("the IN list of UNPIVOT must contain column references only")
    used = {column.name.lower() for column in rotated}
    if missing := used - set(columns):
        raise RefusedByRedshift(f'column "{min(missing)}" does not exist')
    parts = []
    for column, label in zip(rotated, labels, strict=True):
        value = exp.column(column.name)
        name = exp.Cast(this=exp.Literal.string(label), to=exp.DataType.build("varchar", dialect="redshift"))
        part = exp.Select(
            expressions=[
                *(exp.column(other) for other in columns if other not in used),
                exp.alias_(name, name_name, quoted=True),
                exp.alias_(value, value_name, quoted=True),
            ],
            from_=exp.From(this=source.copy()),
        )
        if not pivot.args.get("include_nulls"):
            part.set("where", exp.Where(this=exp.Not(this=exp.Is(this=value.copy(), expression=exp.Null()))))
        parts.append(part)
    union: exp.Expr = parts[0]
    for part in parts[1:]:
        union = exp.Union(this=union, expression=part, distinct=False)
    return union
