"""What the lake keeps for a while only: staged files, counters, and locks whose holder is gone.

Raw, curated and quarantined data is the truth that everything else is rebuilt from: nothing here can touch it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from lake import layout
from lake.run_lock import Lock, RunLock
from lake.store import Lake

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Deleted:
    """What was deleted, or in a dry run would be.

    Attributes:
        objects: how many.
        bytes: their size together.
    """

    objects: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Retention:
    """Deletes what is older than it must be kept.

    Attributes:
        lake: the lake.
        dry_run: only say what would be deleted.
        now: the time, UTC; replaced by tests.
    """

    lake: Lake
    dry_run: bool = False
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def delete_staging(self, before: datetime) -> Deleted:
        """Delete files staged before a time (aware), except those of a run that is going on.

        A run stages anew whenever its job runs, so that none misses what is deleted here.
        """
        going_on = {layout.staging_prefix(layout.RunId.parse(run_id)) for run_id in self.live_runs()}
        return self._delete(layout.staging_root(), before, spared=tuple(sorted(going_on)))

    def delete_counters(self, before: datetime) -> Deleted:
        """Delete counters that nobody wrote since a time (aware): those of days and runs that are over."""
        return self._delete(layout.counters_root(), before)

    def live_runs(self) -> frozenset[str]:
        """Runs that hold their pipeline's lock under a lease that is not over."""
        now = self.now()
        return frozenset(lock.run_id for lock in self._locks() if not lock.is_free(now))

    def release_locks(self) -> list[Lock]:
        """Give back locks whose lease is over and that their holder, killed or stopped, left behind; returns those."""
        if self.dry_run:
            now = self.now()
            return [lock for lock in self._locks() if lock.released_at is None and lock.is_free(now)]
        return [left for lock in self._locks() if (left := self._run_lock(lock.pipeline).release_expired())]

    def _locks(self) -> list[Lock]:
        keys = [found.key for found in self.lake.list(layout.locks_root())]
        locks = (self._run_lock(layout.locked_pipeline(key)).current() for key in keys)
        return [lock for lock in locks if lock is not None]

    def _run_lock(self, pipeline: str) -> RunLock:
        return RunLock(self.lake, pipeline, now=self.now)

    def _delete(self, root: str, before: datetime, spared: tuple[str, ...] = ()) -> Deleted:
        old = [one for one in self.lake.list(root) if one.modified < before and not one.key.startswith(spared)]
        if not self.dry_run:
            self.lake.delete(one.key for one in old)
        deleted = Deleted(len(old), sum(one.size for one in old))
        verb = "would delete" if self.dry_run else "deleted"
        log.info("%s %d objects (%d bytes) below %s", verb, deleted.objects, deleted.bytes, self.lake.uri(root))
        return deleted
