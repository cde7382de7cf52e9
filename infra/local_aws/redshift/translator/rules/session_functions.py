"""Functions about the session: its user, and its parameters."""

from __future__ import annotations

from sqlglot import exp

from ...errors import RefusedByRedshift, UnsupportedStatement
from ..functions import function_name, same, twin
from ..parameters import DEFAULTS, FIXED, is_default
from ..session import stored


def current_user_id(node: exp.Expr) -> exp.Expr:
    """CURRENT_USER_ID: https://docs.aws.amazon.com/redshift/latest/dg/r_CURRENT_USER_ID.html"""
    return twin("current_user_id") if isinstance(node, exp.CurrentUserId) else node


def setting(node: exp.Expr) -> exp.Expr:
    """CURRENT_SETTING and SET_CONFIG, for parameters that the statement names.

    Sources: https://docs.aws.amazon.com/redshift/latest/dg/r_CURRENT_SETTING.html and r_SET_CONFIG.html
    """
    function = function_name(node)
    if function not in ("current_setting", "set_config"):
        return node
    args = node.expressions
    if len(args) != (1 if function == "current_setting" else 3):
        raise RefusedByRedshift(f"function {function} with {len(args)} arguments does not exist")
    if not all(isinstance(arg, exp.Literal) for arg in args[:2]):
        raise UnsupportedStatement(f"{function.upper()} of a computed name or value")
    name = str(args[0].name).lower()
    return _set(name, args[1], args[2]) if function == "set_config" else _get(name)


def _get(name: str) -> exp.Expr:
    place = exp.Literal.string(stored(name))
    if name not in DEFAULTS:
        return same("current_setting", place)
    value = same("nullif", same("current_setting", place, exp.true()), exp.Literal.string(""))
    return same("coalesce", value, exp.Literal.string(DEFAULTS[name]))


def _set(name: str, value: exp.Expr, is_local: exp.Expr) -> exp.Expr:
    place = stored(name)
    if name in FIXED and not is_default(name, str(value.name)):
        raise UnsupportedStatement(f"the local Redshift does not support SET {name} TO {value.name}")
    return same("set_config", exp.Literal.string(place), value, is_local)
