"""The facts of a star that are merged alike: what each declares, and its table.

Its procedure and rules come from shared templates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.contract import Column
from warehouse.dimensions import Dimension
from warehouse.staged import Staged
from warehouse.tables import DAYS, ROW_HASH, RUN_ID, Table, surrogate_key


@dataclass(frozen=True, slots=True)
class Reference:
    """A dimension that a fact refers to.

    The fact has the column `<name>_sk`: of the member whose id the row names, 0 when there is none.

    Attributes:
        name: the member's part in the fact, such as `buyer`.
        dimension: where it is not named so.
        through: the reference whose member names this one, where the fact's own row doesn't.
        carried: names of the columns of the member's row that the fact repeats; separated by spaces.
        description: what the column `<name>_sk` means.
    """

    name: str
    dimension: str = ""
    through: str = ""
    carried: str = ""
    description: str = ""

    @property
    def of(self) -> str:
        """The dimension's name."""
        return self.dimension or self.name

    @property
    def column(self) -> Column:
        """The fact's column."""
        return surrogate_key(self.name, self.description or f"The {self.name}; 0 when it is unknown")


@dataclass(frozen=True, slots=True)
class Fact(Staged):
    """A fact that a run observes as a whole; the star holds what the newest day says.

    Its table is `fact_<curated table>`, with a row per key. A staged column that ends in `_date_key` is a day of
    `common.dim_date`; rows are sorted by the first one, and spread by their key unless `spread_by` says otherwise.

    Attributes:
        name: the thing that happened; there is one row for each.
        references: the dimensions that it refers to.
    """

    name: str
    references: tuple[Reference, ...] = ()

    @property
    def table_name(self) -> str:
        """The table in the star's schema."""
        return f"fact_{self.curated}"

    @property
    def names(self) -> list[str]:
        """The columns of its content."""
        return [column.name for column in self.content]

    @property
    def of(self) -> list[str]:
        """The dimensions that it refers to."""
        return [reference.of for reference in self.references]

    @property
    def days(self) -> list[str]:
        """The columns that are keys of days."""
        return [name for name in self.names if name.endswith("_date_key")]

    def staging_table(self, star: str) -> Table:
        """The table of schema `staging`, spread as the fact is, so that merging needs no redistribution."""
        name = f"{star}_{self.curated}"
        return Table("staging", name, self.all_columns, spread_by=self._spread_by, sorted_by=(RUN_ID.name,))

    def star_table(self, star: str, dimensions: Mapping[str, Dimension]) -> Table:
        """The table in the star's schema; `dimensions` are those of the star, by name."""
        columns = self._columns(dimensions)
        tables = {f"{one.name}_sk": f"{star}.{dimensions[one.of].table_name} ({one.of}_sk)" for one in self.references}
        days = {column.name: DAYS for column in columns if column.name.endswith("_date_key")}
        return Table(
            star,
            self.table_name,
            columns,
            self.row.description,
            primary_key=self.key,
            references=tables | days,
            spread_by=self._spread_by,
            sorted_by=tuple(self.days[:1]) or (self.key,),
        )

    @property
    def _spread_by(self) -> str:
        return self.spread_by or self.key

    def _columns(self, dimensions: Mapping[str, Dimension]) -> tuple[Column, ...]:
        """Key, members, days, and the rest; what the fact repeats of a member comes after that member's id."""
        own = {column.name: column for column in self.staged_columns if column.name not in self.staging_only.split()}
        repeated = {
            f"{reference.name}_id": [dimensions[reference.of].star_columns[name] for name in reference.carried.split()]
            for reference in self.references
        }
        rest = [part for name in own for part in (own[name], *repeated.get(name, ()))]
        days = [own[name] for name in self.days]
        days += [column for column in rest if column.name.endswith("_date_key")]
        members = [reference.column for reference in self.references]
        first = [own[self.key], own[self._spread_by]]
        return (*dict.fromkeys([*first, *members, *days, *rest]), ROW_HASH, RUN_ID)
