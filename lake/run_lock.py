"""One run of a pipeline at a time: a lock kept in S3 by conditional writes, with a lease and a fencing number.

The lock is one object that is never deleted, so that its fencing number only ever grows: over releases and takeovers
alike. Whoever writes to the warehouse shows the number, and an older one is refused there: a run that lost its lock
while it slept cannot publish.
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
        lock: who holds it, since when, until when.
    """

    def __init__(self, lock: Lock) -> None:
        super().__init__(lock)
        self.lock = lock

    def __str__(self) -> str:
        lock = self.lock
        return (
            f"pipeline {lock.pipeline} is being run by {lock.holder} (run {lock.run_id}) since "
            f"{lock.acquired_at:%Y-%m-%d %H:%M:%S}Z; wait for it to end (or, when nothing of it runs any more, mark it "
            f"as failed in Airflow), or until its lease expires at {lock.expires_at:%Y-%m-%d %H:%M:%S}Z, then trigger "
            "this run again"
        )


class LockLost(Exception):
    """The lock is no longer held by this run: another one took over. Nothing may be written."""


@dataclass(frozen=True, slots=True)
class Lock:
    """A run's hold on its pipeline.

    Attributes:
        pipeline: the pipeline.
        holder: the DAG run.
        run_id: the run that it works on.
        fence: fencing number; grows with every new holder.
        acquired_at: when the holder got it, UTC.
        expires_at: end of the lease, UTC; after that another run may take over.
        released_at: when it was given back, UTC, or None.
    """

    pipeline: str
    holder: str
    run_id: str
    fence: int
    acquired_at: datetime
    expires_at: datetime
    released_at: datetime | None = None

    def is_free(self, now: datetime) -> bool:
        """Whether another run may have it."""
        return self.released_at is not None or now >= self.expires_at

    def is_held_by(self, holder: str) -> bool:
        """Whether it is this DAG run's, be its lease over or not."""
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
        """Read `as_dict` back. Raises KeyError, TypeError or ValueError when it is not one."""
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
        lake: where it is kept.
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
        """Take the lock, resume it when this DAG run has it already, or take over one that nobody uses any more.

        Nobody does when its lease is over, or when its holder ended without giving it back, as one that was killed.

        Args:
            holder: the DAG run's id.
            run: the run that it works on.
            lease: how long it may take; the DAG's timeout.
            is_over: tells of another holder whether it is known to have ended; asked only while its lease lasts.

        Returns:
            The lock, with the fencing number to show when publishing. Resuming keeps the number and renews the lease.

        Raises:
            RunInProgress: another DAG run has it.
            CorruptObject: the lock object cannot be read.
        """
        for _ in range(_TRIES):
            now = self._now()
            wanted = Lock(self._pipeline, holder, str(run), 1, now, now + lease)
            current, etag = self._read()
            try:
                if current is None:
                    self._lake.put_if_absent(self._key, encode_json(wanted.as_dict()), content_type="application/json")
                    return wanted
                wanted = self._successor(current, wanted, now, is_over)
                self._write(wanted, etag)
            except PreconditionFailed:
                continue  # somebody was faster: look again who
            if wanted.fence > current.fence and current.released_at is None:
                log.warning("took over %s from %s, which did not give its lock back", self._pipeline, current.holder)
            return wanted
        raise RunInProgress(self._read()[0] or wanted)

    def release(self, holder: str) -> bool:
        """Give the lock back. The fencing number stays in it.

        Returns:
            False when this DAG run does not have it (released before, or taken over meanwhile): nothing was changed.
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
        """Give back a lock that its holder left behind: its lease is over. The fencing number stays in it.

        Returns:
            The lock as it was, or None when there is none to give back (or somebody took it meanwhile).
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
        """Raise LockLost unless this DAG run still has the lock, under the fencing number that it was given."""
        current, _ = self._read()
        if current is None or current.fence != fence or not current.is_held_by(holder):
            now_held = "nobody" if current is None or current.released_at else current.holder
            raise LockLost(
                f"{holder} lost the lock of {self._pipeline}, now held by {now_held}; "
                "what it wrote to the lake stays, it publishes nothing; trigger it again"
            )

    def renew(self, holder: str, fence: int, lease: timedelta) -> None:
        """Let the lease begin anew: the run goes on, though it may have waited for long. Raises what `check` does."""
        for _ in range(_TRIES):
            self.check(holder, fence)
            current, etag = self._read()
            if current is None or not current.is_held_by(holder):
                continue  # given back just now: the check says so
            try:
                self._write(replace(current, expires_at=self._now() + lease), etag)
            except PreconditionFailed:
                continue  # a task beside this one was faster
            return

    def current(self) -> Lock | None:
        """The lock as it is now, held or released; None when the pipeline never ran."""
        return self._read()[0]

    def _successor(self, current: Lock, wanted: Lock, now: datetime, is_over: Callable[[str], bool]) -> Lock:
        if current.is_held_by(wanted.holder):
            return replace(current, run_id=wanted.run_id, expires_at=wanted.expires_at)
        if current.is_free(now) or is_over(current.holder):
            return replace(wanted, fence=current.fence + 1)
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
                f"{uri} is not a run lock. Do not delete it, its fence must not begin anew: write it again with the "
                "highest fence of the pipeline in etl.runs"
            ) from error

    def _write(self, lock: Lock, etag: str) -> None:
        self._lake.put_if_match(self._key, encode_json(lock.as_dict()), etag, content_type="application/json")
