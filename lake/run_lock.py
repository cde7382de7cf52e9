"""One run of a pipeline at a time: a lock in S3 with conditional writes, a lease and a fencing number.

The lock is one object that is never deleted, so its fencing number only grows, with releases and takeovers alike. A
run publishes with its number, and the warehouse refuses an older one: a run that lost its lock while it was suspended
cannot publish.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aws_services.errors import NoSuchBucket, NotFound, PreconditionFailed
from lake import layout
from lake.layout import RunId
from lake.store import CorruptObject, Lake, decode_json, encode_json

log = logging.getLogger(__name__)

_TRIES = 20


class RunInProgress(Exception):
    """Another run of the pipeline holds the lock.

    Attributes:
        lock: the current lock, with its holder and lease.
    """

    def __init__(self, lock: Lock) -> None:
        super().__init__(lock)
        self.lock = lock

    def __str__(self) -> str:
        lock = self.lock
        return (
            f"pipeline {lock.pipeline} is being run by {lock.holder} (run {lock.run_id}) since "
            f"{lock.acquired_at:%Y-%m-%d %H:%M:%S}Z; wait until it ends or until its lease expires at "
            f"{lock.expires_at:%Y-%m-%d %H:%M:%S}Z (if none of its tasks runs any more, mark it as failed in Airflow). "
            "Then trigger this run again"
        )


class LockLost(Exception):
    """Another run took over this run's lock. This run may no longer write."""


@dataclass(frozen=True, slots=True)
class Lock:
    """A run's lock on its pipeline.

    Attributes:
        pipeline: the pipeline.
        holder: the DAG run.
        run_id: the holder's run.
        fence: fencing number; grows with every new holder.
        acquired_at: when the holder acquired it, UTC.
        expires_at: end of the lease, UTC; after that another run may take over.
        released_at: when it was released, UTC, or None.
    """

    pipeline: str
    holder: str
    run_id: str
    fence: int
    acquired_at: datetime
    expires_at: datetime
    released_at: datetime | None = None

    def is_free(self, now: datetime) -> bool:
        """Whether another run may take it."""
        return self.released_at is not None or now >= self.expires_at

    def is_held_by(self, holder: str) -> bool:
        """Whether this DAG run holds it, even with an expired lease."""
        return self.released_at is None and self.holder == holder

    def as_dict(self) -> dict[str, Any]:
        """The lock as JSON."""
        times = {
            name: None if (moment := getattr(self, name)) is None else moment.isoformat()
            for name in ("acquired_at", "expires_at", "released_at")
        }
        return {**asdict(self), **times}

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> Lock:
        """Parse the result of `as_dict`. Raises KeyError, TypeError or ValueError if it isn't one."""
        released = content["released_at"]
        times = {
            "acquired_at": datetime.fromisoformat(content["acquired_at"]),
            "expires_at": datetime.fromisoformat(content["expires_at"]),
            "released_at": released and datetime.fromisoformat(released),
        }
        return cls(**{**content, **times})


