"""The bridges of a star between its fact of events and a dimension: what each declares, its template has the SQL."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bridge:
    """Which members of a dimension each row of a fact names, as of the day on which it was last seen.

    By the names go the tables `bridge_<fact>_<dimension>`, `<fact>_<dimension>_observations` and
    `staging.<star>_<fact>_<dimension>s`.

    Attributes:
        fact: the thing that names members, such as `event`; its row in `fact_<fact>s` has `last_seen_on`.
        dimension: name of the dimension.
        key: the column that, with the id of the fact, identifies a row.
        columns: names of its other columns, without surrogate key; separated by spaces.
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
        """The columns besides the keys."""
        return self.columns.split()
