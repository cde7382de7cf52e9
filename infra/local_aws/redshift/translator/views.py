"""Views and materialized views: CREATE and ALTER. `late_binding` has those WITH NO SCHEMA BINDING.

Source: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_VIEW.html
"""

from __future__ import annotations

import json

from sqlglot import exp

from ..errors import RefusedByRedshift
from . import catalog, query
from .alter_table import alter_attributes
from .function_names import MUTABLE
from .grammar.materialized_views import refuse_relations
from .late_binding import bound_early, relations_of
from .lexer import quote_literal, quote_name
from .reader import Reader
from .table_attributes import Attributes, read_attributes

_LATE = ["WITH", "NO", "SCHEMA", "BINDING"]


def create_view(reader: Reader, replace: bool) -> list[str]:
    """CREATE [OR REPLACE] VIEW. The reader is after VIEW."""
    if reader.peek("IF"):
        raise RefusedByRedshift("CREATE VIEW does not support IF NOT EXISTS")
    name = reader.name()
    columns = reader.names_in_parens() if reader.peek("(") else []
    reader.expect("AS")
    body = reader.rest()
    if [token.upper for token in reader.tokens[-4:]] == _LATE:
        body = reader.sql[reader.tokens[reader.at].start : reader.tokens[-5].end]
        return _create_late_view(name, columns, body, replace)
    listed = f" ({', '.join(map(quote_name, columns))})" if columns else ""
    with bound_early():
        return [f"CREATE {'OR REPLACE ' if replace else ''}VIEW {name}{listed} AS {query.stored_select(body)}"]


def _create_late_view(name: str, columns: list[str], text: str, replace: bool) -> list[str]:
    """CREATE VIEW … WITH NO SCHEMA BINDING. The tables may be missing, their schemas may not."""
    tree = query.parse_statement(text)
    schemas = set()
    for table in relations_of(tree):
        if not table.db:
            raise RefusedByRedshift(
                f'all the relations and functions in a view WITH NO SCHEMA BINDING must be qualified: "{table.name}"'
            )
        schemas.add(table.db.lower())
    with bound_early():
        translation = query.stored_select(text)
    arguments = (name, text, translation, json.dumps(columns), json.dumps(sorted(schemas)))
    return [f"SELECT rs.create_late_view({', '.join(map(quote_literal, arguments))}, {str(replace).lower()})"]


def create_materialized_view(reader: Reader) -> list[str]:
    """CREATE MATERIALIZED VIEW. The reader is after VIEW. AUTO REFRESH is remembered; nothing refreshes it here.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/materialized-view-create-sql-command.html
    """
    if reader.peek("IF"):
        raise RefusedByRedshift("CREATE MATERIALIZED VIEW does not support IF NOT EXISTS")
    name = reader.name()
    columns = reader.names_in_parens() if reader.peek("(") else []
    attributes = Attributes()
    read_attributes(reader, attributes, of_view=True)
    reader.expect("AS")
    body = reader.rest()
    tree = query.parse_statement(body)
    if tree.args.get("order") or tree.args.get("limit"):
        raise RefusedByRedshift("materialized views do not support ORDER BY, LIMIT or OFFSET")
    catalog.queries.refuse_in_materialized_view(body)
    refuse_relations(tree)
    mutable = sorted(_mutable_calls(tree))
    if attributes.auto_refresh and mutable:
        raise RefusedByRedshift(f"a materialized view with AUTO REFRESH cannot use the mutable function {mutable[0]}")
    listed = f" ({', '.join(map(quote_name, columns))})" if columns else ""
    with bound_early():
        return [f"CREATE MATERIALIZED VIEW {name}{listed} AS {query.stored_select(body)}", attributes.remember(name)]


def _mutable_calls(tree: exp.Expr) -> set[str]:
    names = {str(call.this).lower() for call in tree.find_all(exp.Anonymous)} & MUTABLE
    return names | ({"current_date"} if tree.find(exp.CurrentDate) else set())


def alter_materialized_view(reader: Reader) -> list[str]:
    """ALTER MATERIALIZED VIEW. The reader is after VIEW.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_MATERIALIZED_VIEW.html
    """
    name = reader.name()
    if reader.peek("OWNER"):
        raise RefusedByRedshift("ALTER MATERIALIZED VIEW changes no owner; use ALTER TABLE … OWNER TO")
    if reader.accept("ALTER"):
        return alter_attributes(name, reader, of_view=True)
    if reader.peek("ROW"):
        raise reader.unsupported("ALTER MATERIALIZED VIEW action")
    reader.expect("AUTO", "REFRESH")
    answer = reader.accept_any("YES", "NO")
    if answer is None:
        raise reader.error("expected YES or NO")
    reader.end()
    return [f"SELECT rs.alter_auto_refresh({quote_literal(name)}, {str(answer == 'YES').lower()})"]
