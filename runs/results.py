"""What the tasks of a run return, and the orchestrator keeps for people to look at."""

from __future__ import annotations

from typing import TypedDict


class LandedEvents(TypedDict, total=False):
    """A crawl: requests of all its attempts, different events, and events that could not be fetched."""

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
    """What became of the records of an entity: raw = curated + quarantined + duplicates."""

    raw: int
    curated: int
    quarantined: int
    duplicates: int


class Audited(TypedDict):
    """An audit: its score (0 to 100), how many rules were asked, and the names of those that failed."""

    score: float
    rules: int
    failing: list[str]


class Published(TypedDict):
    """Whether the run was published now, or had been before."""

    published: bool


class LakeDeleted(TypedDict):
    """What maintenance deleted of the lake: objects and bytes, and the locks that it gave back."""

    staging: dict[str, int]
    counters: dict[str, int]
    locks: list[str]


class LedgerDeleted(TypedDict):
    """What maintenance did to the ledger: runs closed as failed, and rows deleted by table."""

    abandoned: list[str]
    staged_rows: dict[str, int]
    details: dict[str, int]
