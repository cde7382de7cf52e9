"""The facts of a star that are merged alike: what each declares. Its procedure and rules come from shared templates."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reference:
    """A member that a fact refers to: its row has the member's surrogate key as `<name>_sk`.

    Attributes:
        name: the part that the member plays, such as `buyer`; the source's id is `<name>_id`.
        dimension: name of its dimension, where the part is not called like it.
        through: another reference of the fact, whose row in its dimension has the id. Otherwise the staged row has it.
        carried: columns of the member's row that the fact repeats; separated by spaces.
    """

    name: str
    dimension: str = ""
    through: str = ""
    carried: str = ""

    @property
    def target(self) -> str:
        """Name of the dimension."""
        return self.dimension or self.name

    @property
    def id(self) -> str:
        """The column with the source's id, in the staged row or in the row that leads here."""
        return f"{self.name}_id"


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that a run observes as a whole; the star holds what the newest day says.

    By its name go the tables `fact_<name>s` and `staging.<star>_<name>s`, and its key `<name>_id`.

    Attributes:
        name: the thing that happened; there is one row for each.
        columns: names of its content, without key, hash and surrogate keys; separated by spaces. A column that ends in
            `_date_key` is a day of `common.dim_date`.
        refers_to: names of the dimensions that it refers to, separated by spaces; the id of each is among the columns.
        plural: ends the names of its tables, where that is not `<name>s`.
        references: what it refers to besides, under other names or by way of each other.
        spread_by: a column by which its rows are spread, where that is not the key: rows are compared where they are.
            A row whose value there changes is deleted and inserted.
    """

    name: str
    columns: str
    refers_to: str = ""
    plural: str = ""
    references: tuple[Reference, ...] = ()
    spread_by: str = ""

    @property
    def curated(self) -> str:
        """The curated table, and the end of the staging table's name."""
        return self.plural or f"{self.name}s"

    @property
    def table_name(self) -> str:
        """The table in the star's schema."""
        return f"fact_{self.curated}"

    @property
    def key(self) -> str:
        """The column that identifies a row."""
        return f"{self.name}_id"

    @property
    def names(self) -> list[str]:
        """The columns of its content that are staged."""
        return self.columns.split()

    @property
    def all_references(self) -> list[Reference]:
        """What it refers to."""
        return [*(Reference(name) for name in self.refers_to.split()), *self.references]

    @property
    def carried(self) -> list[tuple[Reference, str]]:
        """The columns that it repeats of rows that it refers to."""
        return [(reference, column) for reference in self.all_references for column in reference.carried.split()]

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
        """The columns that are keys of days."""
        return [name for name in self.published if name.endswith("_date_key")]
