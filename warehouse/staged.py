"""What a Glue job stages: the columns that a star takes from a contract, and those that it adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.contract import Column, CuratedRow
from warehouse.tables import OBSERVED_ON, ROW_HASH, RUN_ID, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A table of schema `staging`: one row per key and run, deleted again when the run is published.

    Its columns are those of a contract's rows, in their order, after `run_id` and `observed_on` (the business date) and
    before `row_hash`. COPY of Parquet goes by position, and a row's hash by the order of its columns: a table that
    exists keeps its order. `first` and `later` are for that.

    Attributes:
        row: the contract's rows. A star that stages what no contract has declares rows of its own.
        adds: columns that the star computes. One that has the name of the contract's replaces it; others come last.
        instead_of: what takes the place of a column that the star does not stage; names of columns, and what is staged.
        first: names of the columns that follow the key, whatever the contract's order; separated by spaces.
        later: names of the columns that were added to a table that existed: they come last, after `row_hash`.
        staging_only: names of the columns that the star's table does not have.
        spread_by: the DISTKEY, where rows are not spread evenly.
        is_hashed: whether there is a `row_hash`.
    """

    row: type[CuratedRow]
    adds: tuple[Column, ...] = ()
    instead_of: Mapping[str, tuple[Column, ...]] = field(default_factory=dict, hash=False)
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
        """The column that identifies a row; the first one where there are several."""
        return self.row.key[0]

    @property
    def staged_columns(self) -> tuple[Column, ...]:
        """What the Glue job computes of each row, in the table's order: without run, day and hash."""
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
        """What the star's table takes from a staged row, without its key."""
        left_out = {self.key, *self.staging_only.split()}
        return tuple(column for column in self.staged_columns if column.name not in left_out)

    def staging_table(self, star: str) -> Table:
        """The table of schema `staging`."""
        return Table(
            "staging", f"{star}_{self.curated}", self.all_columns, spread_by=self.spread_by, sorted_by=(RUN_ID.name,)
        )

    @property
    def _declared(self) -> dict[str, Column]:
        taken = (part for column in self.row.columns() for part in self.instead_of.get(column.name, (column,)))
        return {column.name: column for column in (*taken, *self.adds)}
