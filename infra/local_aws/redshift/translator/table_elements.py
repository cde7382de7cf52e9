"""The elements of CREATE TABLE: columns, declared keys, LIKE.

As in Redshift, keys are remembered but not enforced, so a local run sees the same duplicates as a run in an account.
The limits of VARCHAR and CHAR become checks of bytes.
Source: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..errors import RefusedByRedshift, UnsupportedStatement
from . import query
from .datatypes import DataType, read_type
from .lexer import quote_name
from .reader import Reader
from .table_attributes import Attributes, read_encoding, set_dist_key

_COLUMN_WORDS = (
    "DEFAULT", "IDENTITY", "GENERATED", "ENCODE", "DISTKEY", "SORTKEY", "COLLATE", "NOT", "NULL", "UNIQUE", "PRIMARY",
    "REFERENCES",
)  # fmt: skip
_FIRST_SORT_KEY = "COMPOUND"


@dataclass(slots=True)
class Table:
    """A table's definition while it is read.

    Attributes:
        kinds: PostgreSQL's types by column.
        lines: Elements for PostgreSQL's CREATE TABLE; those of columns come in the order of `kinds`.
        identity: The IDENTITY column, or an empty string.
    """

    kinds: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    not_null: set[str] = field(default_factory=set)
    identity: str = ""
    attributes: Attributes = field(default_factory=Attributes)


def byte_check(column: str, kind: DataType) -> str:
    """The CHECK that makes VARCHAR(n) and CHAR(n) count bytes. Its name contains n, for the error message."""
    if kind.max_bytes is None:
        return ""
    name = quote_name(f"rs_bytes_{kind.max_bytes}_{column}".encode()[:63].decode(errors="ignore"))
    return f" CONSTRAINT {name} CHECK (octet_length({quote_name(column)}) <= {kind.max_bytes})"


def _identity(reader: Reader, mode: str) -> str:
    """`(seed, step)`; both are 1 if they are missing."""
    seed, step = (part.integer() for part in reader.parens().split(",")) if reader.peek("(") else (1, 1)
    if step == 0:
        raise RefusedByRedshift("the step of an IDENTITY column must not be zero")
    return f" GENERATED {mode} AS IDENTITY (START WITH {seed} INCREMENT BY {step} MINVALUE {min(seed, 0)})"


def references(reader: Reader) -> dict[str, object]:
    """The target of a foreign key: `table [(columns)]`. Without columns, it is the table's primary key."""
    name = reader.name()
    return {"refers_to": name, "refers_columns": reader.names_in_parens() if reader.peek("(") else None}


def _default(reader: Reader) -> str:
    if reader.accept("NULL"):
        return " DEFAULT NULL"
    text = reader.until(*_COLUMN_WORDS)
    if text.peek("NOT") or not text.tokens:
        raise reader.error("expected a default expression")
    expression = query.expression(text.rest())
    if expression.startswith("(SELECT rs."):  # a clock: a default may not contain a sub-select
        expression = expression[len("(SELECT ") : -1]
    return f" DEFAULT {expression}"


def _collation(reader: Reader) -> None:
    if reader.accept("CASE_SENSITIVE") or reader.accept("CS"):
        return
    if reader.accept("CASE_INSENSITIVE") or reader.accept("CI"):
        raise UnsupportedStatement(
            "COLLATE CASE_INSENSITIVE is not supported here: its PostgreSQL compares by bytes only"
        )
    raise reader.error("expected CASE_SENSITIVE or CASE_INSENSITIVE")


