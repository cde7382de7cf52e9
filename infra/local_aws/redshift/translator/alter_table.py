"""ALTER TABLE, and the forms of it that ALTER MATERIALIZED VIEW shares.

Source: https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html
"""

from __future__ import annotations

import json

from ..errors import RefusedByRedshift, UnsupportedStatement
from .datatypes import read_type
from .lexer import quote_literal, quote_name
from .reader import Reader
from .table_attributes import read_encoding, read_sort_columns
from .table_elements import Table, read_column, read_constraint, with_not_null

_OF_EXTERNAL_TABLES = ("SET", "PARTITION", "ROW", "MASKED")


def alter_table(reader: Reader) -> list[str]:
    """ALTER TABLE. The reader is after ALTER TABLE."""
    name = reader.name()
    if reader.accept("APPEND", "FROM"):
        return [_append(name, reader)]
    if reader.accept("ADD"):
        if reader.peek("PARTITION") or reader.peek("IF"):
            return _partition(reader)
        return _add(name, reader)
    if reader.accept("DROP"):
        return _partition(reader) if reader.peek("PARTITION") else _drop(name, reader)
    if reader.accept("RENAME"):
        return _rename(name, reader)
    if reader.accept("OWNER", "TO"):
        return _finish(reader, f"ALTER TABLE {name} OWNER TO {quote_name(reader.word())}")
    if reader.accept("ALTER"):
        return alter_attributes(name, reader)
    if any(reader.peek(word) for word in _OF_EXTERNAL_TABLES):
        raise reader.unsupported("ALTER TABLE action")
    raise reader.error()


def _partition(reader: Reader) -> list[str]:
    if reader.accept("IF"):
        reader.expect("NOT", "EXISTS")
        if not reader.peek("PARTITION"):
            raise RefusedByRedshift("ALTER TABLE ADD COLUMN does not support IF NOT EXISTS")
    raise UnsupportedStatement("partitions of external tables are those of the Glue catalog; change them there")


def _finish(reader: Reader, *statements: str) -> list[str]:
    reader.end()
    return list(statements)


def _call(function: str, *arguments: str | list[str] | None) -> str:
    """A call of one of our functions. Arguments are texts, lists of texts (as JSON), or NULL."""
    texts = [json.dumps(argument) if isinstance(argument, list) else argument for argument in arguments]
    return f"SELECT rs.{function}({', '.join('NULL' if text is None else quote_literal(text) for text in texts)})"


def _add(name: str, reader: Reader) -> list[str]:
    table = Table()
    if read_constraint(reader, table):
        return [_call("add_key", name, json.dumps(key)) for key in table.attributes.keys]
    reader.accept("COLUMN")
    if reader.peek("IF"):
        raise RefusedByRedshift("ALTER TABLE ADD COLUMN does not support IF NOT EXISTS")
    parts = reader.split(",")
    if len(parts) > 1:
        raise RefusedByRedshift("ALTER TABLE can add one column at a time")
    read_column(parts[0], table)
    if table.identity:
        raise RefusedByRedshift("cannot add an IDENTITY column with ALTER TABLE")
    attributes = table.attributes
    if attributes.keys or attributes.sort_keys or attributes.dist_keys:
        raise RefusedByRedshift("ALTER TABLE ADD COLUMN takes no UNIQUE, PRIMARY KEY, REFERENCES, DISTKEY or SORTKEY")
    line = table.lines[0]
    if table.not_null:
        if " DEFAULT " not in line or " DEFAULT NULL" in line:
            raise RefusedByRedshift(
                "ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression"
            )
        line = with_not_null(line)
    remembered = _call("remember_columns", name, json.dumps(attributes.encodings))
    return [f"ALTER TABLE {name} ADD COLUMN {line}", remembered]


