"""Bodies of stored procedures, statement by statement: translates each SQL statement and expression inside.

It refuses what Redshift's PL/pgSQL refuses: handlers that swallow an error, cursor loops inside cursor loops, loops
over dynamic EXECUTE. This module has blocks and control structures; `plpgsql_simple` has the other statements.
Source: https://docs.aws.amazon.com/redshift/latest/dg/c_pgplsql.html
"""

from __future__ import annotations

from collections.abc import Callable

from . import query
from .errors import RefusedByRedshift
from .lexer import quote_name
from .plpgsql_declarations import translate_declarations
from .plpgsql_scope import DYNAMIC, SWALLOWED, Scope, TranslateSql
from .plpgsql_simple import translate_simple
from .reader import Reader


def translate_body(body: str, translate: TranslateSql, nonatomic: bool = False) -> str:
    """Translates a procedure's body.

    Args:
        body: Its text.
        translate: Translates a SQL statement.
        nonatomic: Whether statements commit one by one.

    Raises:
        RefusedByRedshift, UnsupportedStatement: As for single statements, for anything inside.
    """
    reader = Reader(body)
    translation = _block(reader, Scope(translate, nonatomic))
    reader.accept(";")
    if not reader.done:
        raise reader.error("expected the end of the procedure")
    return translation


def _block(reader: Reader, scope: Scope) -> str:
    label = _label(reader)
    declarations = translate_declarations(reader) if reader.accept("DECLARE") else ""
    reader.expect("BEGIN")
    guarded = scope.but(in_protected=scope.in_protected or _has_handler(reader))
    body = _statements(reader, guarded, "EXCEPTION", "END")
    handler = ""
    if reader.accept("EXCEPTION"):
        handler = _handler(reader, guarded)
    reader.expect("END")
    if not reader.done and not reader.peek(";"):
        reader.word()
    return f"{label}{declarations}BEGIN\n{body}{handler}END;\n"


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
    start = reader.at
    body = _statements(reader, scope.but(in_handler=True), "WHEN", "END")
    if reader.peek("WHEN"):
        raise RefusedByRedshift("an exception block has one handler, WHEN OTHERS")
    semicolons = [i for i in range(start, reader.at) if reader.tokens[i].text == ";"]
    begin = semicolons[-2] + 1 if len(semicolons) > 1 else start
    words = [token.upper for token in reader.tokens[begin : begin + 2]]
    if words != ["RAISE", "EXCEPTION"] and words != ["RAISE", ";"]:
        raise RefusedByRedshift(SWALLOWED)
    return f"EXCEPTION WHEN OTHERS THEN\n{body}"


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
        translation += f"\nWHEN {_condition(reader, 'THEN')} THEN\n{_statements(reader, scope, 'WHEN', 'ELSE', 'END')}"
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
    if source.peek("EXECUTE"):
        raise RefusedByRedshift(DYNAMIC)
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
