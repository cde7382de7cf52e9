"""Metric math over the data points of one period: arithmetic, comparisons, AND, OR, and a few functions.

As in CloudWatch, a period has no result if a metric in the expression has no data; `FILL` replaces missing data.
Everything else in metric math (arrays such as `METRICS()`, `SEARCH`, Metrics Insights' SQL, anomaly bands) is refused
with its name.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

_OPERATORS: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_FUNCTIONS: dict[str, tuple[int, Callable[..., float]]] = {
    "ABS": (1, abs),
    "CEIL": (1, math.ceil),
    "FLOOR": (1, math.floor),
    "LOG": (1, math.log),
    "LOG10": (1, math.log10),
}
_SPECIAL = {"IF": (2, 3), "FILL": (2,), "PERIOD": (1,)}


class UnknownExpression(ValueError):
    """The expression is not metric math, or is not supported here. The message names the part."""


class _NoData(Exception):
    pass


class Expression:
    """A metric math expression.

    Args:
        text: such as `100 * errors / requests`.

    Raises:
        UnknownExpression: it is not supported here.
    """

    def __init__(self, text: str) -> None:
        python = re.sub(r"&&|\bAND\b", " and ", re.sub(r"\|\||\bOR\b", " or ", text)).replace("^", "**")
        try:
            self._tree = ast.parse(python.strip(), mode="eval").body
        except (SyntaxError, ValueError) as error:
            raise UnknownExpression(f"{text!r} is not a metric math expression") from error
        self._text = text
        self.names: frozenset[str] = frozenset(self._check(self._tree))

    def value(self, values: Mapping[str, float | None], seconds: int) -> float | None:
        """The result for one period, or None if there is none.

        Args:
            values: the values of metrics and expressions by their ids; None for no data.
            seconds: the period's length.
        """
        try:
            return float(self._value(self._tree, values, seconds))
        except (_NoData, ArithmeticError, ValueError):  # division by zero, logarithm of zero: no data
            return None

    def _check(self, node: ast.expr) -> set[str]:
        """The ids in the expression. Raises UnknownExpression for anything that `_value` does not support."""
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            return set()
        if isinstance(node, ast.Name):
            return {node.id}
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
            return self._check(node.operand)
        if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
            return self._check(node.left) | self._check(node.right)
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _OPERATORS:
            return self._check(node.left) | self._check(node.comparators[0])
        if isinstance(node, ast.BoolOp):
            return set().union(*map(self._check, node.values))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
            return self._check_call(node.func.id, node.args)
        raise UnknownExpression(f"The local CloudWatch does not evaluate {ast.unparse(node)!r} in {self._text!r}")

    def _check_call(self, name: str, arguments: list[ast.expr]) -> set[str]:
        counts = _SPECIAL.get(name) or ((_FUNCTIONS[name][0],) if name in _FUNCTIONS else ())
        if not counts:
            raise UnknownExpression(f"The local CloudWatch does not evaluate the function {name} in {self._text!r}")
        if len(arguments) not in counts:
            raise UnknownExpression(f"{name} takes {' or '.join(map(str, counts))} arguments in {self._text!r}")
        return set().union(*map(self._check, arguments))

    def _value(self, node: Any, values: Mapping[str, float | None], seconds: int) -> float:
        def value(inner: Any) -> float:
            return self._value(inner, values, seconds)

        if isinstance(node, ast.Constant):
            return float(node.value)  # type: ignore[arg-type]  # `_check` accepts only numbers
        if isinstance(node, ast.Name):
            number = values.get(node.id)
            if number is None:
                raise _NoData
            return number
        if isinstance(node, ast.UnaryOp):
            return -value(node.operand) if isinstance(node.op, ast.USub) else value(node.operand)
        if isinstance(node, ast.BinOp):
            return _OPERATORS[type(node.op)](value(node.left), value(node.right))
        if isinstance(node, ast.Compare):
            return _OPERATORS[type(node.ops[0])](value(node.left), value(node.comparators[0]))
        if isinstance(node, ast.BoolOp):
            operands = [value(inner) for inner in node.values]
            return float(all(operands) if isinstance(node.op, ast.And) else any(operands))
        return self._call(node.func.id, node.args, values, seconds)

    def _call(self, name: str, arguments: list[Any], values: Mapping[str, float | None], seconds: int) -> float:
        if name == "PERIOD":
            return float(seconds)
        if name == "FILL":
            filled = self._or_none(arguments[0], values, seconds)
            return self._value(arguments[1], values, seconds) if filled is None else filled
        if name == "IF":
            branch = arguments[1:] if self._value(arguments[0], values, seconds) else arguments[2:]
            if not branch:
                raise _NoData
            return self._value(branch[0], values, seconds)
        return _FUNCTIONS[name][1](*(self._value(argument, values, seconds) for argument in arguments))

    def _or_none(self, node: Any, values: Mapping[str, float | None], seconds: int) -> float | None:
        try:
            return self._value(node, values, seconds)
        except _NoData:
            return None
