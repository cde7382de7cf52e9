"""CREATE, ALTER and DROP of everything except tables, and permissions: schemas, views, roles, grants, comments."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from . import external, query
from .datatypes import read_type
from .errors import RefusedByRedshift, UnsupportedStatement
from .function_names import MUTABLE
from .lexer import quote_literal, quote_name
from .maintenance import NOTHING
from .plpgsql import create_routine
from .plpgsql_scope import TranslateSql
from .reader import Reader
from .tables import table_attributes

_REFUSED_OBJECTS = {
    "INDEX": "SQL command \"CREATE INDEX\" not supported on Redshift tables; use sort keys",
    "UNIQUE": "indexes are not supported; use sort keys",
    "TYPE": "CREATE TYPE is not supported",
    "DOMAIN": "CREATE DOMAIN is not supported",
    "SEQUENCE": "sequences are not supported; use IDENTITY columns",
    "TRIGGER": "triggers are not supported",
    "EXTENSION": "extensions are not supported",
    "AGGREGATE": "user-defined aggregates are not supported",
    "OPERATOR": "user-defined operators are not supported",
    "RULE": "rules are not supported",
    "UNLOGGED": "unlogged tables are not supported",
    "CAST": "CREATE CAST is not supported",
    "COLLATION": "CREATE COLLATION is not supported",
}  # fmt: skip


def create(reader: Reader, translate: TranslateSql) -> list[str]:
    """CREATE of anything except a table. The reader is after CREATE; `translate` is for a procedure's statements."""
    replace = reader.accept("OR", "REPLACE")
    if reader.peek("PROCEDURE") or reader.peek("FUNCTION"):
        return create_routine(reader, replace, translate)
    if reader.accept("VIEW"):
        return [_view(reader, replace)]
    if reader.accept("MATERIALIZED", "VIEW"):
        if replace:
            raise RefusedByRedshift("CREATE OR REPLACE MATERIALIZED VIEW is not supported; drop it first")
        return [_materialized_view(reader)]
    if reader.accept("SCHEMA"):
        return [_schema(reader)]
    if reader.accept("EXTERNAL", "SCHEMA"):
        return external.create_schema(reader)
    if reader.accept_any("USER", "GROUP", "ROLE"):
        return _principal(reader, login=reader.tokens[reader.at - 1].upper == "USER")
    word = reader.next().upper
    if word in _REFUSED_OBJECTS:
        raise RefusedByRedshift(_REFUSED_OBJECTS[word])
    raise UnsupportedStatement(f"the local Redshift does not support CREATE {word}")


def _view(reader: Reader, replace: bool) -> str:
    if reader.peek("IF"):
        raise RefusedByRedshift("CREATE VIEW does not support IF NOT EXISTS")
    name = reader.name()
    columns = f" ({', '.join(map(quote_name, reader.names_in_parens()))})" if reader.peek("(") else ""
    reader.expect("AS")
    body = reader.rest()
    late = [t.upper for t in reader.tokens[-4:]] == ["WITH", "NO", "SCHEMA", "BINDING"]
    if late:
        body = reader.sql[reader.tokens[reader.at].start : reader.tokens[-5].end]
    return f"CREATE {'OR REPLACE ' if replace else ''}VIEW {name}{columns} AS {query.select(body)}"


def _materialized_view(reader: Reader) -> str:
    if reader.peek("IF"):
        raise RefusedByRedshift("CREATE MATERIALIZED VIEW does not support IF NOT EXISTS")
    name = reader.name()
    refreshes_itself = False
    while not reader.accept("AS"):
        at = reader.at
        if reader.accept("AUTO", "REFRESH"):
            refreshes_itself = reader.accept_any("YES", "NO") == "YES"
        table_attributes(reader)
        if reader.at == at:
            raise reader.error()
    body = reader.rest()
    tree = query.parse_statement(body)
    if tree.args.get("order") or tree.args.get("limit"):
        raise RefusedByRedshift("materialized views do not support ORDER BY, LIMIT or OFFSET")
    mutable = sorted(_mutable_calls(tree))
    if refreshes_itself and mutable:
        raise RefusedByRedshift(f"a materialized view with AUTO REFRESH cannot use the mutable function {mutable[0]}")
    return f"CREATE MATERIALIZED VIEW {name} AS {query.select(body)}"


