"""Bodies of stored procedures, statement by statement: translates each SQL statement and expression inside.

It refuses what Redshift's PL/pgSQL refuses, such as cursor loops inside cursor loops. This module has blocks and
control structures; `plpgsql_simple` has the other statements, `plpgsql_handlers` what happens after an error.
Source: https://docs.aws.amazon.com/redshift/latest/dg/c_pgplsql.html
"""

from __future__ import annotations

from collections.abc import Callable

from ..errors import RefusedByRedshift
from . import plpgsql_handlers, query
from .lexer import quote_name
from .plpgsql_declarations import translate_declarations
from .plpgsql_scope import Scope, TranslateSql
from .plpgsql_simple import dynamic_text, translate_simple
from .reader import Reader


def translate_body(body: str, translate: TranslateSql, nonatomic: bool = False, can_commit: bool = True) -> str:
    """Translates a procedure's body.

    Args:
        body: Its text.
        translate: Translates a SQL statement.
        nonatomic: Whether statements commit one by one.
        can_commit: Whether PostgreSQL lets the procedure commit.

    Raises:
        RefusedByRedshift, UnsupportedStatement: As for single statements, for anything inside.
    """
    reader = Reader(body)
    translation = _block(reader, Scope(translate, nonatomic, can_commit))
    reader.accept(";")
    if not reader.done:
        raise reader.error("expected the end of the procedure")
    return translation


def _block(reader: Reader, scope: Scope) -> str:
    label = _label(reader)
    declarations = translate_declarations(reader) if reader.accept("DECLARE") else ""
    reader.expect("BEGIN")
    if _has_handler(reader):
        number = reader.at  # no other block begins at this token
        declarations = (declarations or "DECLARE\n") + plpgsql_handlers.variables(number)
        body = _protected(reader, scope, number)
    else:
        body = _statements(reader, scope, "END")
    reader.expect("END")
    if not reader.done and not reader.peek(";"):
        reader.word()
    return f"{label}{declarations}BEGIN\n{body}END;\n"


def _protected(reader: Reader, scope: Scope, number: int) -> str:
    """The statements of a block with a handler, and the handler."""
    by_statement = scope.nonatomic and not scope.in_protected
    inside = scope.but(guarded_by=number) if by_statement else scope.but(in_protected=True)
    body = _statements(reader, inside, "EXCEPTION", "END")
    reader.expect("EXCEPTION")
    written: list[str] = []

    def noting(sql: str) -> list[str]:
        written.append(sql)
        return scope.translate(sql)

    start = reader.at
    handler = _handler(reader, scope.but(handler=number, translate=noting))
    is_dynamic = any(token.upper == "EXECUTE" for token in reader.tokens[start : reader.at])
    return plpgsql_handlers.protect(body, handler, number, scope, writes=bool(written) or is_dynamic)


def _has_handler(reader: Reader) -> bool:
    """Whether the block that just began has its own EXCEPTION part."""
    depth = 1
    at = reader.at
    tokens = reader.tokens
    while at < len(tokens) and depth:
        word = tokens[at].upper
        previous = tokens[at - 1].upper
        if word in ("BEGIN", "CASE", "IF", "LOOP") and previous != "END":
            is_clause = word == "IF" and previous in ("TABLE", "VIEW", "SCHEMA", "PROCEDURE")  # DROP TABLE IF EXISTS
            depth += not is_clause
        elif word == "END":
            depth -= 1
        elif word == "EXCEPTION" and depth == 1 and previous != "RAISE":
            return True
        at += 1
    return False


def _label(reader: Reader) -> str:
    if not reader.accept("<<"):
        return ""
    name = reader.word()
    reader.expect(">>")
    return f"<<{quote_name(name)}>>\n"


def _statements(reader: Reader, scope: Scope, *stops: str) -> str:
    translation = ""
    while not any(reader.peek(stop) for stop in stops):
        if reader.done:
            raise reader.error(f"expected {stops[-1]}")
        with reader.locating_faults():
            translation += _statement(reader, scope)
    return translation


def _handler(reader: Reader, scope: Scope) -> str:
    reader.expect("WHEN")
    condition = reader.word()
    if condition != "others":
        raise RefusedByRedshift(f'unrecognized exception condition "{condition}": only OTHERS is supported')
    reader.expect("THEN")
    body = _statements(reader, scope, "WHEN", "END")
    if reader.peek("WHEN"):
        raise RefusedByRedshift("an exception block has one handler, WHEN OTHERS")
    return body


