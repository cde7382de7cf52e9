"""The tables that a Glue job stages: columns that a star takes from a contract, and columns that it adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.contract import Column, CuratedRow
from warehouse.tables import OBSERVED_ON, ROW_HASH, RUN_ID, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A table of schema `staging`: one row per key and run, deleted again when the run is published.

    Its columns are `run_id`, `observed_on` (the business date), the contract's columns in their order, and `row_hash`.
    COPY matches the columns of Parquet files by position, and the hash depends on the order of the columns, so an
    existing table must keep its order. `first` and `later` are for that.

    Attributes:
        row: the contract's rows. A star declares rows of its own for a table that no contract has.
        adds: columns that the star computes. A column with the name of one of the contract's replaces it; the others
            come last.
        instead_of: columns that replace a column of the contract, by its name; empty if it is not staged at all.
        first: names of the columns that follow the key, whatever the contract's order, separated by spaces.
        later: names of the columns that were added to an existing table: they come last, after `row_hash`.
        staging_only: names of the columns that the star's table does not have.
        spread_by: the DISTKEY; empty if rows are distributed evenly.
        is_hashed: whether there is a `row_hash`.
    """

    row: type[CuratedRow]
    adds: tuple[Column, ...] = ()
    instead_of: Mapping[str, tuple[Column, ...]] = field(default_factory=dict)
    first: str = ""
    later: str = ""
    staging_only: str = ""
    spread_by: str = ""
    is_hashed: bool = True

    @property
    def curated(self) -> str:
        """The curated table, and the end of the staging table's name."""
        return self.row.table

    @property
    def key(self) -> str:
        """The column that identifies a row; the first of them if there are several."""
        return self.row.key[0]

    @property
    def staged_columns(self) -> tuple[Column, ...]:
        """The columns that the Glue job computes for each row, in the table's order: without run, day and hash."""
        later = self.later.split()
        order = (*self.row.key, *self.first.split(), *self._declared)
        names = [name for name in dict.fromkeys(order) if name not in later]
        return tuple(self._declared[name] for name in (*names, *later))

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """Every column of the table, in order."""
        later = self.later.split()
        at_first = [column for column in self.staged_columns if column.name not in later]
        row_hash = (ROW_HASH,) if self.is_hashed else ()
        return (RUN_ID, OBSERVED_ON, *at_first, *row_hash, *(self._declared[name] for name in later))

    @property
    def content(self) -> tuple[Column, ...]:
        """The columns that the star's table takes from a staged row, without its key."""
        left_out = {self.key, *self.staging_only.split()}
        return tuple(column for column in self.staged_columns if column.name not in left_out)

    def staging_table(self, star: str) -> Table:
        """The table of schema `staging`."""
        return Table(
            "staging", f"{star}_{self.curated}", self.all_columns, spread_by=self.spread_by, sorted_by=(RUN_ID.name,)
        )

    @property
    def _declared(self) -> dict[str, Column]:
        contract = self.row.columns()
        staged = (part for column in contract for part in self.instead_of.get(column.name, (column,)))
        return {column.name: column for column in (*staged, *self.adds)}
