"""SET, RESET and SHOW of a session's parameters and user.

Source: https://docs.aws.amazon.com/redshift/latest/dg/r_SET.html, r_RESET.html, r_SHOW.html and
r_SET_SESSION_AUTHORIZATION.html in the same guide.
"""

from __future__ import annotations

import re

from ..errors import RefusedByRedshift, UnsupportedStatement
from .lexer import quote_literal, quote_name
from .parameters import DEFAULTS, FIXED, OWN, POSTGRES, PREFIX, SHOWN, is_default
from .reader import Reader

_ISOLATION = re.compile(r"serializable|snapshot|repeatable\s+read|read\s+(?:un)?committed", re.IGNORECASE)
_MODES = re.compile(
    rf"(?:(?:isolation\s+level\s+(?:{_ISOLATION.pattern})|read\s+(?:only|write))(?:\s*,\s*|\s*$|\s+))+", re.IGNORECASE
)
_LISTS = frozenset({"databases", "schemas", "tables", "columns", "grants", "procedures", "functions", "datashares"})
_ENCODINGS = frozenset({"utf8", "utf-8", "unicode"})
_VARIABLE = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)+")
_STYLES = frozenset({"iso", "mdy", "dmy", "ymd"})


def set_parameter(reader: Reader) -> list[str]:
    """SET [SESSION | LOCAL] name {TO | =} {value | DEFAULT}, and the user and transactions of the session."""
    reader.expect("SET")
    if reader.peek("TRANSACTION") or reader.peek("SESSION", "CHARACTERISTICS", "AS", "TRANSACTION"):
        return [_of_transactions(reader)]
    scope = reader.accept_any("SESSION", "LOCAL") if not reader.peek("SESSION", "AUTHORIZATION") else None
    local = "LOCAL " if scope == "LOCAL" else ""
    if reader.accept("SESSION", "AUTHORIZATION"):
        return [_finish(reader, f"SET {local}SESSION AUTHORIZATION {_user(reader)}")]
    if reader.accept("TIME", "ZONE"):
        return [_finish(reader, f"SET {local}timezone TO {_zone(reader)}")]
    if reader.accept("NAMES"):
        return _set(reader, "client_encoding", local)
    if reader.accept("SEED"):
        reader.accept_any("TO", "=")
        return [_finish(reader, f"SET SEED TO {_number(reader)}")]
    name = _name(reader)
    if not reader.accept_any("TO", "="):
        raise reader.error("expected TO")
    return _set(reader, name, local)


def _set(reader: Reader, name: str, local: str) -> list[str]:
    if name == "session_authorization":
        return [_finish(reader, f"SET {local}SESSION AUTHORIZATION {_user(reader)}")]
    if reader.accept("DEFAULT"):
        return [_finish(reader, f"SET {local}{stored(name)} TO DEFAULT")]
    if name == "search_path":
        schemas = [_schema(part) for part in reader.split(",")]
        if not schemas:
            raise reader.error()
        return [f"SET {local}search_path TO {', '.join(schemas)}"]
    value = _value(reader)
    if name in POSTGRES:
        return [f"SET {local}{name} TO {_known_value(name, value)}"]
    if name in FIXED and not is_default(name, value):
        raise UnsupportedStatement(f"the local Redshift does not support SET {name} TO {value}")
    return [f"SET {local}{stored(name)} TO {quote_literal(value)}"]


def _name(reader: Reader) -> str:
    return ".".join(reader.parts())


def stored(name: str) -> str:
    """The setting of PostgreSQL that keeps a parameter. Its name is safe in a statement.

    Raises:
        RefusedByRedshift: Redshift has no such parameter. Variables of the caller's own have a dot in their name.
    """
    if name in POSTGRES:
        return name
    if name in DEFAULTS:
        return f"{PREFIX}{name}"
    if not _VARIABLE.fullmatch(name) or name.startswith(OWN):
        raise RefusedByRedshift(f'unrecognized configuration parameter "{name}"')
    return name


def _value(reader: Reader) -> str:
    """A string, a number or bare words. Lists, as in `ISO, MDY`, are one value."""
    parts = []
    for part in reader.split(","):
        is_string = bool(part.tokens) and part.tokens[0].kind == "string"
        parts.append(part.string() if is_string else part.rest().strip('"'))
        if is_string and not part.done:
            raise part.error()
    if not parts:
        raise reader.error()
    return ", ".join(parts)


def _known_value(name: str, value: str) -> str:
    """A value of a parameter that PostgreSQL has."""
    if name == "client_encoding":
        if value.lower() not in _ENCODINGS:
            raise RefusedByRedshift(f"client_encoding must be UTF8, not {value}")
        return "'UTF8'"
    if name == "datestyle" and not {part.strip().lower() for part in value.split(",")} <= _STYLES:
        raise UnsupportedStatement(f"the local Redshift does not support SET datestyle TO {value}")
    return quote_literal(value)


