"""Which observation of a day a run works on: raw data that is there is never fetched again, a refetch lands beside it.

The observations of a day are numbered from 1; each is the raw data of one extract (`lake.layout.RunId`). One is
finished when every entity has its manifest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lake import layout
from lake.layout import RunId
from lake.outcomes import RunOutcome
from lake.store import Lake

# An extract begun before midnight may be resumed after it; later, what it would add was not on sale that day.
RESUME_DAYS = 1


class CannotObserve(Exception):
    """The day cannot be observed."""


class CannotObserveThePast(CannotObserve):
    """The source tells only what is true now, and there is no (finished) raw data of that past day."""


class CannotObserveTheFuture(CannotObserve):
    """The day has not come yet."""


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

    def choose(
        self,
        business_date: date,
        *,
        today: date,
        has_past: bool,
        refetch: bool = False,
        dag_run_id: str = "",
        resumable: Callable[[RunId], bool] = lambda run: True,
    ) -> Observation:
        """The observation that a run of a day works on.

        Without `refetch`: the newest finished one; else an unfinished one, to resume; else the first. With it: an
        unfinished one, to resume; the newest when this same DAG run opened it (a retry); else a new one.

        Args:
            business_date: the day.
            today: the current day, UTC.
            has_past: whether the source can still tell what was true on a past day (files, tables) or only what is
                true now (an API of what is on sale).
            refetch: whether to observe the day anew though it was observed before.
            dag_run_id: the DAG run that asks.
            resumable: whether an unfinished observation may be resumed: not one that was begun on something else. A
                new one is opened beside it then.

        Raises:
            CannotObserveTheFuture: the day is after today.
            CannotObserveThePast: the day is over, the source has no past, and something would have to be fetched.
        """
        if business_date > today:
            raise CannotObserveTheFuture(
                f"cannot observe the future: {business_date} is after today, {today} (UTC); choose a date up to today"
            )
        chosen = self._chosen(self.of(business_date), business_date, refetch, dag_run_id, resumable)
        if chosen.finished or has_past or business_date == today:
            return chosen
        begun = any(True for entity in self.entities for _ in self._objects(entity, chosen.run))
        if not begun or (today - business_date) > timedelta(days=RESUME_DAYS):
            raise self._refusal(business_date, today, begun=begun, refetch=refetch)
        return chosen

    def _chosen(
        self,
        seen: list[Observation],
        business_date: date,
        refetch: bool,
        dag_run_id: str,
        resumable: Callable[[RunId], bool],
    ) -> Observation:
        if not seen:
            return Observation(RunId(self.pipeline, business_date), finished=False)
        newest = seen[-1]
        finished = next((one for one in reversed(seen) if one.finished), None)
        if finished and not refetch:
            return finished
        is_ours = self._opened_by(newest.run) == dag_run_id != "" if newest.finished else resumable(newest.run)
        if is_ours:
            return newest
        return Observation(RunId(self.pipeline, business_date, newest.run.observation + 1), finished=False)

    def _refusal(self, business_date: date, today: date, *, begun: bool, refetch: bool) -> CannotObserveThePast:
        have = "the raw data of that day is unfinished" if begun else "there is no raw data of that day"
        if refetch and self.newest_finished(business_date):
            have, advice = "it cannot be fetched again", "run it without refetch to rebuild it from its raw data"
        else:
            advice = f"run {today}, or a day that has finished raw data in {self.lake.uri(f'raw/{self.source}/')}"
        return CannotObserveThePast(
            f"cannot observe the past: {self.source} tells only what is true now, {have} ({business_date}); {advice}"
        )

    def _days(self) -> set[date]:
        """The days of which there is any raw data."""
        roots = (layout.raw_root(self.source, entity) for entity in self.entities)
        days = (layout.day_of(folder) for root in roots for folder in self.lake.list_prefixes(root))
        return set(filter(None, days))

    def _objects(self, entity: str, run: RunId) -> list[str]:
        return [found.key for found in self.lake.list(layout.raw_prefix(self.source, entity, run))]

    def _opened_by(self, run: RunId) -> str | None:
        outcome = RunOutcome.read(self.lake, run)
        return outcome.opened_by if outcome else None

    def _run_of(self, folder: str) -> RunId | None:
        """The run of a raw folder; None for one of another pipeline, or that no run made."""
        match = re.search(r"/run_id=([^/]+)/$", folder)
        try:
            run = RunId.parse(match[1]) if match else None
        except ValueError:
            return None
        return run if run and run.pipeline == self.pipeline else None