def read_column(reader: Reader, table: Table) -> None:  # noqa: C901  one branch a clause
    """Reads one column's definition into the table."""
    name = reader.column_name()
    kind = read_type(reader)
    line = f"{quote_name(name)} {kind.postgres}"
    attributes = table.attributes
    is_nullable = False
    while not reader.done:
        if reader.accept("NOT", "NULL"):
            table.not_null.add(name)
        elif reader.accept("NULL"):
            is_nullable = True
        elif reader.accept("UNIQUE"):
            attributes.keys.append({"kind": "u", "columns": [name]})
        elif reader.accept("DEFAULT"):
            line += _default(reader)
        elif reader.accept("IDENTITY"):
            line = line + _identity(reader, "ALWAYS")
            table.identity = name
        elif reader.accept("GENERATED", "BY", "DEFAULT", "AS", "IDENTITY"):
            line = line + _identity(reader, "BY DEFAULT")
            table.identity = name
        elif reader.accept("ENCODE"):
            attributes.encodings[name] = read_encoding(reader, name, kind.postgres)
        elif reader.accept("DISTKEY"):
            set_dist_key(attributes, name)
        elif reader.accept("SORTKEY"):
            attributes.sort_keys.append(name)
            attributes.sort_style = _FIRST_SORT_KEY
        elif reader.accept("PRIMARY", "KEY"):
            add_primary_key(table, [name])
        elif reader.accept("REFERENCES"):
            attributes.keys.append({"kind": "f", "columns": [name], **references(reader)})
        elif reader.accept("COLLATE"):
            _collation(reader)
        else:
            raise reader.error("Redshift has no such column attribute")
    if name in table.kinds:
        raise RefusedByRedshift(f'column "{name}" specified more than once')
    if is_nullable and name in table.not_null:
        raise RefusedByRedshift(f'conflicting NULL/NOT NULL declarations for column "{name}"')
    if "IDENTITY" in line and kind.postgres not in ("integer", "bigint"):
        raise RefusedByRedshift(f'identity column "{name}" must be of type int or bigint')
    if line.count(" GENERATED ") + line.count(" DEFAULT ") - line.count(" BY DEFAULT ") > 1:
        raise RefusedByRedshift(f'multiple default values specified for column "{name}"')
    table.kinds[name] = kind.postgres
    table.lines.append(line + byte_check(name, kind))


def add_primary_key(table: Table, columns: list[str], name: str | None = None) -> None:
    """Declares the primary key. Raises RefusedByRedshift if there is one already."""
    if any(key["kind"] == "p" for key in table.attributes.keys):
        raise RefusedByRedshift("multiple primary keys for table are not allowed")
    table.attributes.keys.append({"kind": "p", "columns": columns, "name": name})


def read_constraint(reader: Reader, table: Table) -> bool:
    """Reads a table constraint, if one comes next. Keys are only information for the planner."""
    name = reader.word() if reader.accept("CONSTRAINT") else None
    if reader.accept("PRIMARY", "KEY"):
        add_primary_key(table, reader.names_in_parens(), name)
    elif reader.accept("UNIQUE"):
        table.attributes.keys.append({"kind": "u", "columns": reader.names_in_parens(), "name": name})
    elif reader.accept("FOREIGN", "KEY"):
        columns = reader.names_in_parens()
        reader.expect("REFERENCES")
        table.attributes.keys.append({"kind": "f", "columns": columns, "name": name, **references(reader)})
    elif reader.peek("CHECK") or reader.peek("EXCLUDE"):
        raise RefusedByRedshift(f"{reader.next().upper} constraints are not supported")
    else:
        if name is not None:
            raise reader.error()
        return False
    reader.end()
    return True


def _like(reader: Reader, table: Table) -> bool:
    if not reader.accept("LIKE"):
        return False
    model = reader.name()
    line = f"LIKE {model} INCLUDING CONSTRAINTS"
    if reader.accept("INCLUDING", "DEFAULTS"):
        line += " INCLUDING DEFAULTS"
    else:
        reader.accept("EXCLUDING", "DEFAULTS")
    reader.end()
    table.lines.append(line)
    table.attributes.like = model
    return True


def read_elements(reader: Reader) -> Table:
    """Reads `(element, …)`."""
    table = Table()
    for element in reader.parens().split(","):
        if not _like(element, table) and not read_constraint(element, table):
            read_column(element, table)
    primary_key = [name for key in table.attributes.keys if key["kind"] == "p" for name in key["columns"]]
    required = table.not_null | set(primary_key)
    of_columns = [i for i, line in enumerate(table.lines) if not line.startswith("LIKE ")]
    for i, name in zip(of_columns, table.kinds, strict=True):
        if name in required:
            table.lines[i] = with_not_null(table.lines[i])
    if not table.attributes.like:
        _check_keys(table)
    return table


def with_not_null(line: str) -> str:
    """A column's line with NOT NULL before its check."""
    kind, check, constraint = line.partition(" CONSTRAINT ")
    return f"{kind} NOT NULL{check}{constraint}"


def _check_keys(table: Table) -> None:
    for key in table.attributes.keys:
        missing_columns = [name for name in key["columns"] if name not in table.kinds]
        if missing_columns:
            raise RefusedByRedshift(f'column "{missing_columns[0]}" named in key does not exist')
