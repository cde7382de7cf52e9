"""CREATE, ALTER and DROP SCHEMA, and databases.

A schema's quota is remembered for `svv_schema_quota_state`; nothing exceeds it here.
Source: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_SCHEMA.html
"""

from __future__ import annotations

from decimal import Decimal

from ..errors import RefusedByRedshift, UnsupportedStatement
from .external_schemas import forget_schemas
from .lexer import quote_literal, quote_name
from .reader import Reader

_MEGABYTES = {"MB": 1, "GB": 1024, "TB": 1024 * 1024}


def schema_name(reader: Reader) -> tuple[str, list[str]]:
    """Reads `[database.]schema`.

    Returns:
        The schema's name, and the statements that check the database.
    """
    parts = reader.parts()
    if len(parts) > 2:
        raise reader.error("a schema's name has at most a database before it")
    checks = [f"SELECT rs.require_database({quote_literal(parts[0])})"] if len(parts) == 2 else []
    return parts[-1], checks


def create_schema(reader: Reader) -> list[str]:
    """CREATE SCHEMA. The reader is after SCHEMA."""
    exists = reader.accept("IF", "NOT", "EXISTS")
    owner = ""
    checks: list[str] = []
    if reader.peek("AUTHORIZATION"):  # the schema gets its owner's name
        name = ""
    else:
        name, checks = schema_name(reader)
    if reader.accept("AUTHORIZATION"):
        owner = reader.word()
    quota = _quota(reader) if reader.accept("QUOTA") else None
    if reader.peek("CREATE") or reader.peek("GRANT"):
        raise reader.unsupported("element of CREATE SCHEMA; create it in a statement of its own")
    reader.end()
    statement = f"CREATE SCHEMA {'IF NOT EXISTS ' if exists else ''}{quote_name(name or owner)}"
    if owner:
        statement += f" AUTHORIZATION {quote_name(owner)}"
    return [*checks, statement, *([_set_quota(name or owner, quota)] if quota is not None else [])]


def _quota(reader: Reader) -> str:
    """`n [MB | GB | TB]` or `UNLIMITED`, in megabytes; gigabytes is the default unit. -1 is unlimited."""
    if reader.accept("UNLIMITED"):
        return "-1"
    token = reader.next()
    if token.kind != "number":
        reader.at -= 1
        raise reader.error("expected a quota")
    unit = reader.accept_any(*_MEGABYTES) or "GB"
    return str(Decimal(token.text) * _MEGABYTES[unit])


def _set_quota(name: str, megabytes: str) -> str:
    return f"SELECT rs.set_quota({quote_literal(name)}, {megabytes})"


def alter_schema(reader: Reader) -> list[str]:
    """ALTER SCHEMA. The reader is after SCHEMA.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_SCHEMA.html
    """
    name, checks = schema_name(reader)
    if reader.accept("QUOTA"):
        statement = _set_quota(name, _quota(reader))
    elif reader.accept("OWNER", "TO"):
        statement = f"ALTER SCHEMA {quote_name(name)} OWNER TO {quote_name(reader.word())}"
    else:
        reader.expect("RENAME", "TO")
        statement = f"ALTER SCHEMA {quote_name(name)} RENAME TO {quote_name(reader.word())}"
    reader.end()
    return [*checks, statement]


def drop_schema(reader: Reader, exists: str) -> list[str]:
    """DROP SCHEMA. The reader is after IF EXISTS, which is in `exists`.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_DROP_SCHEMA.html
    """
    checks: list[str] = []
    names: list[str] = []
    while not names or reader.accept(","):
        name, check = schema_name(reader)
        checks += check
        names.append(name)
    if reader.accept("DROP", "EXTERNAL", "DATABASE"):
        raise UnsupportedStatement("DROP EXTERNAL DATABASE is not supported here; delete it in the Glue catalog")
    behaviour = reader.accept_any("CASCADE", "RESTRICT") or ""
    reader.end()
    statement = f"DROP SCHEMA {exists}{', '.join(map(quote_name, names))} {behaviour}".rstrip()
    return [*checks, statement, forget_schemas(names)]


def create_database(reader: Reader) -> list[str]:
    """CREATE DATABASE. There is one database here, and no datashare or integration to make another from.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_DATABASE.html
    """
    reader.word()
    while not reader.done:
        if reader.accept("FROM", "INTEGRATION"):
            raise RefusedByRedshift(f'integration "{reader.string()}" does not exist')
        if reader.accept("FROM", "DATASHARE"):
            raise RefusedByRedshift(f'datashare "{reader.word()}" does not exist')
        if reader.accept("FROM", "ARN"):
            raise RefusedByRedshift(f'datashare "{reader.string()}" does not exist')
        reader.next()
    raise UnsupportedStatement("the local Redshift has one database, and CREATE DATABASE is not supported here")