def _mutable_calls(tree: exp.Expr) -> set[str]:
    names = {str(call.this).lower() for call in tree.find_all(exp.Anonymous)} & MUTABLE
    return names | ({"current_date"} if tree.find(exp.CurrentDate) else set())


def _schema(reader: Reader) -> str:
    exists = "IF NOT EXISTS " if reader.accept("IF", "NOT", "EXISTS") else ""
    statement = f"CREATE SCHEMA {exists}{quote_name(reader.word())}"
    if reader.accept("AUTHORIZATION"):
        statement += f" AUTHORIZATION {quote_name(reader.word())}"
    if reader.accept("QUOTA") and not reader.accept("UNLIMITED"):
        reader.integer()
        reader.accept_any("MB", "GB", "TB")
    reader.end()
    return statement


def _principal(reader: Reader, login: bool) -> list[str]:
    """Users, groups and roles all become PostgreSQL roles, in one name space."""
    if reader.accept("IF"):
        raise RefusedByRedshift("IF NOT EXISTS is not supported here")
    name = reader.word()
    statement = f"CREATE ROLE {quote_name(name)} {'LOGIN' if login else 'NOLOGIN'}"
    members: list[str] = []
    reader.accept("WITH")
    if login:
        reader.expect("PASSWORD")
        if not reader.accept("DISABLE"):
            statement += f" PASSWORD {quote_literal(reader.string())}"
        reader.accept_any("NOCREATEDB", "NOCREATEUSER")
    elif reader.accept("USER"):
        members = [part.word() for part in reader.split(",")]
    reader.end()
    return [statement, *(f"GRANT {quote_name(name)} TO {quote_name(member)}" for member in members)]


def alter(reader: Reader) -> list[str]:
    """ALTER of anything except a table. The reader is after ALTER."""
    if reader.accept("MATERIALIZED", "VIEW"):
        reader.name()
        if reader.peek("OWNER"):
            raise RefusedByRedshift("ALTER MATERIALIZED VIEW changes no owner; use ALTER TABLE … OWNER TO")
        reader.expect("AUTO", "REFRESH")
        reader.accept_any("YES", "NO")
        return [_finish(reader, NOTHING)]
    if reader.accept("SCHEMA"):
        name = reader.name()
        action = "OWNER TO" if reader.accept("OWNER", "TO") else "RENAME TO"
        if action == "RENAME TO":
            reader.expect("RENAME", "TO")
        return [_finish(reader, f"ALTER SCHEMA {name} {action} {quote_name(reader.word())}")]
    if reader.accept("GROUP"):
        group = quote_name(reader.word())
        verb = "GRANT {} TO {}" if reader.accept("ADD", "USER") else "REVOKE {} FROM {}"
        if verb.startswith("REVOKE"):
            reader.expect("DROP", "USER")
        return [verb.format(group, quote_name(part.word())) for part in reader.split(",")]
    if reader.accept("DEFAULT", "PRIVILEGES"):
        return [_default_privileges(reader)]
    raise reader.unsupported("ALTER")


def _finish(reader: Reader, statement: str) -> str:
    reader.end()
    return statement


_DROPPABLE = (
    "TABLE", "VIEW", "SCHEMA", "PROCEDURE", "FUNCTION", "USER", "GROUP", "ROLE",
)  # fmt: skip


