"""The observations of a source in the lake.

The observations of a day are numbered from 1; each is the raw data of one extract (`lake.layout.RunId`). An observation
is finished when every entity has a manifest.
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
        finished: whether its raw data is complete.
    """

    run: RunId
    finished: bool


@dataclass(frozen=True, slots=True)
class Observations:
    """The observations of a source in the lake.

    Attributes:
        lake: the lake.
        source: the source.
        entities: the raw entities; an observation that lacks the manifest of one of them is unfinished.
        pipeline: the pipeline that makes the observations.
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
        all_entities = set(self.entities)
        return [
            Observation(run, with_manifest == all_entities)
            for run, with_manifest in sorted(finished.items(), key=lambda item: item[0].observation)
        ]

    def newest_finished(self, business_date: date) -> RunId | None:
        """The observation that validation and loading use, or None."""
        observations = reversed(self.of(business_date))
        return next((observation.run for observation in observations if observation.finished), None)

    def newest_before(self, run: RunId) -> RunId | None:
        """The newest finished observation before a run's: of its own day, else of an earlier day; None without one."""
        for day in sorted(self._days(), reverse=True):
            for observation in reversed(self.of(day) if day <= run.business_date else ()):
                is_earlier = (day, observation.run.observation) < (run.business_date, run.observation)
                if observation.finished and is_earlier:
                    return observation.run
        return None

    def _days(self) -> set[date]:
        """The days with any raw data."""
        roots = (layout.raw_root(self.source, entity) for entity in self.entities)
        days = (layout.day_of(folder) for root in roots for folder in self.lake.list_prefixes(root))
        return set(filter(None, days))

    def _run_of(self, folder: str) -> RunId | None:
        """The run of a raw folder; None if the folder is of another pipeline or of no run."""
        match = re.search(r"/run_id=([^/]+)/$", folder)
        try:
            run = RunId.parse(match[1]) if match else None
        except ValueError:
            return None
        return run if run and run.pipeline == self.pipeline else None
