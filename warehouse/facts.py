"""The facts of a star that are merged alike: what each declares. Its procedure and rules come from shared templates."""

from __future__ import annotations

from dataclasses import dataclass


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
    """

    name: str
    columns: str
    refers_to: str = ""
    plural: str = ""

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
        """The columns of its content."""
        return self.columns.split()

    @property
    def of(self) -> list[str]:
        """The dimensions that it refers to."""
        return self.refers_to.split()

    @property
    def days(self) -> list[str]:
        """The columns that are keys of days."""
        return [name for name in self.names if name.endswith("_date_key")]