def drop(reader: Reader) -> list[str]:
    """DROP."""
    reader.expect("DROP")
    kind = "MATERIALIZED VIEW" if reader.accept("MATERIALIZED", "VIEW") else reader.accept_any(*_DROPPABLE)
    if kind is None:
        word = reader.next().upper
        if word in _REFUSED_OBJECTS:
            raise RefusedByRedshift(_REFUSED_OBJECTS[word].replace("CREATE", "DROP"))
        raise UnsupportedStatement(f"the local Redshift does not support DROP {word}")
    exists = "IF EXISTS " if reader.accept("IF", "EXISTS") else ""
    names = [_dropped_object(reader, kind)]
    while reader.accept(","):
        names.append(_dropped_object(reader, kind))
    behaviour = reader.accept_any("CASCADE", "RESTRICT", "FORCE") or ""
    reader.end()
    pg_kind = "ROLE" if kind in ("USER", "GROUP", "ROLE") else kind
    if pg_kind == "ROLE":
        behaviour = ""
    statement = f"DROP {pg_kind} {exists}{', '.join(names)} {behaviour}".rstrip()
    return [statement, external.forget_schemas(name.strip('"') for name in names)] if kind == "SCHEMA" else [statement]


def _dropped_object(reader: Reader, kind: str) -> str:
    name = reader.name()
    if kind not in ("PROCEDURE", "FUNCTION"):
        return name
    if not reader.peek("("):
        if kind == "PROCEDURE":
            return name
        raise reader.error("expected the argument types")
    return name + _signature(reader)


def _signature(reader: Reader) -> str:
    """`([name] [mode] type, …)` as the types of the inputs."""
    kinds = []
    for part in reader.parens().split(","):
        if len(part.tokens) > 1 and part.tokens[1].kind == "word" and part.tokens[1].upper not in _TYPE_TAILS:
            part.word()
            part.accept_any("IN", "OUT", "INOUT")
        kinds.append(read_type(part).postgres.split("(")[0])
        part.end()
    return f"({', '.join(kinds)})"


_TYPE_TAILS = ("PRECISION", "VARYING", "WITH", "WITHOUT")

_PRIVILEGES = {
    "SELECT", "INSERT", "UPDATE", "DELETE", "REFERENCES", "TRUNCATE", "USAGE", "CREATE", "EXECUTE", "TEMP",
    "TEMPORARY", "ALL",
}  # fmt: skip
_WITHOUT_EQUAL = {"DROP", "ALTER"}  # PostgreSQL does not have these privileges: only the owner may do it
_SYSTEM_PERMISSIONS = {"ANALYZE", "VACUUM"}  # PostgreSQL has one for both, which also allows REFRESH: see `refresh`


def _privileges(reader: Reader) -> list[str]:
    privileges = []
    while True:
        word = reader.next().upper
        if word == "ALL":
            reader.accept("PRIVILEGES")
        if word in _PRIVILEGES:
            privileges.append(word)
        elif word not in _WITHOUT_EQUAL:
            raise RefusedByRedshift(f'privilege "{word.lower()}" is not known')
        if reader.peek("("):
            privileges[-1] += f" ({', '.join(map(quote_name, reader.names_in_parens()))})"
        if not reader.accept(","):
            return privileges


def _objects(reader: Reader) -> str:
    for plural in ("TABLES", "FUNCTIONS", "PROCEDURES"):
        if reader.accept("ALL", plural, "IN", "SCHEMA"):
            return f"ALL {plural} IN SCHEMA {_name_list(reader)}"
    kind = reader.accept_any("TABLE", "SCHEMA", "DATABASE", "PROCEDURE", "FUNCTION") or "TABLE"
    if kind not in ("PROCEDURE", "FUNCTION"):
        return f"{kind} {_name_list(reader)}"
    routines = [reader.name() + _signature(reader)]
    while reader.accept(","):
        routines.append(reader.name() + _signature(reader))
    return f"{kind} {', '.join(routines)}"


def _name_list(reader: Reader) -> str:
    names = [reader.name()]
    while reader.accept(","):
        names.append(reader.name())
    return ", ".join(names)


def _grantees(reader: Reader) -> str:
    grantees = []
    while True:
        if reader.accept("PUBLIC"):
            grantees.append("PUBLIC")
        else:
            reader.accept_any("GROUP", "ROLE")
            grantees.append(quote_name(reader.word()))
        if not reader.accept(","):
            return ", ".join(grantees)


