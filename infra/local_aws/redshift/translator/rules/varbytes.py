"""Operators on VARBYTE. Source: https://docs.aws.amazon.com/redshift/latest/dg/r_VARBYTE_OPERATORS.html"""

from __future__ import annotations

from sqlglot import exp

from ..functions import twin
from ..inference import Inference

_BITWISE: dict[type[exp.Expr], str] = {
    exp.BitwiseAnd: "bytes_and", exp.BitwiseOr: "bytes_or", exp.BitwiseXor: "bytes_xor", exp.BitwiseNot: "bytes_not",
}  # fmt: skip


def operator(node: exp.Expr, inference: Inference) -> exp.Expr:
    """`+` joins bytes, as `||` does; & | # ~ work on their bits."""
    name = "" if isinstance(node, exp.Add) else _BITWISE.get(type(node))
    kind = inference.kind(node) if name is not None else None
    if name is None or kind is None or kind.name != "varbyte":
        return node
    if isinstance(node, exp.Add):
        return exp.DPipe(this=node.this, expression=node.expression, safe=True)
    return twin(name, *[operand for operand in (node.this, node.args.get("expression")) if operand is not None])
