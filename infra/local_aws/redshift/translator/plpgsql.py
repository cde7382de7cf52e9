"""Stored procedures: the header, and CALL. `plpgsql_body` translates the body.

Redshift's PL/pgSQL is that of PostgreSQL 8, with limits of its own. As in Redshift, CREATE OR REPLACE may change the
names of a procedure's arguments, which PostgreSQL alone would refuse.
Source: https://docs.aws.amazon.com/redshift/latest/dg/stored-procedure-create.html
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from ..errors import RefusedByRedshift, StatementError, UnsupportedStatement
from . import query, routines
from .datatypes import read_type
from .late_binding import bound_early
from .lexer import dollar_body, quote_literal, quote_name, string_value
from .plpgsql_body import translate_body
from .plpgsql_scope import TranslateSql
from .reader import Reader

_TAG = "$rs_body$"
_REPLACE_TAG = "$rs_replace$"


@dataclass(frozen=True, slots=True)
class _Argument:
    name: str
    mode: str
    kind: str

    @property
    def sql(self) -> str:
        return f"{self.mode} {quote_name(self.name) + ' ' if self.name else ''}{self.kind}"


def _argument(reader: Reader) -> _Argument:
    """`[name] [mode] type`; the mode may also come first."""
    mode = reader.accept_any("INOUT", "IN", "OUT")
    following = reader.tokens[reader.at + 1 : reader.at + 2]
    is_name = bool(following) and following[0].kind == "word" and following[0].upper not in _TYPE_TAILS
    name = reader.word() if is_name else ""
    mode = mode or reader.accept_any("INOUT", "IN", "OUT") or "IN"
    if reader.peek("DEFAULT") or reader.peek("="):
        raise RefusedByRedshift("arguments of procedures have no defaults")
    kind = read_type(reader)
    if reader.peek("DEFAULT") or reader.peek("=") or reader.peek(":="):
        raise RefusedByRedshift("arguments of procedures have no defaults")
    reader.end()
    return _Argument(name, mode, kind.postgres)


_TYPE_TAILS = ("PRECISION", "VARYING", "WITH", "WITHOUT")


@dataclass(slots=True)
class _Attributes:
    language: str = ""
    body: str = ""
    body_at: int = 0
    security: str = ""
    settings: str = ""
    nonatomic: bool = False
    volatility: str = ""
    returns: str = ""


def _attributes(reader: Reader) -> _Attributes:
    attributes = _Attributes()
    while not reader.done:
        if reader.accept("AS"):
            token = reader.next()
            attributes.body = dollar_body(token.text) if token.kind == "dollar" else string_value(token.text)
            attributes.body_at = token.start + (token.text.index("$", 1) + 1 if token.kind == "dollar" else 1)
        elif reader.accept("LANGUAGE"):
            attributes.language = reader.string() if reader.tokens[reader.at].kind == "string" else reader.word()
        elif reader.accept("SECURITY"):
            option = reader.accept_any("DEFINER", "INVOKER")
            if option is None:
                raise reader.error("expected DEFINER or INVOKER")
            attributes.security = f" SECURITY {option}"
        elif reader.accept("SET"):
            attributes.settings += _setting(reader)
        elif reader.accept("NONATOMIC"):
            attributes.nonatomic = True
        elif reader.peek("VOLATILE") or reader.peek("STABLE") or reader.peek("IMMUTABLE"):
            attributes.volatility = f" {reader.next().upper}"
        elif reader.accept("RETURNS"):
            attributes.returns = read_type(reader).postgres
        else:
            raise reader.unsupported("attribute of a procedure or function")
    return attributes


def _setting(reader: Reader) -> str:
    """`parameter {TO | =} value` of CREATE PROCEDURE … SET."""
    name = reader.word()
    if not reader.accept_any("TO", "="):
        raise reader.error("expected TO")
    values = [reader.next()]
    while reader.accept(","):
        values.append(reader.next())
    if name not in _SETTINGS:
        raise UnsupportedStatement(f"a procedure with SET {name} is not supported here")
    texts = [string_value(value.text) if value.kind == "string" else value.text.strip('"').lower() for value in values]
    return f" SET {name} TO {', '.join(map(quote_literal, texts))}"


_SETTINGS = ("search_path", "statement_timeout", "work_mem")


def create_routine(reader: Reader, replace: bool, translate: TranslateSql) -> list[str]:
    """CREATE [OR REPLACE] PROCEDURE or FUNCTION. The reader is at that word; `translate` is for the body."""
    is_procedure = reader.accept("PROCEDURE")
    if not is_procedure:
        reader.expect("FUNCTION")
    name = reader.name()
    if not is_procedure:
        _refuse_python(reader)
    arguments = [_argument(part) for part in reader.parens().split(",")]
    attributes = _attributes(reader)
    if not attributes.body:
        raise RefusedByRedshift("no function body specified")
    if is_procedure:
        # In Redshift, only the owner can call a procedure until EXECUTE is granted; PostgreSQL lets everyone call it.
        only_owner = f"REVOKE ALL ON PROCEDURE {name}({_kinds(arguments)}) FROM PUBLIC"
        with bound_early():
            return [_procedure(name, arguments, attributes, replace, translate), only_owner]
    return [_function(name, arguments, attributes, replace)]


def _refuse_python(reader: Reader) -> None:
    """Python functions ended on 2026-06-30; new ones were refused before.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/udf-creating-a-scalar-udf.html
    """
    words = [token.upper.strip("'") for token in reader.tokens[reader.at :]]
    if any(pair == ("LANGUAGE", "PLPYTHONU") for pair in pairwise(words)):
        raise RefusedByRedshift("Python user-defined functions are no longer supported; use SQL or a Lambda function")


def _kinds(arguments: list[_Argument]) -> str:
    """The arguments' modes and types, as DROP and GRANT name a procedure."""
    return ", ".join(f"{argument.mode} {argument.kind.split('(')[0]}" for argument in arguments)


