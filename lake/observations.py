"""The observations of a source that the lake holds.

The observations of a day are numbered from 1; each is the raw data of one extract (`lake.layout.RunId`). One is
finished when every entity has its manifest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lake import layout
from lake.layout import RunId
from lake.store import Lake


@dataclass(frozen=True, slots=True)
class Observation:
    """One observation of a day.

    Attributes:
        run: its identity.
        finished: whether all its raw data is landed.
    """

    run: RunId
    finished: bool


@dataclass(frozen=True, slots=True)
class Observations:
    """The observations that the lake holds of a source.

    Attributes:
        lake: the lake.
        source: the source.
        entities: the raw entities; an observation without the manifest of any of them is unfinished.
        pipeline: whose runs they are.
    """

    lake: Lake
    source: str
    entities: Sequence[str]
    pipeline: str

    def of(self, business_date: date) -> list[Observation]:
        """All observations of a day, oldest first."""
        finished: dict[RunId, set[str]] = {}
        for entity in self.entities:
            for folder in self.lake.list_prefixes(layout.raw_day_prefix(self.source, entity, business_date)):
                run = self._run_of(folder)
                if run is None or run.business_date != business_date:
                    continue
                with_manifest = finished.setdefault(run, set())
                if self.lake.exists(layout.raw_manifest_key(self.source, entity, run)):
                    with_manifest.add(entity)
        everything = set(self.entities)
        return [
            Observation(run, with_manifest == everything)
            for run, with_manifest in sorted(finished.items(), key=lambda item: item[0].observation)
        ]

    def newest_finished(self, business_date: date) -> RunId | None:
        """The observation that validation and loading use, or None."""
        return next((seen.run for seen in reversed(self.of(business_date)) if seen.finished), None)

    def newest_before(self, run: RunId) -> RunId | None:
        """The newest finished observation earlier than a run's: of its own day, else of a day before; or None."""
        for day in sorted(self._days(), reverse=True):
            for seen in reversed(self.of(day) if day <= run.business_date else ()):
                is_earlier = (day, seen.run.observation) < (run.business_date, run.observation)
                if seen.finished and is_earlier:
                    return seen.run
        return None

    def _days(self) -> set[date]:
        """The days of which there is any raw data."""
        roots = (layout.raw_root(self.source, entity) for entity in self.entities)
        days = (layout.day_of(folder) for root in roots for folder in self.lake.list_prefixes(root))
        return set(filter(None, days))

    def _run_of(self, folder: str) -> RunId | None:
        """The run of a raw folder; None for one of another pipeline, or that no run made."""
        match = re.search(r"/run_id=([^/]+)/$", folder)
        try:
            run = RunId.parse(match[1]) if match else None
        except ValueError:
            return None
        return run if run and run.pipeline == self.pipeline else None
