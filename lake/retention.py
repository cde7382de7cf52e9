"""Deletion of data that the lake keeps for a limited time: staged files, counters, and locks that were left behind.

Everything else is rebuilt from raw, curated and quarantined data. This module never deletes those.
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
    """The objects that were deleted, or would be in a dry run.

    Attributes:
        objects: their number.
        bytes: their total size.
    """

    objects: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Retention:
    """Deletes objects that are past their retention.

    Attributes:
        lake: the lake.
        dry_run: only log what would be deleted.
        now: the time, UTC; replaced by tests.
    """

    lake: Lake
    dry_run: bool = False
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def delete_staging(self, before: datetime) -> Deleted:
        """Delete files staged before a time (aware), except those of a run that is still working.

        A run stages its rows again whenever its job runs, so no run needs the deleted files.
        """
        live_prefixes = {layout.staging_prefix(layout.RunId.parse(run_id)) for run_id in self.live_runs()}
        return self._delete(layout.staging_root(), before, spared=tuple(sorted(live_prefixes)))

    def delete_counters(self, before: datetime) -> Deleted:
        """Delete counters that were last written before a time (aware): those of past days and ended runs."""
        return self._delete(layout.counters_root(), before)

    def live_runs(self) -> frozenset[str]:
        """Runs that hold their pipeline's lock with an unexpired lease."""
        now = self.now()
        return frozenset(lock.run_id for lock in self._locks() if not lock.is_free(now))

    def release_locks(self) -> list[Lock]:
        """Release locks with an expired lease that a killed or stopped holder left behind; returns those."""
        if self.dry_run:
            now = self.now()
            return [lock for lock in self._locks() if lock.released_at is None and lock.is_free(now)]
        run_locks = (self._run_lock(lock.pipeline) for lock in self._locks())
        return [released for run_lock in run_locks if (released := run_lock.release_expired())]

    def _locks(self) -> list[Lock]:
        keys = [listed.key for listed in self.lake.list(layout.locks_root())]
        locks = (self._run_lock(layout.locked_pipeline(key)).current() for key in keys)
        return [lock for lock in locks if lock is not None]

    def _run_lock(self, pipeline: str) -> RunLock:
        return RunLock(self.lake, pipeline, now=self.now)

    def _delete(self, root: str, before: datetime, spared: tuple[str, ...] = ()) -> Deleted:
        expired = [
            listed for listed in self.lake.list(root) if listed.modified < before and not listed.key.startswith(spared)
        ]
        if not self.dry_run:
            self.lake.delete(listed.key for listed in expired)
        deleted = Deleted(len(expired), sum(listed.size for listed in expired))
        verb = "would delete" if self.dry_run else "deleted"
        log.info("%s %d objects (%d bytes) below %s", verb, deleted.objects, deleted.bytes, self.lake.uri(root))
        return deleted
