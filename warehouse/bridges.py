"""Declarations of the bridges between a star's fact of events and a dimension. Their template has the SQL."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bridge:
    """The members of a dimension that each row of a fact names, as of the day on which the row was last seen.

    The tables are named after it: `bridge_<fact>_<dimension>`, `<fact>_<dimension>_observations` and
    `staging.<star>_<fact>_<dimension>s`.

    Attributes:
        fact: the entity that names members, such as `event`; its row in `fact_<fact>s` has `last_seen_on`.
        dimension: name of the dimension.
        key: the column that identifies a row, together with the id of the fact.
        columns: names of its other columns, without the surrogate key, separated by spaces.
    """

    fact: str
    dimension: str
    key: str
    columns: str

    @property
    def table_name(self) -> str:
        """The table in the star's schema."""
        return f"bridge_{self.fact}_{self.dimension}"

    @property
    def names(self) -> list[str]:
        """The columns that are not keys."""
        return self.columns.split()
