"""CREATE, ALTER and DROP of everything but tables, and who may use it: schemas, views, roles, grants, comments."""

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
    """CREATE of anything but a table. The reader is behind CREATE; `translate` is for a procedure's statements."""
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
    raise UnsupportedStatement(f"the local Redshift does not know CREATE {word}")


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
    found = {str(call.this).lower() for call in tree.find_all(exp.Anonymous)} & MUTABLE
    return found | ({"current_date"} if tree.find(exp.CurrentDate) else set())


def _schema(reader: Reader) -> str:
    exists = "IF NOT EXISTS " if reader.accept("IF", "NOT", "EXISTS") else ""
    made = f"CREATE SCHEMA {exists}{quote_name(reader.word())}"
    if reader.accept("AUTHORIZATION"):
        made += f" AUTHORIZATION {quote_name(reader.word())}"
    if reader.accept("QUOTA") and not reader.accept("UNLIMITED"):
        reader.integer()
        reader.accept_any("MB", "GB", "TB")
    reader.end()
    return made


def _principal(reader: Reader, login: bool) -> list[str]:
    """Users, groups and roles are all PostgreSQL roles, in one name space."""
    if reader.accept("IF"):
        raise RefusedByRedshift("IF NOT EXISTS is not supported here")
    name = reader.word()
    made = f"CREATE ROLE {quote_name(name)} {'LOGIN' if login else 'NOLOGIN'}"
    members: list[str] = []
    reader.accept("WITH")
    if login:
        reader.expect("PASSWORD")
        if not reader.accept("DISABLE"):
            made += f" PASSWORD {quote_literal(reader.string())}"
        reader.accept_any("NOCREATEDB", "NOCREATEUSER")
    elif reader.accept("USER"):
        members = [part.word() for part in reader.split(",")]
    reader.end()
    return [made, *(f"GRANT {quote_name(name)} TO {quote_name(member)}" for member in members)]


def alter(reader: Reader) -> list[str]:
    """ALTER of anything but a table. The reader stands behind ALTER."""
    if reader.accept("MATERIALIZED", "VIEW"):
        reader.name()
        if reader.peek("OWNER"):
            raise RefusedByRedshift("ALTER MATERIALIZED VIEW changes no owner; use ALTER TABLE … OWNER TO")
        reader.expect("AUTO", "REFRESH")
        reader.accept_any("YES", "NO")
        return [_ended(reader, NOTHING)]
    if reader.accept("SCHEMA"):
        name = reader.name()
        action = "OWNER TO" if reader.accept("OWNER", "TO") else "RENAME TO"
        if action == "RENAME TO":
            reader.expect("RENAME", "TO")
        return [_ended(reader, f"ALTER SCHEMA {name} {action} {quote_name(reader.word())}")]
    if reader.accept("GROUP"):
        group = quote_name(reader.word())
        verb = "GRANT {} TO {}" if reader.accept("ADD", "USER") else "REVOKE {} FROM {}"
        if verb.startswith("REVOKE"):
            reader.expect("DROP", "USER")
        return [verb.format(group, quote_name(part.word())) for part in reader.split(",")]
    if reader.accept("DEFAULT", "PRIVILEGES"):
        return [_default_privileges(reader)]
    raise reader.unsupported("ALTER")


def _ended(reader: Reader, made: str) -> str:
    reader.end()
    return made


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
        raise UnsupportedStatement(f"the local Redshift does not know DROP {word}")
    exists = "IF EXISTS " if reader.accept("IF", "EXISTS") else ""
    names = [_dropped(reader, kind)]
    while reader.accept(","):
        names.append(_dropped(reader, kind))
    behaviour = reader.accept_any("CASCADE", "RESTRICT", "FORCE") or ""
    reader.end()
    pg_kind = "ROLE" if kind in ("USER", "GROUP", "ROLE") else kind
    if pg_kind == "ROLE":
        behaviour = ""
    made = f"DROP {pg_kind} {exists}{', '.join(names)} {behaviour}".rstrip()
    return [made, external.forget_schemas(name.strip('"') for name in names)] if kind == "SCHEMA" else [made]


def _dropped(reader: Reader, kind: str) -> str:
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
_WITHOUT_EQUAL = {"DROP", "ALTER"}  # privileges that PostgreSQL does not have: owners only
_SYSTEM_PERMISSIONS = {"ANALYZE", "VACUUM"}  # PostgreSQL has one for both; `refresh` takes back what it gives besides