def _grant_or_revoke(reader: Reader, verb: str, preposition: str) -> list[str]:
    option = " GRANT OPTION FOR" if verb == "REVOKE" and reader.accept("GRANT", "OPTION", "FOR") else ""
    if reader.accept("ROLE"):
        roles = _name_list(reader)
        reader.expect(preposition)
        return [_finish_with_option(reader, f"{verb} {roles} {preposition} {_grantees(reader)}")]
    if reader.accept_any(*_SYSTEM_PERMISSIONS):
        reader.expect(preposition, "ROLE")  # to roles only
        return [_finish(reader, f"{verb} pg_maintain {preposition} {quote_name(reader.word())}")]
    privileges = _privileges(reader)
    reader.expect("ON")
    objects = _objects(reader)
    reader.expect(preposition)
    statement = f"{verb}{option} {', '.join(privileges)} ON {objects} {preposition} {_grantees(reader)}"
    statement = _finish_with_option(reader, statement)
    return [statement] if privileges else [NOTHING]


def _finish_with_option(reader: Reader, statement: str) -> str:
    if reader.accept("WITH", "GRANT", "OPTION"):
        statement += " WITH GRANT OPTION"
    reader.accept_any("CASCADE", "RESTRICT")
    return _finish(reader, statement)


def grant(reader: Reader) -> list[str]:
    """GRANT privileges or roles to users, groups, roles or PUBLIC."""
    reader.expect("GRANT")
    return _grant_or_revoke(reader, "GRANT", "TO")


def revoke(reader: Reader) -> list[str]:
    """REVOKE privileges or roles."""
    reader.expect("REVOKE")
    return _grant_or_revoke(reader, "REVOKE", "FROM")


def _default_privileges(reader: Reader) -> str:
    prefix = "ALTER DEFAULT PRIVILEGES"
    if reader.accept("FOR", "USER"):
        prefix += f" FOR ROLE {quote_name(reader.word())}"
    if reader.accept("IN", "SCHEMA"):
        prefix += f" IN SCHEMA {_name_list(reader)}"
    verb = reader.accept_any("GRANT", "REVOKE")
    if verb is None:
        raise reader.error("expected GRANT or REVOKE")
    privileges = _privileges(reader)
    reader.expect("ON")
    kind = reader.accept_any("TABLES", "FUNCTIONS", "PROCEDURES", "SCHEMAS")
    preposition = "TO" if verb == "GRANT" else "FROM"
    if kind is None:
        raise reader.error("expected TABLES, FUNCTIONS or PROCEDURES")
    reader.expect(preposition)
    kind = "ROUTINES" if kind == "PROCEDURES" else kind
    return _finish_with_option(
        reader, f"{prefix} {verb} {', '.join(privileges)} ON {kind} {preposition} {_grantees(reader)}"
    )


_COMMENTED: dict[str, Callable[[Reader], str]] = {
    "TABLE": Reader.name, "COLUMN": Reader.name, "VIEW": Reader.name, "SCHEMA": Reader.name,
    "DATABASE": Reader.name, "PROCEDURE": lambda reader: reader.name() + _signature(reader),
    "FUNCTION": lambda reader: reader.name() + _signature(reader),
}  # fmt: skip


def comment(reader: Reader) -> list[str]:
    """COMMENT ON object IS 'text' | NULL."""
    reader.expect("COMMENT", "ON")
    kind = reader.accept_any(*_COMMENTED)
    if kind is None:
        raise reader.unsupported("COMMENT")
    name = _COMMENTED[kind](reader)
    reader.expect("IS")
    text = "NULL" if reader.accept("NULL") else quote_literal(reader.string())
    reader.end()
    return [_comment_on_view(name, text) if kind == "VIEW" else f"COMMENT ON {kind} {name} IS {text}"]


def _comment_on_view(name: str, text: str) -> str:
    """Handles COMMENT on a view: it includes materialized views in Redshift, but not in PostgreSQL.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_COMMENT.html
    """
    is_materialized = f"(SELECT relkind FROM pg_class WHERE oid = {quote_literal(name)}::regclass) = 'm'"
    body = (
        f"BEGIN IF {is_materialized} THEN COMMENT ON MATERIALIZED VIEW {name} IS {text}; "
        f"ELSE COMMENT ON VIEW {name} IS {text}; END IF; END"
    )
    return f"DO {quote_literal(body)}"
