"""The dimensions of a star that are merged alike: what each declares.

Its procedure comes from the template of its history in `warehouse/shared/dimensions`, see `warehouse.procedures`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

History = Literal["versioned", "latest", "current"]


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension that a run observes as a whole, day by day, and that a shared template merges.

    By its name go the tables `dim_<name>`, `<name>_observations` and `staging.<star>_<name>s`, and its keys
    `<name>_sk` and `<name>_id`.

    Attributes:
        name: the thing it describes.
        history: `versioned` keeps a row per version (SCD type 2), with the volatile columns as last observed;
            `latest` keeps the latest content (type 1) of all that was ever observed; `current` holds what the newest
            day says (type 1), and needs no observations.
        columns: names of its content, without keys, days, hash and volatile columns; separated by spaces.
        volatile: names of what changes without the thing changing, and makes no version: counters, and texts that
            depend on who asks. Its observations hold them; separated by spaces.
        staged: ends the name of its staging table, where that is not `<name>s`.
        table: where it is not `dim_<name>`. One of history `current` needs no surrogate key: tables that are no
            dimension are merged by it, too.
    """

    name: str
    history: History
    columns: str
    volatile: str = ""
    staged: str = ""
    table: str = ""

    @property
    def table_name(self) -> str:
        """The table in the star's schema."""
        return self.table or f"dim_{self.name}"

    @property
    def curated(self) -> str:
        """The end of the staging table's name."""
        return self.staged or f"{self.name}s"

    @property
    def key(self) -> str:
        """The source's own id."""
        return f"{self.name}_id"

    @property
    def names(self) -> list[str]:
        """The columns of its content."""
        return self.columns.split()

    @property
    def volatile_names(self) -> list[str]:
        """The columns that change without making a version."""
        return self.volatile.split()

    @property
    def has_surrogate_key(self) -> bool:
        """Whether facts refer to it by `<name>_sk`, and it has an unknown member."""
        return not self.table