class RunLock:
    """The lock of one pipeline.

    Args:
        lake: the lake that stores it.
        pipeline: the pipeline.
        now: the time, UTC; replaced by tests. Clocks of two machines may differ by less than a lease.
    """

    def __init__(self, lake: Lake, pipeline: str, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._lake = lake
        self._pipeline = pipeline
        self._key = layout.lock_key(pipeline)
        self._now = now

    def acquire(
        self, holder: str, run: RunId, lease: timedelta, *, is_over: Callable[[str], bool] = lambda holder: False
    ) -> Lock:
        """Take the lock, resume it if this DAG run has it already, or take over one that is no longer in use.

        A lock is no longer in use if its lease is over or its holder ended without releasing it, as a killed run does.

        Args:
            holder: the DAG run's id.
            run: the holder's run.
            lease: how long the run may take; the DAG's timeout.
            is_over: returns whether another holder is known to have ended; called only while its lease lasts.

        Returns:
            The lock, with the fencing number for publishing. Resuming keeps the number and renews the lease.

        Raises:
            RunInProgress: another DAG run holds it.
            CorruptObject: the lock object cannot be read.
        """
        for _ in range(_TRIES):
            now = self._now()
            lock = Lock(self._pipeline, holder, str(run), 1, now, now + lease)
            current, etag = self._read()
            try:
                if current is None:
                    self._lake.put_if_absent(self._key, encode_json(lock.as_dict()), content_type="application/json")
                    return lock
                lock = self._successor(current, lock, now, is_over)
                self._write(lock, etag)
            except PreconditionFailed:
                continue  # another run was faster: read the lock again
            if lock.fence > current.fence and current.released_at is None:
                log.warning("took over %s from %s, which did not release its lock", self._pipeline, current.holder)
            return lock
        raise RunInProgress(self._read()[0] or lock)

    def release(self, holder: str) -> bool:
        """Release the lock. It keeps its fencing number.

        Returns:
            False if this DAG run doesn't hold it (released before, or taken over meanwhile); the lock is unchanged.
        """
        current, etag = self._read()
        if current is None or not current.is_held_by(holder):
            return False
        try:
            self._write(replace(current, released_at=self._now()), etag)
        except PreconditionFailed:
            return self.release(holder)
        return True

    def release_expired(self) -> Lock | None:
        """Release a lock that its holder left behind with an expired lease. It keeps its fencing number.

        Returns:
            The lock before the release; None without such a lock, or if another run took it meanwhile.
        """
        current, etag = self._read()
        if current is None or current.released_at is not None or not current.is_free(self._now()):
            return None
        try:
            self._write(replace(current, released_at=self._now()), etag)
        except PreconditionFailed:
            return None
        return current

    def check(self, holder: str, fence: int) -> None:
        """Raise LockLost unless this DAG run still holds the lock, with the fencing number that it acquired."""
        current, _ = self._read()
        if current is None or current.fence != fence or not current.is_held_by(holder):
            new_holder = "no run" if current is None or current.released_at else current.holder
            raise LockLost(
                f"{holder} lost the lock of {self._pipeline}, now held by {new_holder}. "
                "Its data in the lake stays, but it can't publish: trigger it again"
            )

    def renew(self, holder: str, fence: int, lease: timedelta) -> None:
        """Start the lease again for a run that may have waited for a long time. Raises the errors of `check`."""
        for _ in range(_TRIES):
            self.check(holder, fence)
            current, etag = self._read()
            if current is None or not current.is_held_by(holder):
                continue  # just released: the check reports it
            try:
                self._write(replace(current, expires_at=self._now() + lease), etag)
            except PreconditionFailed:
                continue  # another task of the run was faster
            return

    def current(self) -> Lock | None:
        """The current lock, held or released; None if the pipeline never ran."""
        return self._read()[0]

    def _successor(self, current: Lock, new: Lock, now: datetime, is_over: Callable[[str], bool]) -> Lock:
        if current.is_held_by(new.holder):
            return replace(current, run_id=new.run_id, expires_at=new.expires_at)
        if current.is_free(now) or is_over(current.holder):
            return replace(new, fence=current.fence + 1)
        raise RunInProgress(current)

    def _read(self) -> tuple[Lock | None, str]:
        try:
            body, etag = self._lake.get_with_etag(self._key)
        except NoSuchBucket:
            raise
        except NotFound:
            return None, ""
        uri = self._lake.uri(self._key)
        try:
            return Lock.from_dict(decode_json(body, uri)), etag
        except (KeyError, TypeError, ValueError) as error:
            raise CorruptObject(
                f"{uri} is not a run lock. Don't delete it, because its fence must not restart at 1: write it again "
                "with the highest fence of the pipeline in etl.runs"
            ) from error

    def _write(self, lock: Lock, etag: str) -> None:
        self._lake.put_if_match(self._key, encode_json(lock.as_dict()), etag, content_type="application/json")
