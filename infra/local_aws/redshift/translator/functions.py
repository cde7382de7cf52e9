"""Translates Redshift's function calls, one by one, to PostgreSQL.

Every call in the source is an `exp.Anonymous`. The result is the same call (if identical in both), a call of the twin
in schema `rs`, or an expression.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from ..errors import RefusedByRedshift, UnsupportedStatement
from .function_names import ALIASES, FLOATING, PARTS, REFUSED, SAME, TEXT_ARGUMENTS, TWIN, UNITS
from .lexer import quote_name
from .relations import schema_of_function
from .tree import postgres_type

_Rewrite = Callable[[list[exp.Expr]], exp.Expr]
_RAW = "rs_raw"  # marks a translated call, so that the walk does not translate it again


def twin(name: str, *args: exp.Expr) -> exp.Expr:
    """A call of a function in schema `rs`."""
    return _translated(exp.Anonymous(this=f"rs.{name}", expressions=list(args)))


def _translated(node: exp.Expr) -> exp.Expr:
    node.meta[_RAW] = True
    return node


def same(name: str, *args: exp.Expr) -> exp.Expr:
    """A call of PostgreSQL's own function."""
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
    return same("coalesce", *args)


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


def _json_path(args: list[exp.Expr]) -> exp.Expr:
    if len(args) < 2:
        raise RefusedByRedshift("JSON_EXTRACT_PATH_TEXT needs a path")
    if isinstance(args[-1], exp.Boolean):
        return twin("json_extract_path_text_or_null" if args[-1].this else "json_extract_path_text", *args[:-1])
    return twin("json_extract_path_text", *args)


def _concat(args: list[exp.Expr]) -> exp.Expr:
    _arity("concat", args, 2)
    return twin("concat", *[twin("text_or_bytes", arg) for arg in args])


def _floating(name: str) -> _Rewrite:
    """Functions that return DOUBLE PRECISION; PostgreSQL's return a numeric for a numeric."""

    def rewrite(args: list[exp.Expr]) -> exp.Expr:
        return same(name, *map(_as_float, args))

    return rewrite


def _as_float(argument: exp.Expr) -> exp.Expr:
    if isinstance(argument, exp.Distinct):
        return exp.Distinct(expressions=[_as_float(part) for part in argument.expressions])
    return _translated(exp.Cast(this=argument, to=postgres_type("double precision")))


def _object(args: list[exp.Expr]) -> exp.Expr:
    if len(args) % 2:
        raise RefusedByRedshift("OBJECT needs an even number of arguments")
    return same("jsonb_build_object", *args)


def _array(args: list[exp.Expr]) -> exp.Expr:
    return same("jsonb_build_array", *args)


def _from_text(name: str) -> _Rewrite:
    """TEXT_TO_INT_ALT and TEXT_TO_NUMERIC_ALT."""

    def rewrite(args: list[exp.Expr]) -> exp.Expr:
        _arity(name, args, 1, 4)
        if len(args) > 1 and args[1].is_string:
            raise UnsupportedStatement(f"{name} with a format is not supported here")
        return twin(name, *args)

    return rewrite


SPECIAL: dict[str, _Rewrite] = {
    "dateadd": _dateadd, "datediff": _datediff, "date_part": _date_part, "date_trunc": _date_trunc,
    "getdate": _clock("getdate"), "sysdate": _clock("sysdate"), "nvl": _nvl, "isnull": _nvl, "nvl2": _nvl2,
    "decode": _decode, "json_extract_path_text": _json_path, "concat": _concat,
    "object": _object, "array": _array,
    "text_to_int_alt": _from_text("text_to_int_alt"), "text_to_numeric_alt": _from_text("text_to_numeric_alt"),
    **{name: _floating(name) for name in FLOATING},
}  # fmt: skip


def function_name(node: exp.Expr) -> str:
    """Redshift's name of a call, with aliases resolved; empty if the node is not a plain call."""
    if not isinstance(node, exp.Anonymous) or node.meta.get(_RAW):
        return ""
    name = str(node.this).lower()
    return ALIASES.get(name, name)


def _as_texts(name: str, args: list[exp.Expr]) -> list[exp.Expr]:
    """The arguments of a function of text, each one cast to VARCHAR unless it is written as a text."""
    count = TEXT_ARGUMENTS.get(name, 0)
    return [
        arg if position >= count or (isinstance(arg, exp.Literal) and arg.is_string) else twin("as_varchar", arg)
        for position, arg in enumerate(args)
    ]


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
    if name not in SPECIAL and name not in SAME and name not in TWIN and (schema := schema_of_function(name)):
        # With its schema: PostgreSQL looks for a bare name among its own functions first.
        return same(f"{quote_name(schema)}.{quote_name(name)}", *node.expressions)
    args = _as_texts(name, node.expressions)
    if name in REFUSED:
        raise RefusedByRedshift(f"function {name} is not supported by Redshift: {REFUSED[name]}")
    if name in SPECIAL:
        return SPECIAL[name](args)
    if name in SAME:
        return same(name, *args)
    if name in TWIN:
        return twin(name, *args)
    raise UnsupportedStatement(f"the local Redshift does not support the function {name}({len(args)} arguments)")