def _drop(name: str, reader: Reader) -> list[str]:
    is_constraint = reader.accept("CONSTRAINT")
    if not is_constraint:
        reader.accept("COLUMN")
    dropped = reader.word()
    behaviour = reader.accept_any("CASCADE", "RESTRICT") or "RESTRICT"
    reader.end()
    if is_constraint:
        return [_call("drop_key", name, dropped, behaviour)]
    return [
        _call("require_droppable", name, dropped, behaviour),
        f"ALTER TABLE {name} DROP COLUMN {quote_name(dropped)} {behaviour}",
    ]


def _rename(name: str, reader: Reader) -> list[str]:
    if reader.accept("TO"):
        return _finish(reader, f"ALTER TABLE {name} RENAME TO {quote_name(reader.word())}")
    reader.accept("COLUMN")
    old = reader.word()
    reader.expect("TO")
    new = reader.word()
    statement = f"ALTER TABLE {name} RENAME COLUMN {quote_name(old)} TO {quote_name(new)}"
    return _finish(reader, statement, _call("rename_column", name, old, new))


def _append(name: str, reader: Reader) -> str:
    source = reader.name()
    option = reader.accept_any("FILLTARGET", "IGNOREEXTRA")
    if option and reader.accept_any("FILLTARGET", "IGNOREEXTRA"):
        raise RefusedByRedshift("ALTER TABLE APPEND takes FILLTARGET or IGNOREEXTRA, not both")
    reader.end()
    fill = str(option == "FILLTARGET").lower()
    ignore = str(option == "IGNOREEXTRA").lower()
    return f"SELECT rs.append_table({quote_literal(name)}, {quote_literal(source)}, {fill}, {ignore})"


def alter_attributes(name: str, reader: Reader, *, of_view: bool = False) -> list[str]:
    """`ALTER action [, ALTER action …]` of attributes. The reader is after the first ALTER.

    Args:
        name: The relation's quoted name.
        reader: The statement.
        of_view: Whether it is a materialized view, whose columns cannot be altered.
    """
    statements = []
    for i, action in enumerate(reader.split(",")):
        if i:
            action.expect("ALTER")
        if action.accept("COLUMN") and not of_view:
            statements.append(_alter_column(name, action))
        else:
            statements.append(_alter_table_attribute(name, action))
        action.end()
    return statements


def _alter_table_attribute(name: str, reader: Reader) -> str:
    if reader.accept("DISTSTYLE"):
        style = reader.accept_any("ALL", "EVEN", "KEY", "AUTO")
        if style is None:
            raise reader.error("expected ALL, EVEN, KEY or AUTO")
        if style == "KEY":
            reader.expect("DISTKEY")
            return _call("alter_distribution", name, style, reader.word())
        return _call("alter_distribution", name, style, None)
    if reader.accept("DISTKEY"):
        return _call("alter_distribution", name, "KEY", reader.word())
    if reader.accept("ENCODE", "AUTO"):
        return _call("alter_encoding", name, None, "auto")
    if reader.peek("INTERLEAVED"):
        raise RefusedByRedshift("ALTER TABLE cannot make an interleaved sort key")
    is_compound = reader.accept("COMPOUND")
    reader.expect("SORTKEY")
    if not is_compound and reader.accept("AUTO"):
        return _call("alter_sort_key", name, "AUTO", [])
    if not is_compound and reader.accept("NONE"):
        return _call("alter_sort_key", name, None, [])
    if not reader.peek("("):
        raise reader.error("expected the columns of the sort key in parentheses")
    return _call("alter_sort_key", name, "COMPOUND", read_sort_columns(reader))


def _alter_column(name: str, reader: Reader) -> str:
    column = reader.word()
    if reader.accept("ENCODE"):
        return _call("alter_encoding", name, column, read_encoding(reader, column))
    reader.expect("TYPE")
    kind = read_type(reader)
    if not kind.is_text:
        raise RefusedByRedshift("ALTER COLUMN TYPE can change the size of a VARCHAR only")
    return f"SELECT rs.resize_varchar({quote_literal(name)}, {quote_literal(column)}, {kind.max_bytes})"
