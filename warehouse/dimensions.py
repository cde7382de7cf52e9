"""The dimensions of a star that are merged alike: what each declares, and the procedure made from a shared template.

A template of `warehouse/shared/dimensions` is SQL with names in braces. What is generated holds static SQL only, as if
it had been written out for the dimension.
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

    def procedure(self, star: str, template: str) -> str:
        """SQL of `<star>.sp_merge_<table>(run_id)`; the template is that of its history."""
        lists = {f"{alias}_columns": self._of(alias) for alias in ("d", "l", "o", "s", "v")}
        return template.format(
            star=star,
            thing=self.name,
            staged=self.curated,
            table=self.table_name,
            columns=", ".join(self._names),
            differs="\n            OR ".join(
                f"COALESCE(d.{name}, '-') <> COALESCE(l.{name}, '-')" for name in self._names
            ),
            assignments=",\n        ".join(f"{name} = l.{name}" for name in self._names),
            o_volatile=",\n            ".join(f"o.{name}" for name in self.volatile.split()),
            volatile_assignments=",\n        ".join(f"{name} = c.{name}" for name in self.volatile.split()),
            volatile_differs="\n            OR ".join(
                f"{self.table_name}.{name} <> c.{name} OR ({self.table_name}.{name} IS NULL) <> (c.{name} IS NULL)"
                for name in self.volatile.split()
            ),
            **lists,
        )

    @property
    def _names(self) -> list[str]:
        return self.columns.split()

    def _of(self, alias: str) -> str:
        return ", ".join(f"{alias}.{name}" for name in self._names)
