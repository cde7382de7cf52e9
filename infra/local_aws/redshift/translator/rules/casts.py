"""CAST and EXTRACT."""

from __future__ import annotations

from sqlglot import exp

from ...errors import RefusedByRedshift, UnsupportedStatement
from ..datatypes import type_from_text
from ..function_names import PARTS
from ..functions import twin
from ..tree import postgres_type


def cast(node: exp.Expr) -> exp.Expr:
    """CAST: truncates text at bytes, and removes the quotes of SUPER strings. TRY_CAST returns NULL on failure."""
    if not isinstance(node, exp.Cast) or node.meta.get("rs_raw"):
        return node
    target = type_from_text(node.to.sql("redshift"))
    if target.postgres == "jsonb" and not isinstance(node.this, exp.Null):
        raise UnsupportedStatement("a cast to SUPER is not supported here; use JSON_PARSE")
    inner = node.this
    if isinstance(node, exp.TryCast):
        sample = exp.Cast(this=exp.Null(), to=postgres_type(target.postgres))
        inner = twin("try_cast", twin("as_varchar", inner), sample)
    elif target.postgres == "bytea":
        inner = twin("as_varbyte", inner)
    elif target.is_text and target.max_bytes:
        inner = twin("as_varchar", inner, exp.Literal.number(target.max_bytes))
    elif target.is_text and not isinstance(inner, exp.Literal):
        inner = twin("as_varchar", inner)
    return exp.Cast(this=inner, to=postgres_type(target.postgres))


def extract(node: exp.Expr) -> exp.Expr:
    """EXTRACT returns an INTEGER, and for epoch a BIGINT of whole seconds."""
    if not isinstance(node, exp.Extract):
        return node
    unit = node.name.lower()
    if unit not in PARTS:
        raise RefusedByRedshift(f'date part "{unit}" is not recognized')
    part = twin("date_part", exp.Literal.string(PARTS[unit]), node.expression)
    return exp.Cast(this=part, to=postgres_type("bigint" if unit == "epoch" else "integer"))
