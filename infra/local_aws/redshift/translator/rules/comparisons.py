"""Implicit conversions that Redshift makes and PostgreSQL does not, where the types of both operands are known.

Source: https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html (type compatibility and conversion)
"""

from __future__ import annotations

from sqlglot import exp

from ..inference import Inference
from ..kinds import Kind
from ..tree import postgres_type

_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)
_DATES = ("date", "timestamp", "timestamptz", "time", "timetz")
_TARGETS = {"numeric": "numeric", "bool": "boolean", **{name: name for name in _DATES}}
"""A text that is compared with a value of this type is converted to that type of PostgreSQL's."""


def _converted(node: exp.Expr, own: Kind | None, other: Kind | None) -> exp.Expr:
    """The operand, as the type that it is compared as."""
    if own is None or other is None or own == other:
        return node
    if own.is_text and not own.is_literal and other.name in _TARGETS:
        return _cast(node, _TARGETS[other.name])
    if (own.is_integer or own.is_float) and other.is_text and not other.is_literal:
        return _cast(node, "varchar")
    if own.is_integer and other.name == "bool":
        return _cast(_cast(node, "integer"), "boolean")
    return node


def _cast(node: exp.Expr, target: str) -> exp.Cast:
    cast = exp.Cast(this=node, to=postgres_type(target))
    cast.meta["rs_raw"] = True
    return cast


def _convert_pair(node: exp.Expr, left: str, right: str, inference: Inference) -> None:
    first = node.args[left]
    second = node.args[right]
    if first.is_string or second.is_string:  # a literal takes the type of the other operand
        return
    kinds = inference.kind(first), inference.kind(second)
    node.set(left, _converted(first, kinds[0], kinds[1]))
    node.set(right, _converted(second, kinds[1], kinds[0]))


def comparison(node: exp.Expr, inference: Inference) -> exp.Expr:
    """A VARCHAR is compared with a DECIMAL, date or boolean as one, but with other numbers as texts.

    An integer is compared with a boolean as a boolean.
    """
    if isinstance(node, _COMPARISONS):
        is_assignment = isinstance(node.parent, exp.Update) and node.arg_key == "expressions"
        if not is_assignment:
            _convert_pair(node, "this", "expression", inference)
    elif isinstance(node, exp.Between):
        _convert_bounds(node, inference)
    elif isinstance(node, exp.In) and node.expressions:
        _convert_items(node, inference)
    return node


def _convert_bounds(node: exp.Expr, inference: Inference) -> None:
    value = inference.kind(node.this)
    bounds = [(key, inference.kind(node.args[key])) for key in ("low", "high")]
    node.set("this", _converted(node.this, value, bounds[0][1]))
    for key, kind in bounds:
        node.set(key, _converted(node.args[key], kind, value))


def _convert_items(node: exp.In, inference: Inference) -> None:
    value = inference.kind(node.this)
    items = [(item, inference.kind(item)) for item in node.expressions]
    typed = [kind for _, kind in items if kind is not None and not kind.is_literal]
    node.set("expressions", [_converted(item, kind, value) for item, kind in items])
    if typed:
        node.set("this", _converted(node.this, value, typed[0]))


def truth(node: exp.Expr, inference: Inference) -> exp.Expr:
    """An integer as a condition: 0 is false."""
    for key in ("this", "expression") if isinstance(node, (exp.And, exp.Or, exp.Not, exp.Where, exp.Having)) else ():
        operand = node.args.get(key)
        kind = inference.kind(operand)
        if operand is not None and kind is not None and kind.is_integer:
            node.set(key, _cast(_cast(operand, "integer"), "boolean"))
    return node


def concatenation(node: exp.Expr, inference: Inference) -> exp.Expr:
    """`||` of two values that are no text, such as numbers, joins their texts."""
    if isinstance(node, exp.DPipe):
        left = inference.kind(node.this)
        right = inference.kind(node.expression)
        if left and right and not (left.is_text or right.is_text) and "varbyte" not in (left.name, right.name):
            node.set("this", exp.Cast(this=node.this, to=postgres_type("varchar")))
    return node