def _schema(part: Reader) -> str:
    if part.accept("$", "USER"):
        name = "$user"
    else:
        name = part.string() if part.tokens and part.tokens[0].kind == "string" else part.word()
    part.end()
    return quote_literal(name.lower())


def _user(reader: Reader) -> str:
    if reader.accept("DEFAULT"):
        return "DEFAULT"
    is_string = not reader.done and reader.tokens[reader.at].kind == "string"
    return quote_name(reader.string() if is_string else reader.word())


def _zone(reader: Reader) -> str:
    if reader.accept_any("LOCAL", "DEFAULT"):
        return "DEFAULT"
    return quote_literal(_value(reader))


def _number(reader: Reader) -> str:
    token = reader.next()
    if token.kind != "number":
        raise reader.error("expected a number")
    return token.text


def with_isolation(text: str) -> str:
    """The text with REPEATABLE READ for any isolation level: Redshift has one, which is at least that strict.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_BEGIN.html
    """
    return _ISOLATION.sub("REPEATABLE READ", text)


def _of_transactions(reader: Reader) -> str:
    """SET TRANSACTION and SET SESSION CHARACTERISTICS: isolation levels, READ ONLY or READ WRITE."""
    is_session = reader.accept("SESSION", "CHARACTERISTICS", "AS")
    reader.expect("TRANSACTION")
    modes = reader.rest()
    if not _MODES.fullmatch(modes):
        raise reader.error()
    return f"SET {'SESSION CHARACTERISTICS AS ' if is_session else ''}TRANSACTION {with_isolation(modes)}"


def reset(reader: Reader) -> list[str]:
    """RESET {name | ALL | SESSION AUTHORIZATION | TIME ZONE}. RESET ALL leaves the session's user as it is."""
    reader.expect("RESET")
    if reader.accept("ALL"):
        return [_finish(reader, "RESET ALL")]
    if reader.accept("SESSION", "AUTHORIZATION"):
        return [_finish(reader, "RESET SESSION AUTHORIZATION")]
    if reader.accept("TIME", "ZONE"):
        return [_finish(reader, "RESET timezone")]
    name = _name(reader)
    if name == "session_authorization":
        return [_finish(reader, "RESET SESSION AUTHORIZATION")]
    return [_finish(reader, f"RESET {stored(name)}")]


def show(reader: Reader) -> list[str]:
    """SHOW {name | ALL} of parameters."""
    reader.expect("SHOW")
    if reader.accept("ALL"):
        names = sorted(POSTGRES | DEFAULTS.keys())
        rows = ", ".join(f"({quote_literal(name)}, {setting(name)})" for name in names)
        return [_finish(reader, f"SELECT * FROM (VALUES {rows}) AS parameters (name, setting)")]
    if reader.accept("TIME", "ZONE"):
        return [_finish(reader, f"SELECT {setting('timezone')} AS timezone")]
    name = _name(reader)
    if not reader.done or name in _LISTS:
        raise UnsupportedStatement(f"the local Redshift does not support {reader.sql.strip()[:80]}")
    if name in SHOWN:
        value = f"{quote_literal(SHOWN[name])}::varchar" if SHOWN[name] else f"current_setting('{name}')"
        return [f"SELECT {value} AS {name}"]
    return [f"SELECT {setting(name)} AS {quote_name(name)}"]


def setting(name: str) -> str:
    """The expression for a parameter's value.

    Raises:
        RefusedByRedshift: there is no such parameter.
    """
    if name in POSTGRES:
        return f"current_setting('{name}')"
    stored(name)
    if name not in DEFAULTS:
        return f"current_setting({quote_literal(name)})"
    return f"coalesce(nullif(current_setting('{PREFIX}{name}', true), ''), {quote_literal(DEFAULTS[name])})"


def of_user(reader: Reader, user: str) -> list[str] | None:
    """SET or RESET of a parameter in ALTER USER, for the user's later sessions; None if something else comes next."""
    role = quote_name(user)
    if reader.peek("RESET", "SESSION"):
        return None
    if reader.accept("RESET"):
        name = _name(reader)
        return [_finish(reader, f"ALTER ROLE {role} RESET {stored(name)}")]
    if not reader.accept("SET"):
        return None
    name = _name(reader)
    if not reader.accept_any("TO", "="):
        raise reader.error("expected TO")
    (statement,) = _set(reader, name, "")
    return [f"ALTER ROLE {role} {statement}"]


def _finish(reader: Reader, statement: str) -> str:
    reader.end()
    return statement
