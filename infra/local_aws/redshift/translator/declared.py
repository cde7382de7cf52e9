"""The tables that a procedure's body creates: its later statements name them, before they exist in the database."""

from __future__ import annotations

from . import query
from .datatypes import read_type
from .reader import Reader
from .relations import Columns, columns_of, declare, is_declaring
from .scopes import UNKNOWN, Names


def note_created_table(sql: str) -> None:
    """Remembers the columns of a CREATE TABLE inside a procedure's body. Ignores any other statement."""
    reader = Reader(sql)
    if not is_declaring() or not reader.accept("CREATE"):
        return
    reader.accept("LOCAL")
    reader.accept_any("TEMPORARY", "TEMP")
    if not reader.accept("TABLE"):
        return
    reader.accept("IF", "NOT", "EXISTS")
    name = reader.parts()[-1]
    body = reader.parens() if reader.peek("(") else None
    reader.until("AS")
    columns = _selected(reader, body) if reader.accept("AS") else _defined(body) if body else None
    if columns is not None:
        declare(name, columns)


def _selected(reader: Reader, names: Reader | None) -> Columns | None:
    columns = Names().output(query.parse_statement(reader.rest()))
    if columns is None or names is None:
        return columns
    return Columns(zip((part.word() for part in names.split(",")), columns.values(), strict=False))


def _defined(body: Reader) -> Columns | None:
    columns = Columns()
    for part in body.split(","):
        if part.accept("LIKE"):
            *schema, table = part.parts()
            copied = columns_of(schema[-1] if schema else None, table)
            if copied is None:
                return None
            columns |= copied
        elif not any(part.peek(word) for word in ("PRIMARY", "UNIQUE", "FOREIGN", "CONSTRAINT")):
            column = part.word()
            columns[column] = read_type(part).postgres if not part.done else UNKNOWN
    return columns
