"""CREATE, ALTER and DROP of users, groups and roles.

All of them are roles of PostgreSQL, in one name space. What Redshift knows beyond that, and who may do it, is in
`database/logins.sql`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ..errors import RefusedByRedshift
from ..passwords import verifier_of
from .lexer import quote_literal, quote_name
from .reader import Reader
from .session import of_user

KINDS = ("USER", "GROUP", "ROLE")
_FLAGS: dict[str, tuple[str, bool]] = {
    "CREATEDB": ("createdb", True),
    "NOCREATEDB": ("createdb", False),
    "CREATEUSER": ("superuser", True),
    "NOCREATEUSER": ("superuser", False),
}
_UNLIMITED = -1
_TIMEOUTS = range(60, 1_728_001)


def create(reader: Reader, kind: str) -> list[str]:
    """CREATE USER, GROUP or ROLE. The reader is after the kind.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_USER.html, r_CREATE_GROUP.html, r_CREATE_ROLE.html
    """
    if reader.peek("IF"):
        raise RefusedByRedshift(f'syntax error at or near "IF": CREATE {kind} does not support IF NOT EXISTS')
    name = reader.word()
    if name == "public":
        raise RefusedByRedshift(f'{kind.lower()} name "public" is reserved')
    if kind == "USER":
        return _create_user(reader, name)
    statements = [f"SELECT rs.create_principal({quote_literal(name)}, '{kind.lower()}')"]
    if kind == "GROUP":
        reader.accept("WITH")
        statements += _join(name, reader) if reader.accept("USER") else []
    elif reader.accept("EXTERNALID"):
        raise reader.unsupported("clause")
    reader.end()
    return statements


def _create_user(reader: Reader, name: str) -> list[str]:
    reader.accept("WITH")
    options: dict[str, Any] = {}
    groups: list[str] = []
    while not reader.done:
        if reader.accept("IN", "GROUP"):
            groups += _names(reader)
        else:
            options |= _option(reader)
    if "verifier" not in options:
        raise reader.error("expected PASSWORD")
    joins = [f"GRANT {quote_name(group)} TO {quote_name(name)}" for group in groups]
    return [_call("create_user", name, options), *_required(groups, "group"), *joins]


def _option(reader: Reader) -> dict[str, Any]:
    """One option of CREATE USER or ALTER USER, as `database/logins.sql` takes it."""
    if flag := reader.accept_any(*_FLAGS):
        option, value = _FLAGS[flag]
        return {option: value}
    if reader.accept("PASSWORD"):
        return {"verifier": None if reader.accept("DISABLE") else verifier_of(reader.string())}
    if reader.accept("VALID", "UNTIL"):
        return {"valid_until": reader.string()}
    if reader.accept("CONNECTION", "LIMIT"):
        return {"connections": _UNLIMITED if reader.accept("UNLIMITED") else reader.integer()}
    if reader.accept("SYSLOG", "ACCESS"):
        access = reader.accept_any("RESTRICTED", "UNRESTRICTED")
        if access is None:
            raise reader.error("expected RESTRICTED or UNRESTRICTED")
        return {"syslog_access": access}
    if reader.accept("RESET", "SESSION", "TIMEOUT"):
        return {"session_timeout": None}
    if reader.accept("SESSION", "TIMEOUT"):
        return {"session_timeout": _timeout(reader.integer())}
    if reader.accept("EXTERNALID"):
        return {"external_id": reader.string() if reader.tokens[reader.at].kind == "string" else reader.word()}
    raise reader.error()


def _timeout(seconds: int) -> int:
    if seconds not in _TIMEOUTS:
        raise RefusedByRedshift("SESSION TIMEOUT must be between 60 and 1728000 seconds")
    return seconds


def alter(reader: Reader, kind: str) -> list[str]:
    """ALTER USER, GROUP or ROLE. The reader is after the kind.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_USER.html, r_ALTER_GROUP.html, r_ALTER-ROLE.html
    """
    name = reader.word()
    reader.accept("WITH")
    if reader.accept("RENAME", "TO"):
        new_name = reader.word()
        reader.end()
        values = ", ".join(map(quote_literal, (name, new_name, kind.lower())))
        return [f"SELECT rs.rename_principal({values})"]
    if kind == "USER":
        return _alter_user(reader, name)
    if kind == "GROUP" and reader.accept("ADD", "USER"):
        return [*_required([name], "group"), *_join(name, reader)]
    if kind == "GROUP" and reader.accept("DROP", "USER"):
        users = _names(reader)
        reader.end()
        leaves = [f"REVOKE {quote_name(name)} FROM {quote_name(user)}" for user in users]
        return [*_required([name], "group"), *_required(users, "user"), *leaves]
    raise reader.unsupported(f"ALTER {kind}")


def _alter_user(reader: Reader, name: str) -> list[str]:
    if (setting := of_user(reader, name)) is not None:
        return [*_required([name], "user"), *setting]
    options: dict[str, Any] = {}
    while not reader.done:
        options |= _option(reader)
        reader.accept(",")
    if not options:
        raise reader.error()
    return [_call("alter_user", name, options)]


def drop(reader: Reader, kind: str) -> list[str]:
    """DROP USER, GROUP or ROLE. The reader is after the kind.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_DROP_USER.html, r_DROP_GROUP.html, r_DROP_ROLE.html
    """
    exists = kind == "USER" and reader.accept("IF", "EXISTS")
    names = _names(reader) if kind == "USER" else [reader.word()]
    force = kind == "ROLE" and reader.accept_any("FORCE", "RESTRICT") == "FORCE"
    if not reader.done:
        raise reader.error()
    if kind == "USER":
        return [f"SELECT rs.drop_user({quote_literal(name)}, {str(exists).lower()})" for name in names]
    return [f"SELECT rs.drop_principal({quote_literal(names[0])}, '{kind.lower()}', {str(force).lower()})"]


def _join(group: str, reader: Reader) -> list[str]:
    users = _names(reader)
    reader.end()
    return [*_required(users, "user"), *(f"GRANT {quote_name(group)} TO {quote_name(user)}" for user in users)]


def _names(reader: Reader) -> list[str]:
    names = [reader.word()]
    while reader.accept(","):
        names.append(reader.word())
    return names


def _call(function: str, name: str, options: dict[str, Any]) -> str:
    return f"SELECT rs.{function}({quote_literal(name)}, {quote_literal(json.dumps(options))}::jsonb)"


def _required(names: Sequence[str], kind: str) -> list[str]:
    """The statement that fails unless all of these exist."""
    checks = [f"rs.require_principal({quote_literal(name)}, '{kind}')" for name in names]
    return [f"SELECT {', '.join(checks)}"] if checks else []
