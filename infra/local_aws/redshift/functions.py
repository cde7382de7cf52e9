"""Translates Redshift's function calls, one by one, to PostgreSQL.

Every call in the source is an `exp.Anonymous`. The result is the same call (if identical in both), a call of the twin
in schema `rs`, or an expression.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from .errors import RefusedByRedshift, UnsupportedStatement
from .function_names import ALIASES, PARTS, REFUSED, SAME, TWIN, UNITS

_Rewrite = Callable[[list[exp.Expr]], exp.Expr]
_RAW = "rs_raw"  # marks a translated call, so that the walk does not translate it again


def twin(name: str, *args: exp.Expr) -> exp.Expr:
    """A call of a function in schema `rs`."""
    return _translated(exp.Anonymous(this=f"rs.{name}", expressions=list(args)))


def _translated(node: exp.Expr) -> exp.Expr:
    node.meta[_RAW] = True
    return node


def _same(name: str, *args: exp.Expr) -> exp.Expr:
    return _translated(exp.Anonymous(this=name, expressions=list(args)))


def _arity(name: str, args: list[exp.Expr], low: int, high: int | None = None) -> None:
    if not low <= len(args) <= (high or low):
        raise RefusedByRedshift(f"function {name} with {len(args)} arguments does not exist")


def _unit(node: exp.Expr, units: dict[str, str]) -> exp.Expr:
    name = node.name.lower()
    if not isinstance(node, (exp.Literal, exp.Column, exp.Var)) or name not in units:
        raise RefusedByRedshift(f'date part "{node.name}" is not recognized')
    return exp.Literal.string(units[name])


def _dateadd(args: list[exp.Expr]) -> exp.Expr:
    _arity("dateadd", args, 3)
    return twin("dateadd", _unit(args[0], UNITS), *args[1:])


def _datediff(args: list[exp.Expr]) -> exp.Expr:
    _arity("datediff", args, 3)
    return twin("datediff", _unit(args[0], UNITS), *args[1:])


def _date_part(args: list[exp.Expr]) -> exp.Expr:
    _arity("date_part", args, 2)
    return twin("date_part", _unit(args[0], PARTS), args[1])


def _date_trunc(args: list[exp.Expr]) -> exp.Expr:
    _arity("date_trunc", args, 2)
    return twin("date_trunc", _unit(args[0], UNITS), args[1])


def _clock(name: str) -> _Rewrite:
    """One clock reading per statement: an uncorrelated sub-select is evaluated once."""

    def rewrite(args: list[exp.Expr]) -> exp.Expr:
        _arity(name, args, 0)
        return exp.Subquery(this=exp.Select(expressions=[twin(name)]))

    return rewrite


def _nvl(args: list[exp.Expr]) -> exp.Expr:
    return _same("coalesce", *args)


def _nvl2(args: list[exp.Expr]) -> exp.Expr:
    _arity("nvl2", args, 3)
    is_set = exp.Not(this=exp.Is(this=exp.Paren(this=args[0]), expression=exp.Null()))
    return exp.Case(ifs=[exp.If(this=is_set, true=args[1])], default=args[2])


def _decode(args: list[exp.Expr]) -> exp.Expr:
    if len(args) < 3:
        raise RefusedByRedshift("DECODE needs at least three arguments")
    pairs = [(args[i], args[i + 1]) for i in range(1, len(args) - 1, 2)]
    ifs = [exp.If(this=exp.NullSafeEQ(this=args[0].copy(), expression=value), true=result) for value, result in pairs]
    return exp.Case(ifs=ifs, default=args[-1] if len(args) % 2 == 0 else None)


def _median(args: list[exp.Expr]) -> exp.Expr:
    _arity("median", args, 1)
    order = exp.Order(expressions=[exp.Ordered(this=args[0])])
    return exp.WithinGroup(this=_same("percentile_cont", exp.Literal.number("0.5")), expression=order)


def _json_path(args: list[exp.Expr]) -> exp.Expr:
    if len(args) < 2:
        raise RefusedByRedshift("JSON_EXTRACT_PATH_TEXT needs a path")
    if isinstance(args[-1], exp.Boolean):
        return twin("json_extract_path_text_or_null" if args[-1].this else "json_extract_path_text", *args[:-1])
    return twin("json_extract_path_text", *args)


def _concat(args: list[exp.Expr]) -> exp.Expr:
    _arity("concat", args, 2)
    return twin("concat", *[exp.cast(arg, "text") if not isinstance(arg, exp.Literal) else arg for arg in args])


def _object(args: list[exp.Expr]) -> exp.Expr:
    if len(args) % 2:
        raise RefusedByRedshift("OBJECT needs an even number of arguments")
    return _same("jsonb_build_object", *args)


def _array(args: list[exp.Expr]) -> exp.Expr:
    return _same("jsonb_build_array", *args)


SPECIAL: dict[str, _Rewrite] = {
    "dateadd": _dateadd, "datediff": _datediff, "date_part": _date_part, "date_trunc": _date_trunc,
    "getdate": _clock("getdate"), "sysdate": _clock("sysdate"), "nvl": _nvl, "isnull": _nvl, "nvl2": _nvl2,
    "decode": _decode, "median": _median, "json_extract_path_text": _json_path, "concat": _concat,
    "object": _object, "array": _array,
}  # fmt: skip


def function_name(node: exp.Expr) -> str:
    """Redshift's name of a call, with aliases resolved; empty if the node is not a plain call."""
    if not isinstance(node, exp.Anonymous) or node.meta.get(_RAW):
        return ""
    name = str(node.this).lower()
    return ALIASES.get(name, name)


def rewrite_call(node: exp.Expr) -> exp.Expr:
    """Translates one call; returns any other node unchanged.

    Raises:
        RefusedByRedshift: The function exists only in PostgreSQL, or its arguments are wrong.
        UnsupportedStatement: The function is not supported.
    """
    name = function_name(node)
    parent = node.parent
    if not name or (isinstance(parent, exp.Dot) and parent.expression is node):  # schema.function(…) is user-defined
        return node
    args = node.expressions
    if name in REFUSED:
        raise RefusedByRedshift(f"function {name} is not supported by Redshift: {REFUSED[name]}")
    if name in SPECIAL:
        return SPECIAL[name](args)
    if name in SAME:
        return _same(name, *args)
    if name in TWIN:
        return twin(name, *args)
    raise UnsupportedStatement(f"the local Redshift does not support the function {name}({len(args)} arguments)")