def _statement(reader: Reader, scope: Scope) -> str:
    for words, translate in _COMPOUND.items():
        if reader.peek(*words):
            return translate(reader, scope)
    if reader.peek("END"):
        raise reader.error()
    return translate_simple(reader.until_semicolon(), scope)


def _if(reader: Reader, scope: Scope) -> str:
    reader.expect("IF")
    translation = (
        f"IF {_condition(reader, 'THEN')} THEN\n{_statements(reader, scope, 'ELSIF', 'ELSEIF', 'ELSE', 'END')}"
    )
    while reader.accept("ELSIF") or reader.accept("ELSEIF"):
        body = _condition(reader, "THEN"), _statements(reader, scope, "ELSIF", "ELSEIF", "ELSE", "END")
        translation += f"ELSIF {body[0]} THEN\n{body[1]}"
    if reader.accept("ELSE"):
        translation += f"ELSE\n{_statements(reader, scope, 'END')}"
    reader.expect("END", "IF", ";")
    return translation + "END IF;\n"


def _condition(reader: Reader, stop: str) -> str:
    text = reader.until(stop).rest()
    reader.expect(stop)
    return query.expression(text)


def _case(reader: Reader, scope: Scope) -> str:
    reader.expect("CASE")
    translation = "CASE" if reader.peek("WHEN") else f"CASE {query.expression(reader.until('WHEN').rest())}"
    while reader.accept("WHEN"):
        values = reader.until("THEN").split(",")
        reader.expect("THEN")
        listed = ", ".join(query.expression(value.rest()) for value in values)
        translation += f"\nWHEN {listed} THEN\n{_statements(reader, scope, 'WHEN', 'ELSE', 'END')}"
    if reader.accept("ELSE"):
        translation += f"ELSE\n{_statements(reader, scope, 'END')}"
    reader.expect("END", "CASE", ";")
    return translation + "END CASE;\n"


def _loop(reader: Reader, scope: Scope) -> str:
    reader.expect("LOOP")
    body = _statements(reader, scope, "END")
    reader.expect("END", "LOOP")
    if not reader.peek(";"):
        reader.word()
    reader.expect(";")
    return f"LOOP\n{body}END LOOP;\n"


def _while(reader: Reader, scope: Scope) -> str:
    reader.expect("WHILE")
    condition = query.expression(reader.until("LOOP").rest())
    return f"WHILE {condition} {_loop(reader, scope)}"


def _for(reader: Reader, scope: Scope) -> str:
    reader.expect("FOR")
    variables = [reader.name()]
    while reader.accept(","):
        variables.append(reader.name())
    reader.expect("IN")
    head = f"FOR {', '.join(variables)} IN"
    reverse = " REVERSE" if reader.accept("REVERSE") else ""
    source = reader.until("LOOP")
    if source.accept("EXECUTE"):
        return f"{head} EXECUTE {dynamic_text(source.rest())} {_loop(reader, scope.but(in_cursor=True))}"
    if not source.peek("SELECT") and not source.peek("WITH") and not source.peek("("):
        return f"{head}{reverse} {_range(source)} {_loop(reader, scope)}"
    if scope.in_cursor:
        raise RefusedByRedshift("only one cursor can be open at a time: a loop over a query cannot hold another one")
    return f"{head} {query.select(source.rest())} {_loop(reader, scope.but(in_cursor=True))}"


def _range(source: Reader) -> str:
    low = source.until("..").rest()
    separator = source.accept("..")
    high = source.until("BY").rest()
    if not separator:
        raise source.error("expected ..")
    bounds = f"{query.expression(low)} .. {query.expression(high)}"
    if source.accept("BY"):
        bounds += f" BY {query.expression(source.rest())}"
    return bounds


def _nested(reader: Reader, scope: Scope) -> str:
    block = _block(reader, scope)
    reader.expect(";")
    return block


def _labelled(reader: Reader, scope: Scope) -> str:
    if reader.tokens[reader.at + 3].upper in ("BEGIN", "DECLARE"):
        return _nested(reader, scope)
    return _label(reader) + _statement(reader, scope)


_Translator = Callable[[Reader, Scope], str]
_COMPOUND: dict[tuple[str, ...], _Translator] = {
    ("IF",): _if,
    ("CASE",): _case,
    ("LOOP",): _loop,
    ("WHILE",): _while,
    ("FOR",): _for,
    ("BEGIN",): _nested,
    ("DECLARE",): _nested,
    ("<<",): _labelled,
}
