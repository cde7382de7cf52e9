"""The warehouse's own functions are for translated statements only: a user could make them run SQL as they like.

A session's settings of the name `rs.…` steer procedures, so no user may set them either.
"""

from __future__ import annotations

from sqlglot import exp

from ..errors import RefusedByRedshift, UnsupportedStatement

_SCHEMA = "rs"


def refuse_own_functions(tree: exp.Expr) -> None:
    """Raises RefusedByRedshift if a statement calls a function of the warehouse's own schema.

    Raises:
        UnsupportedStatement: it calls SET_CONFIG with a schema, which would go round the check of its parameter.
    """
    for dot in tree.find_all(exp.Dot):
        call = dot.expression
        if not isinstance(call, exp.Anonymous):
            continue
        if dot.this.name.lower() == _SCHEMA:
            raise RefusedByRedshift(f'schema "{_SCHEMA}" does not exist')
        if str(call.this).lower() == "set_config":
            raise UnsupportedStatement("SET_CONFIG with a schema before its name is not supported here")
    for table in tree.find_all(exp.Table):
        if isinstance(table.this, exp.Anonymous) and table.db.lower() == _SCHEMA:
            raise RefusedByRedshift(f'schema "{_SCHEMA}" does not exist')
