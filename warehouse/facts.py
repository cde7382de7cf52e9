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
    def target(self) -> str:
        """Name of the dimension."""
        return self.dimension or self.name

    @property
    def id(self) -> str:
        """The column with the source's id, in the staged row or in the row that leads here."""
        return f"{self.name}_id"

    @property
    def column(self) -> Column:
        """The fact's column."""
        return surrogate_key(self.name, self.description or f"The {self.name}; 0 when it is unknown")


@dataclass(frozen=True, slots=True)
class Fact(Staged):
    """A fact that a run observes as a whole; the star holds what the newest day says.

    Its table is `fact_<curated table>`, with a row per key. A staged column that ends in `_date_key` is a day of
    `common.dim_date`; rows are sorted by the first one. They are spread by their key, or by `spread_by`: rows are
    compared where they are, and one whose value there changes is deleted and inserted.

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
        """The columns of its content that are staged."""
        return [column.name for column in self.content]

    @property
    def carried(self) -> list[tuple[Reference, str]]:
        """The columns that it repeats of rows that it refers to."""
        return [(reference, column) for reference in self.references for column in reference.carried.split()]

    @property
    def published(self) -> list[str]:
        """The columns of its content in the star."""
        return [*self.names, *(column for _, column in self.carried)]

    @property
    def joined_by(self) -> list[str]:
        """The columns by which a staged row and a row of the star are the same."""
        return [*([self.spread_by] if self.spread_by else []), self.key]

    @property
    def days(self) -> list[str]:
        """The columns that are keys of days, its own before those that it repeats."""
        return [name for name in self.published if name.endswith("_date_key")]

    def staging_table(self, star: str) -> Table:
        """The table of schema `staging`, spread as the fact is, so that merging needs no redistribution."""
        name = f"{star}_{self.curated}"
        return Table("staging", name, self.all_columns, spread_by=self._spread_by, sorted_by=(RUN_ID.name,))

    def star_table(self, star: str, dimensions: Mapping[str, Dimension]) -> Table:
        """The table in the star's schema; `dimensions` are those of the star, by name."""
        columns = self._columns(dimensions)
        tables = {
            f"{one.name}_sk": f"{star}.{dimensions[one.target].table_name} ({one.target}_sk)" for one in self.references
        }
        days = dict.fromkeys(self.days, DAYS)
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
            reference.id: [dimensions[reference.target].star_columns[name] for name in reference.carried.split()]
            for reference in self.references
        }
        rest = [part for name in own for part in (own[name], *repeated.get(name, ()))]
        by_name = {column.name: column for column in rest}
        days = [by_name[name] for name in self.days]
        members = [reference.column for reference in self.references]
        first = [own[self.key], own[self._spread_by]]
        return (*dict.fromkeys([*first, *members, *days, *rest]), ROW_HASH, RUN_ID)
