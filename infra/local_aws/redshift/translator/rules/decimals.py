"""DECIMAL results with the scale that Redshift gives them. PostgreSQL carries as many digits as a value needs."""

from __future__ import annotations

from sqlglot import exp

from .. import kinds
from ..function_kinds import decoded
from ..functions import function_name, twin
from ..inference import Inference, branches
from ..kinds import Kind
from ..tree import postgres_type


def _size(node: exp.Expr, kind: Kind) -> None:
    """Makes the expression a value of exactly this kind, in its place."""
    cast = exp.Cast(this=exp.Null(), to=postgres_type(kinds.postgres_type_of(kind)))
    cast.meta["rs_raw"] = True
    node.replace(cast)
    cast.set("this", node)


def division(node: exp.Expr, inference: Inference) -> exp.Expr:
    """A division of DECIMALs cuts the digits after the result's scale off; it does not round.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_numeric_computations201.html
    """
    kind = inference.kind(node) if isinstance(node, exp.Div) else None
    if kind is None or kind.digits is None or kind.is_integer:
        return node
    scale = kind.digits.scale
    shifted = exp.Mul(this=exp.Paren(this=node.this), expression=exp.Literal.number(f"1e{scale}"))
    whole = exp.Anonymous(this="div", expressions=[shifted, node.expression])
    whole.meta["rs_raw"] = True
    return exp.Paren(this=exp.Mul(this=whole, expression=exp.Literal.number(f"1e-{scale}")))


def average(node: exp.Expr, inference: Inference) -> exp.Expr:
    """AVG of a DECIMAL has the scale of its argument, and further digits are cut off.

    Of an unknown type, the scale is that of the sum, which is known when the query runs.
    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_AVG.html
    """
    call = node.this if isinstance(node, exp.Window) else node
    if function_name(call) != "avg" or len(call.expressions) != 1:
        return node
    if isinstance(call.parent, exp.Window) and call is node:  # its window is next
        return node
    kind = inference.kind(call)
    if kind is not None and kind.name != "numeric":
        return node
    total = node.copy()
    total_call = total.this if isinstance(total, exp.Window) else total
    total_call.set("this", "sum")
    return twin("average", node, total)


def choice(node: exp.Expr, inference: Inference) -> exp.Expr:
    """CASE, COALESCE and their kin return one type: each branch gets the common scale."""
    results = _results(node)
    kind = inference.kind(node) if results else None
    for branch in results if _is_sized_decimal(kind) else ():
        if kind is not None and inference.kind(branch) not in (kind, kinds.NULL):
            _size(branch, kind)
    return node


def _is_sized_decimal(kind: Kind | None) -> bool:
    return kind is not None and kind.name == "numeric" and kind.digits is not None


def _results(node: exp.Expr) -> list[exp.Expr]:
    if isinstance(node, exp.Case):
        return branches(node)
    name = function_name(node)
    if name in ("coalesce", "nvl", "isnull", "greatest", "least"):
        return list(node.expressions)
    if name == "nvl2":
        return list(node.expressions[1:])
    return decoded(node.expressions) if name == "decode" else []


def size_outputs(query: exp.Select, inference: Inference) -> None:
    """Gives a query's calculated columns their precision, and their length if they become columns of a table.

    PostgreSQL knows neither of an expression: it would describe and store them without.
    """
    if _is_ordered_distinct(query):
        return
    for item in query.expressions:
        value = item.this if isinstance(item, exp.Alias) else item
        kind = None if _has_size(value) else inference.kind(value)
        if kind is not None and _needs_size(kind, inference):
            _size(value, kind)


def _is_ordered_distinct(query: exp.Select) -> bool:
    """Whether its ORDER BY must repeat its columns as they are."""
    return query.args.get("distinct") is not None and query.args.get("order") is not None


def _needs_size(kind: Kind, inference: Inference) -> bool:
    """Whether PostgreSQL would describe the column otherwise. It has no functions that return CHAR."""
    if kind.is_text:
        return kind.size is not None and (inference.is_stored or kind.name == "bpchar")
    return _is_sized_decimal(kind)


def _has_size(value: exp.Expr) -> bool:
    """Whether PostgreSQL knows the size itself."""
    return value.is_star or isinstance(value, (exp.Column, exp.Cast))


def set_operation(node: exp.Expr, inference: Inference) -> exp.Expr:
    """UNION, INTERSECT and EXCEPT convert both sides' DECIMALs to the common precision and scale.

    And their texts to the common length, if they become a table's columns.
    """
    outputs = inference.outputs(node) if isinstance(node, exp.SetOperation) else None
    for side in (node.this, node.expression) if outputs else ():
        if isinstance(side, exp.Select):
            _convert(side, [kind for _, kind in outputs or ()], inference)
    return node


def _convert(query: exp.Select, targets: list[Kind | None], inference: Inference) -> None:
    """Converts the query's columns to the kinds whose size PostgreSQL would lose."""
    columns = [kind for _, kind in inference.outputs(query) or ()]
    needed = [target for target in targets if target is not None and _needs_size(target, inference)]
    if columns == targets or not needed:
        return
    _expand_star(query, inference)
    for item, own, target in zip(list(query.expressions), columns, targets, strict=True):
        if target is None or target not in needed or own == target:
            continue
        if not isinstance(item, exp.Alias):
            name = exp.to_identifier(item.alias_or_name, quoted=True)
            alias = exp.Alias(this=exp.Null(), alias=name)
            item.replace(alias)
            alias.set("this", item)
        _size(item.this if isinstance(item, exp.Alias) else item, target)


def _expand_star(query: exp.Select, inference: Inference) -> None:
    """Replaces `*` by the columns of the query's tables, which are known."""
    sources = inference.sources(query)
    items: list[exp.Expr] = []
    for item in query.expressions:
        if item.is_star:
            tables = [item.table.lower()] if isinstance(item, exp.Column) else list(sources)
            items += [exp.column(name, table=table, quoted=True) for table in tables for name in sources[table] or ()]
        else:
            items.append(item)
    query.set("expressions", items)