def _procedure(
    name: str, arguments: list[_Argument], attributes: _Attributes, replace: bool, translate: TranslateSql
) -> str:
    if attributes.language.lower() != "plpgsql":
        raise RefusedByRedshift(f'procedures must be written in language plpgsql, not "{attributes.language}"')
    can_commit = attributes.security != " SECURITY DEFINER" and not attributes.settings
    if attributes.nonatomic and not can_commit:
        raise UnsupportedStatement("NONATOMIC with SECURITY DEFINER or SET is not supported here")
    try:
        marked = _mark_positions(attributes.body)
        body = _unmark_positions(translate_body(marked, translate, attributes.nonatomic, can_commit), len(arguments))
    except StatementError as error:
        error.offset += attributes.body_at
        raise
    head = f"PROCEDURE {name}({', '.join(argument.sql for argument in arguments)})"
    statement = f"CREATE {head} LANGUAGE plpgsql{attributes.security}{attributes.settings} AS {_TAG}{body}{_TAG}"
    if _TAG in body or _REPLACE_TAG in body:
        raise UnsupportedStatement(f"the body contains {_TAG}")
    if not replace:
        return statement
    in_place = statement.replace("CREATE", "CREATE OR REPLACE", 1)
    return (
        f"DO {_REPLACE_TAG} BEGIN {in_place}; EXCEPTION WHEN invalid_function_definition THEN "
        f"DROP PROCEDURE {name}({_kinds(arguments)}); {statement}; END {_REPLACE_TAG}"
    )


def _function(name: str, arguments: list[_Argument], attributes: _Attributes, replace: bool) -> str:
    """A scalar SQL function. Its arguments have no names, only `$1`, `$2`, …"""
    if attributes.language.lower() != "sql":
        raise UnsupportedStatement(f'user-defined functions in language "{attributes.language}" are not supported here')
    if any(argument.name for argument in arguments):
        raise RefusedByRedshift("arguments of SQL functions have no names; use $1, $2, …")
    if not attributes.volatility or not attributes.returns:
        raise RefusedByRedshift("a SQL function needs RETURNS and one of VOLATILE, STABLE, IMMUTABLE")
    marked = _mark_positions(attributes.body)
    words = [token.upper for token in Reader(marked).tokens]
    if not words or words[0] != "SELECT" or "FROM" in words:
        raise RefusedByRedshift("a SQL function must be one SELECT expression without FROM")
    with bound_early():
        body = _unmark_positions(query.select(marked), len(arguments))
    verb = "CREATE OR REPLACE" if replace else "CREATE"
    kinds = ", ".join(argument.kind for argument in arguments)
    expression = f"SELECT CAST(({body}) AS {attributes.returns})"
    return (
        f"{verb} FUNCTION {name}({kinds}) RETURNS {attributes.returns} LANGUAGE sql{attributes.volatility} AS "
        f"{_TAG}{expression}{_TAG}"
    )


def _unmark_positions(translation: str, count: int) -> str:
    for i in range(count, 0, -1):
        translation = translation.replace(quote_name(f"rs_argument_{i}"), f"${i}")
    return translation


def _mark_positions(body: str) -> str:
    """Replaces `$1` by a name that sqlglot can read."""
    marked = ""
    at = 0
    reader = Reader(body)
    for token, next_token in pairwise(reader.tokens):
        if token.text == "$" and next_token.kind == "number" and next_token.start == token.end:
            marked += body[at : token.start] + f"rs_argument_{next_token.text}"
            at = next_token.end
    return marked + body[at:]


def call(reader: Reader) -> list[str]:
    """CALL name(arguments). PostgreSQL, unlike Redshift, wants something in the place of each OUT argument."""
    reader.expect("CALL")
    parts = reader.parts()
    arguments = [query.expression(part.rest()) for part in reader.parens().split(",")]
    reader.end()
    for position in routines.out_positions(parts, len(arguments)):
        arguments.insert(position, "NULL")
    return [f"CALL {'.'.join(map(quote_name, parts))}({', '.join(arguments)})"]


_ALTERED = ("RENAME", "OWNER")


def alter_routine(reader: Reader, kind: str, signature: str) -> list[str]:
    """ALTER PROCEDURE or FUNCTION … RENAME TO | OWNER TO. The reader is after the signature.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_PROCEDURE.html
    """
    action = reader.accept_any(*_ALTERED)
    if action is None:
        raise reader.error("expected RENAME TO or OWNER TO")
    reader.expect("TO")
    name = quote_name(reader.word())
    reader.end()
    return [f"ALTER {kind} {signature} {action} TO {name}"]
