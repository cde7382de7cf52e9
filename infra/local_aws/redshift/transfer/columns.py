"""The columns that COPY loads."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

from ..errors import LoadError
from ..translator.lexer import quote_literal, quote_name
from .copy_command import CopyCommand

TEXTS = ("character varying", "character", "text")
_REDSHIFT_NAMES = {
    "character varying": "varchar", "character": "char", "text": "varchar", "integer": "int4", "bigint": "int8",
    "smallint": "int2", "boolean": "bool", "double precision": "float8", "real": "float4", "jsonb": "super",
    "bytea": "varbyte", "timestamp without time zone": "timestamp", "timestamp with time zone": "timestamptz",
    "time without time zone": "time", "time with time zone": "timetz",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """A target column: PostgreSQL's type name without length, and the complete declared type."""

    name: str
    kind: str
    declared: str
    is_required: bool = False
    is_identity: bool = False

    @property
    def type_name(self) -> str:
        """Redshift's short name of the type, as in `stl_load_errors`."""
        return _REDSHIFT_NAMES.get(self.kind, self.kind)

    @property
    def arguments(self) -> tuple[int, ...]:
        """Length, or precision and scale; empty if the type has none."""
        _, bracket, text = self.declared.partition("(")
        return tuple(int(number) for number in text.partition(")")[0].split(",")) if bracket else ()


def target_columns(connection: psycopg.Connection, command: CopyCommand) -> list[Column]:
    """The columns to load, in the order of the file's fields.

    Raises:
        LoadError: a column does not exist, or an identity column is named without EXPLICIT_IDS.
        psycopg.errors.UndefinedTable: there is no such table.
    """
    rows = connection.execute(
        "SELECT attname, format_type(atttypid, NULL), format_type(atttypid, atttypmod), attnotnull,"
        f" attidentity::text = 'a' FROM pg_attribute WHERE attrelid = {quote_literal(command.table)}::regclass"
        " AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
    ).fetchall()
    columns_by_name = {row[0]: Column(*row) for row in rows}
    for name in command.columns:
        if name not in columns_by_name:
            raise LoadError(f'column "{name}" of relation {command.table} does not exist', column=name)
    if not command.columns:
        return [column for column in columns_by_name.values() if command.explicit_ids or not column.is_identity]
    _check_identity(command, columns_by_name)
    return [columns_by_name[name] for name in command.columns]


def _check_identity(command: CopyCommand, columns_by_name: dict[str, Column]) -> None:
    for column in columns_by_name.values():
        if column.is_identity and (column.name in command.columns) != command.explicit_ids:
            reason = "is missing in the column list of COPY with" if command.explicit_ids else "needs"
            raise LoadError(f'IDENTITY column "{column.name}" {reason} EXPLICIT_IDS', column=column.name)


def quoted(columns: list[str]) -> str:
    """A column list for PostgreSQL."""
    return ", ".join(map(quote_name, columns))
