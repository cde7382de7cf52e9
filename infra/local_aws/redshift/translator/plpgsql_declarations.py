"""Translates DECLARE in a procedure's body: variables, constants and cursors."""

from __future__ import annotations

from . import query
from .datatypes import read_type
from .lexer import quote_name
from .reader import Reader


def translate_declarations(reader: Reader) -> str:
    """Translates the declarations up to BEGIN. The reader is after DECLARE."""
    section = "DECLARE\n"
    while not reader.peek("BEGIN"):
        with reader.locating_faults():
            section += f"  {_declaration(reader.until_semicolon())};\n"
    return section


def _declaration(reader: Reader) -> str:
    name = quote_name(reader.word())
    constant = " CONSTANT" if reader.accept("CONSTANT") else ""
    if reader.accept("ALIAS", "FOR"):
        return f"{name} ALIAS FOR {reader.name()}"
    if reader.accept("CURSOR"):
        arguments = ""
        if reader.peek("("):
            arguments = f" ({', '.join(_cursor_argument(part) for part in reader.parens().split(','))})"
        if not reader.accept_any("FOR", "IS"):
            raise reader.error("expected FOR")
        return f"{name} CURSOR{arguments} FOR {query.select(reader.rest())}"
    kind = _variable_type(reader)
    required = " NOT NULL" if reader.accept("NOT", "NULL") else ""
    value = ""
    if reader.accept_any("DEFAULT", ":=", "="):
        value = f" := {query.expression(reader.rest())}"
    else:
        reader.end()
    return f"{name}{constant} {kind}{required}{value}"


def _cursor_argument(reader: Reader) -> str:
    name = quote_name(reader.word())
    kind = read_type(reader, in_table=False)
    reader.end()
    return f"{name} {kind.postgres}"


def _variable_type(reader: Reader) -> str:
    """A data type, `table%ROWTYPE` or `column%TYPE`."""
    if any(token.text == "%" for token in reader.tokens[reader.at : reader.at + 6]):
        name = reader.name()
        reader.expect("%")
        suffix = reader.accept_any("ROWTYPE", "TYPE")
        if suffix is None:
            raise reader.error("expected TYPE or ROWTYPE")
        return f"{name}%{suffix}"
    return read_type(reader, in_table=False).postgres
