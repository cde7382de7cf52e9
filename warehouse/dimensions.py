"""The dimensions of a star that are merged alike: what each declares, and its table.

Its procedure comes from the template of its history in `warehouse/shared/dimensions`, see `warehouse.procedures`.
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
    """A dimension that a run observes as a whole, day by day, and that a shared template merges.

    By its name go the table `dim_<name>`, `<name>_observations`, and its keys `<name>_sk` and `<name>_id`.

    Attributes:
        name: the thing it describes.
        history: `versioned` keeps a row per version (SCD type 2), with the volatile columns as last observed;
            `latest` keeps the latest content (type 1) of all that was ever observed; `current` holds what the newest
            day says (type 1), and needs no observations. Volatile columns change without the thing changing, and make
            no version: counters, and texts that depend on who asks. The contract names them.
        table: where it is not `dim_<name>`. One of history `current` needs no surrogate key: tables that are no
            dimension are merged by it, too.
        unknown: the content of the member with surrogate key 0, values by column.
    """

    name: str
    history: History = "current"
    table: str = ""
    unknown: Mapping[str, str | int | bool] = field(default_factory=dict, hash=False)

    @property
    def table_name(self) -> str:
        """The table in the star's schema."""
        return self.table or f"dim_{self.name}"

    @property
    def names(self) -> list[str]:
        """The columns of its content, without those that are volatile."""
        return [column.name for column in self.content if not column.volatile]

    @property
    def volatile_names(self) -> list[str]:
        """The columns of its content that are volatile."""
        return [column.name for column in self.content if column.volatile]

    @property
    def has_surrogate_key(self) -> bool:
        """Whether facts refer to it by `<name>_sk`, and it has an unknown member."""
        return not self.table

    @property
    def star_columns(self) -> dict[str, Column]:
        """The columns of its table that are not technical, by name: the key, and the content."""
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
        """A dimension proper: copied to every node, because it is small next to the facts and readers join all of it.

        Its member 0 is the unknown one, so that no fact is lost to an inner join. It has no id, or `-`, so that nothing
        finds it by one.
        """
        holds = {
            "versioned": "Each version is a row (SCD type 2)",
            "latest": "Latest names (type 1)",
            "current": "As the newest day says (type 1)",
        }[self.history]
        of_key = " of this version" if self.history == "versioned" else ""
        key = surrogate_key(self.name, f"Surrogate key{of_key}; 0 is the unknown {self.name}")
        its_id = {} if self.history == "current" else {self.key: "-"}
        return replace(
            table,
            columns=(key, *table.columns),
            description=f"{self.row.description} {holds}; sk 0 is the unknown {self.name}",
            surrogate_key=key.name,
            primary_key=key.name,
            is_everywhere=True,
            sorted_by=(self.key, "valid_from") if self.history == "versioned" else (self.key,),
            unknown={key.name: 0, **its_id, **self.unknown, **_UNKNOWN[self.history]},
        )

    def _described(self, column: Column) -> Column:
        if self.history != "versioned" or not column.volatile:
            return column
        return replace(
            column, description=f"{column.description.removesuffix('.')}; as last sent, and makes no version"
        )