def _privileges(reader: Reader) -> list[str]:
    found = []
    while True:
        word = reader.next().upper
        if word == "ALL":
            reader.accept("PRIVILEGES")
        if word in _PRIVILEGES:
            found.append(word)
        elif word not in _WITHOUT_EQUAL:
            raise RefusedByRedshift(f'privilege "{word.lower()}" is not known')
        if reader.peek("("):
            found[-1] += f" ({', '.join(map(quote_name, reader.names_in_parens()))})"
        if not reader.accept(","):
            return found


def _objects(reader: Reader) -> str:
    for plural in ("TABLES", "FUNCTIONS", "PROCEDURES"):
        if reader.accept("ALL", plural, "IN", "SCHEMA"):
            return f"ALL {plural} IN SCHEMA {_name_list(reader)}"
    kind = reader.accept_any("TABLE", "SCHEMA", "DATABASE", "PROCEDURE", "FUNCTION") or "TABLE"
    if kind not in ("PROCEDURE", "FUNCTION"):
        return f"{kind} {_name_list(reader)}"
    made = [reader.name() + _signature(reader)]
    while reader.accept(","):
        made.append(reader.name() + _signature(reader))
    return f"{kind} {', '.join(made)}"


def _name_list(reader: Reader) -> str:
    names = [reader.name()]
    while reader.accept(","):
        names.append(reader.name())
    return ", ".join(names)


def _grantees(reader: Reader) -> str:
    found = []
    while True:
        if reader.accept("PUBLIC"):
            found.append("PUBLIC")
        else:
            reader.accept_any("GROUP", "ROLE")
            found.append(quote_name(reader.word()))
        if not reader.accept(","):
            return ", ".join(found)


def _grant_or_revoke(reader: Reader, verb: str, preposition: str) -> list[str]:
    option = " GRANT OPTION FOR" if verb == "REVOKE" and reader.accept("GRANT", "OPTION", "FOR") else ""
    if reader.accept("ROLE"):
        roles = _name_list(reader)
        reader.expect(preposition)
        return [_ended_with_option(reader, f"{verb} {roles} {preposition} {_grantees(reader)}")]
    if reader.accept_any(*_SYSTEM_PERMISSIONS):
        reader.expect(preposition, "ROLE")  # to roles only
        return [_ended(reader, f"{verb} pg_maintain {preposition} {quote_name(reader.word())}")]
    privileges = _privileges(reader)
    reader.expect("ON")
    objects = _objects(reader)
    reader.expect(preposition)
    made = f"{verb}{option} {', '.join(privileges)} ON {objects} {preposition} {_grantees(reader)}"
    made = _ended_with_option(reader, made)
    return [made] if privileges else [NOTHING]


def _ended_with_option(reader: Reader, made: str) -> str:
    if reader.accept("WITH", "GRANT", "OPTION"):
        made += " WITH GRANT OPTION"
    reader.accept_any("CASCADE", "RESTRICT")
    return _ended(reader, made)


def grant(reader: Reader) -> list[str]:
    """GRANT privileges or roles to users, groups, roles or PUBLIC."""
    reader.expect("GRANT")
    return _grant_or_revoke(reader, "GRANT", "TO")


def revoke(reader: Reader) -> list[str]:
    """REVOKE privileges or roles."""
    reader.expect("REVOKE")
    return _grant_or_revoke(reader, "REVOKE", "FROM")


def _default_privileges(reader: Reader) -> str:
    made = "ALTER DEFAULT PRIVILEGES"
    if reader.accept("FOR", "USER"):
        made += f" FOR ROLE {quote_name(reader.word())}"
    if reader.accept("IN", "SCHEMA"):
        made += f" IN SCHEMA {_name_list(reader)}"
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
    return _ended_with_option(
        reader, f"{made} {verb} {', '.join(privileges)} ON {kind} {preposition} {_grantees(reader)}"
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
    """Redshift's materialized views are views to COMMENT, PostgreSQL's are not.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_COMMENT.html
    """
    is_materialized = f"(SELECT relkind FROM pg_class WHERE oid = {quote_literal(name)}::regclass) = 'm'"
    body = (
        f"BEGIN IF {is_materialized} THEN COMMENT ON MATERIALIZED VIEW {name} IS {text}; "
        f"ELSE COMMENT ON VIEW {name} IS {text}; END IF; END"
    )
    return f"DO {quote_literal(body)}"
