"""Declarations of the dimensions that shared templates merge, and their tables.

A dimension's procedure comes from the template of its history in `warehouse/shared/dimensions`; see
`warehouse.procedures`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from schemas.contract import Column
from schemas.types import BOOLEAN, DATE
from warehouse.staged import Staged
from warehouse.tables import DAYS, ROW_HASH, Table, surrogate_key

History = Literal["versioned", "latest", "current"]

_HISTORY_COLUMNS: dict[History, tuple[Column, ...]] = {
    "versioned": (
        Column(
            "valid_from",
            DATE,
            nullable=False,
            description="First day (UTC business date) on which this version was observed",
        ),
        Column(
            "valid_to",
            DATE,
            nullable=False,
            description="Day on which the next version begins (exclusive); 9999-12-31 for the current one",
        ),
        Column("is_current", BOOLEAN, nullable=False, description="Whether this is the latest version"),
        replace(
            ROW_HASH,
            description="SHA-256 over the columns from the source that are not volatile; a new version begins when it "
            "changes",
        ),
    ),
    "latest": (
        Column(
            "first_seen_on", DATE, nullable=False, description="First day (UTC business date) on which it was observed"
        ),
        Column(
            "last_seen_on", DATE, nullable=False, description="Last day (UTC business date) on which it was observed"
        ),
    ),
    "current": (ROW_HASH,),
}
_UNKNOWN: dict[History, dict[str, str | bool]] = {
    "versioned": {"valid_from": "1900-01-01", "valid_to": "9999-12-31", "is_current": True, "row_hash": "-"},
    "latest": {"first_seen_on": "1900-01-01", "last_seen_on": "1900-01-01"},
    "current": {"row_hash": "-"},
}


@dataclass(frozen=True, slots=True)
class Dimension(Staged):
    """A dimension that each run observes as a whole and that a shared template merges.

    Its tables and keys are named after it: `dim_<name>`, `<name>_observations`, `<name>_sk` and `<name>_id`.

    Attributes:
        name: what the dimension describes, such as `venue`.
        history: `versioned` keeps a row per version (SCD type 2), with the volatile columns as last observed.
            `latest` keeps the latest content (type 1) of every member that was ever observed. `current` holds the
            content of the newest day (type 1), and needs no observations. A change of a volatile column makes no
            version: counters, and texts that depend on who asked. The contract names the volatile columns.
        table: the table's name if it is not `dim_<name>`. Such a table of history `current` has no surrogate key, so
            tables that are no dimension can be merged this way too.
        unknown: the values of the member with surrogate key 0, by column.
    """

    name: str
    history: History = "current"
    table: str = ""
    unknown: Mapping[str, str | int | bool] = field(default_factory=dict)

    @property
    def table_name(self) -> str:
        """The table in the star's schema."""
        return self.table or f"dim_{self.name}"

    @property
    def names(self) -> list[str]:
        """The columns of its content that are not volatile."""
        return [column.name for column in self.content if not column.volatile]

    @property
    def volatile_names(self) -> list[str]:
        """The columns of its content that are volatile."""
        return [column.name for column in self.content if column.volatile]

    @property
    def has_surrogate_key(self) -> bool:
        """Whether facts refer to it by `<name>_sk`. If so, it has an unknown member."""
        return not self.table

    @property
    def star_columns(self) -> dict[str, Column]:
        """The columns of its table that are not technical, by name: the key and the content."""
        (key,) = (column for column in self.staged_columns if column.name == self.key)
        meaning = key.description.removesuffix(".")
        if self.history == "versioned":
            key = replace(key, description=f"{meaning}; the same in all versions")
        elif self.history == "current" and not self.table:
            key = replace(key, nullable=True, description=f"{meaning}; null for the unknown {self.name}")
        return {column.name: column for column in (key, *map(self._described, self.content))}

    def star_table(self, star: str) -> Table:
        """The table in the star's schema."""
        columns = (*self.star_columns.values(), *_HISTORY_COLUMNS[self.history])
        table = Table(
            star,
            self.table_name,
            columns,
            self.row.description,
            primary_key=self.key,
            references={column.name: DAYS for column in columns if column.name.endswith("date_key")},
            spread_by=self.spread_by,
            is_everywhere=not (self.table and self.spread_by),
            sorted_by=(self.key,),
        )
        return self._with_unknown_member(table) if self.has_surrogate_key else table

    def _with_unknown_member(self, table: Table) -> Table:
        """The table with a surrogate key and member 0, the unknown one.

        Redshift copies it to every node: a dimension is small next to the facts, and readers join all of it. Because of
        the unknown member, an inner join loses no fact. Its id is missing or `-`, so that no lookup by id finds it.
        """
        content = {
            "versioned": "Each version is a row (SCD type 2)",
            "latest": "Latest names (type 1)",
            "current": "Content of the newest day (type 1)",
        }[self.history]
        scope = " of this version" if self.history == "versioned" else ""
        key = surrogate_key(self.name, f"Surrogate key{scope}; 0 is the unknown {self.name}")
        natural_key = {} if self.history == "current" else {self.key: "-"}
        return replace(
            table,
            columns=(key, *table.columns),
            description=f"{self.row.description} {content}; sk 0 is the unknown {self.name}",
            surrogate_key=key.name,
            primary_key=key.name,
            is_everywhere=True,
            sorted_by=(self.key, "valid_from") if self.history == "versioned" else (self.key,),
            unknown={key.name: 0, **natural_key, **self.unknown, **_UNKNOWN[self.history]},
        )

    def _described(self, column: Column) -> Column:
        if self.history != "versioned" or not column.volatile:
            return column
        return replace(
            column, description=f"{column.description.removesuffix('.')}; last value sent, a change makes no version"
        )
