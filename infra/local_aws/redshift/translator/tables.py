"""CREATE TABLE, with columns, LIKE, or AS SELECT.

Distribution, sort keys and encodings affect speed, not results: they are checked and remembered. The first column of a
sort key becomes an index, so that a statement about one day skips other days, as in Redshift.
Source: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html
"""

from __future__ import annotations

from ..errors import RefusedByRedshift
from . import query
from .lexer import quote_literal, quote_name
from .reader import Reader
from .table_attributes import Attributes, check_key_columns, read_attributes
from .table_elements import Table, read_elements


def create_table(reader: Reader) -> list[str]:
    """CREATE [TEMP] TABLE. The reader is after CREATE."""
    temp = bool(reader.accept("LOCAL")) | bool(reader.accept_any("TEMPORARY", "TEMP"))
    reader.expect("TABLE")
    exists = reader.accept("IF", "NOT", "EXISTS")
    parts = reader.parts()
    temp = temp or parts[-1].startswith("#")
    if temp and len(parts) > 1:
        raise RefusedByRedshift("cannot create temporary relation in non-temporary schema")
    name = ".".join(map(quote_name, parts))
    head = f"CREATE {'TEMP ' if temp else ''}TABLE {'IF NOT EXISTS ' if exists else ''}{name}"
    names = _ctas_columns(reader)
    if names is not None:
        return _create_as(reader, head, name, names, exists=exists)
    table = read_elements(reader)
    _read_table_attributes(reader, table)
    statements = [f"{head} ({', '.join(table.lines)})", table.attributes.remember(name, exists)]
    keys = table.attributes.sort_keys
    return statements if temp or exists or not keys else [*statements, _skipping(name, keys[0])]


def _read_table_attributes(reader: Reader, table: Table) -> None:
    at = reader.at
    read_attributes(reader, table.attributes)
    reader.end()
    if table.attributes.like:
        if reader.at > at:
            raise RefusedByRedshift("DISTSTYLE, DISTKEY, SORTKEY and BACKUP of a table LIKE another are inherited")
    else:
        check_key_columns(table.attributes, table.kinds)


def _create_as(reader: Reader, head: str, name: str, names: list[str], *, exists: bool) -> list[str]:
    """CREATE TABLE … AS. DISTKEY and SORTKEY may name columns by position.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_AS.html
    """
    attributes = Attributes()
    read_attributes(reader, attributes)
    reader.expect("AS")
    if exists:
        raise RefusedByRedshift("CREATE TABLE AS does not support IF NOT EXISTS")
    columns = f" ({', '.join(map(quote_name, names))})" if names else ""
    created = f"{head}{columns} AS {query.stored_select(reader.rest())}"
    return [created, f"SELECT rs.limit_bytes({quote_literal(name)})", attributes.remember(name)]


def _skipping(name: str, sortkey: str) -> str:
    """An index on the first sort key, which skips other rows, as Redshift's zone maps skip blocks."""
    return f"CREATE INDEX ON {name} ({quote_name(sortkey)})"


def _ctas_columns(reader: Reader) -> list[str] | None:
    """Column names of a CREATE TABLE AS (possibly none); None for a table with column definitions."""
    if not reader.peek("("):
        return []
    start = reader.at
    inner = reader.parens()
    is_ctas = all(len(part.tokens) == 1 for part in inner.split(","))
    reader.at = start
    return reader.names_in_parens() if is_ctas else None
