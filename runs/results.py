"""The results of a run's tasks, which the orchestrator stores for people."""

from __future__ import annotations

from typing import TypedDict


class LandedEvents(TypedDict, total=False):
    """A crawl: requests of all its attempts, distinct events, and events that could not be fetched."""

    requests: int
    events: int
    residual: int
    finished: str


class LandedFiles(TypedDict, total=False):
    """The files of an entity: its records, and the earlier run that landed them if they did not change."""

    records: int
    same_as: str | None
    finished: str


class RecordCounts(TypedDict):
    """The counts of an entity's records: raw = curated + quarantined + duplicates."""

    raw: int
    curated: int
    quarantined: int
    duplicates: int


class Audited(TypedDict):
    """An audit: its score (0 to 100), the number of rules, and the names of those that failed."""

    score: float
    rules: int
    failing: list[str]


class Published(TypedDict):
    """Whether this task published the run, or an earlier one did."""

    published: bool


class LakeDeleted(TypedDict):
    """The result of maintenance in the lake: deleted objects and bytes, and released locks."""

    staging: dict[str, int]
    counters: dict[str, int]
    locks: list[str]


class LedgerDeleted(TypedDict):
    """The result of maintenance in the ledger: runs closed as failed, and deleted rows by table."""

    abandoned: list[str]
    staged_rows: dict[str, int]
    details: dict[str, int]
