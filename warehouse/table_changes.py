"""What brings a table of the warehouse up to its declaration, without losing a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aws_services.redshift_data import RedshiftData
from warehouse.tables import Table

_TYPES = {
    "character varying": "VARCHAR({character_maximum_length})",
    "numeric": "DECIMAL({numeric_precision},{numeric_scale})",
    "timestamp without time zone": "TIMESTAMP",
}


class CannotChange(ValueError):
    """A table differs from its declaration in a way that needs a migration; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class PresentColumn:
    """A column as it is in the warehouse."""

    type: str
    nullable: bool


def present_columns(redshift: RedshiftData, table: Table) -> dict[str, PresentColumn]:
    """The columns of a table in the warehouse, by name, in order; empty when there is no such table."""
    rows = redshift.execute(
        "SELECT column_name, data_type, is_nullable, character_maximum_length, numeric_precision, numeric_scale "
        "FROM svv_columns WHERE table_schema = :schema AND table_name = :name ORDER BY ordinal_position",
        {"schema": table.schema, "name": table.name},
    )
    return {str(row["column_name"]): PresentColumn(_type(row), str(row["is_nullable"]) == "YES") for row in rows}


def _type(row: Mapping[str, Any]) -> str:
    name = str(row["data_type"])
    return _TYPES.get(name, name.upper()).format_map(row)


def changes(table: Table, present: Mapping[str, PresentColumn]) -> list[str]:
    """The statements that add the columns that a table lacks; none when it is as declared.

    A column that may be null in the warehouse alone is left so: it holds all that is declared.

    Raises:
        CannotChange: the table differs otherwise.
    """
    if differences := list(_differences(table, present)):
        raise CannotChange(
            f"{'; '.join(differences)}. Write a migration that begins with '-- upgrades: {table.full_name}'"
        )
    new = [column for column in table.columns if column.name not in present]
    if required := [column.name for column in new if not column.nullable]:
        raise CannotChange(
            f"{table.full_name} lacks {', '.join(required)}, and Redshift adds a column that can't be null only with a "
            f"default: let it be null, or write a migration that begins with '-- upgrades: {table.full_name}'"
        )
    declared = [column.name for column in table.columns]
    if table.is_loaded_by_position and [*present, *(column.name for column in new)] != declared:
        raise CannotChange(
            f"{table.full_name} would have its columns in another order than declared, and COPY goes by position: "
            f"it has {', '.join(present)}. Name what is new in `later`, in the declaration of the table"
        )
    return [table.add(column) for column in new]


def _differences(table: Table, present: Mapping[str, PresentColumn]) -> Iterator[str]:
    declared = {column.name: column for column in table.columns}
    for name, column in present.items():
        title = f"{table.full_name}.{name}"
        if name not in declared:
            yield f"{title} is in the warehouse and no longer declared"
        elif column.type != declared[name].redshift_type:
            yield f"{title} is {column.type} in the warehouse and declared as {declared[name].redshift_type}"
        elif declared[name].nullable and not column.nullable:
            yield f"{title} can't be null in the warehouse and is declared as null"
