"""Retention only deletes objects that can be recreated, never those of a live run, and no lock loses its fence."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from lake import layout
from lake.layout import RunId
from lake.retention import Deleted, Retention
from lake.run_lock import RunLock
from lake.store import Lake

NOW = datetime.now(UTC)
LATER, EARLIER = NOW + timedelta(hours=1), NOW - timedelta(hours=1)
LEASE = timedelta(hours=4)
OVER, LIVE = RunId("ticketmaster_daily", date(2026, 11, 1)), RunId("tickit_daily", date(2026, 11, 20))


@pytest.fixture
def full(lake: Lake) -> Lake:
    """A lake with objects of 5 bytes under every prefix."""
    for run in (OVER, LIVE):
        lake.put(layout.staging_table_prefix(run, "events") + "part-0.parquet", b"12345")
        lake.put(layout.staging_copy_manifest_key(run, "events"), b"12345")
    lake.put(layout.raw_key("ticketmaster", OVER, "events/p0.json.gz"), b"12345")
    lake.put(layout.curated_key("ticketmaster", "events", OVER, "events", 0), b"12345")
    lake.put(layout.quarantine_key("ticketmaster", "events", OVER, 0), b"12345")
    lake.put(layout.outcome_key(OVER), b"12345")
    lake.put(layout.counter_key("ticketmaster", "requests-2026-11-01"), b"12345")
    return lake


def keys(lake: Lake) -> set[str]:
    return {stored_object.key for stored_object in lake.list("")}


def at(moment: datetime, lake: Lake, *, dry_run: bool = False) -> Retention:
    return Retention(lake, dry_run, now=lambda: moment)


def test_old_staging_goes_and_nothing_else(full: Lake) -> None:
    before = keys(full)
    assert at(NOW, full).delete_staging(LATER) == Deleted(objects=4, bytes=20)
    assert before - keys(full) == {key for key in before if key.startswith("staging/")}


def test_what_is_not_old_enough_stays(full: Lake) -> None:
    before = keys(full)
    assert at(NOW, full).delete_staging(EARLIER) == Deleted(0, 0)
    assert at(NOW, full).delete_counters(EARLIER) == Deleted(0, 0)
    assert keys(full) == before


def test_the_staging_of_a_run_that_goes_on_stays(full: Lake) -> None:
    RunLock(full, LIVE.pipeline, now=lambda: NOW).acquire("manual-1", LIVE, LEASE)
    assert at(NOW, full).live_runs() == {str(LIVE)}
    assert at(NOW, full).delete_staging(LATER) == Deleted(objects=2, bytes=10)
    assert {key.split("/")[2] for key in keys(full) if key.startswith("staging/")} == {str(LIVE)}


def test_counters_of_days_that_are_over_go(full: Lake) -> None:
    assert at(NOW, full).delete_counters(LATER) == Deleted(objects=1, bytes=5)
    assert not full.exists(layout.counter_key("ticketmaster", "requests-2026-11-01"))
    assert full.exists(layout.outcome_key(OVER))


def test_a_dry_run_tells_the_same_and_changes_nothing(full: Lake) -> None:
    RunLock(full, OVER.pipeline, now=lambda: NOW - 2 * LEASE).acquire("killed-1", OVER, LEASE)
    before = {stored_object.key: stored_object.etag for stored_object in full.list("")}
    dry = at(NOW, full, dry_run=True)
    dry_results = dry.delete_staging(LATER), dry.delete_counters(LATER), [lock.holder for lock in dry.release_locks()]
    assert {stored_object.key: stored_object.etag for stored_object in full.list("")} == before
    real = at(NOW, full)
    assert dry_results == (
        real.delete_staging(LATER),
        real.delete_counters(LATER),
        [lock.holder for lock in real.release_locks()],
    )


def test_a_lock_whose_holder_was_killed_is_given_back_and_keeps_its_fence(lake: Lake) -> None:
    killed = RunLock(lake, OVER.pipeline, now=lambda: NOW - 2 * LEASE)
    killed_lock = killed.acquire("killed-1", OVER, LEASE)
    RunLock(lake, LIVE.pipeline, now=lambda: NOW).acquire("manual-1", LIVE, LEASE)

    assert [lock.holder for lock in at(NOW, lake).release_locks()] == ["killed-1"]
    assert at(NOW, lake).release_locks() == []
    lock = RunLock(lake, OVER.pipeline, now=lambda: NOW)
    assert lock.current().released_at == NOW
    assert lock.acquire("manual-2", OVER, LEASE).fence == killed_lock.fence + 1
    assert RunLock(lake, LIVE.pipeline).current().released_at is None


def test_a_lock_that_is_taken_over_meanwhile_is_left_to_its_new_holder(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    RunLock(lake, OVER.pipeline, now=lambda: NOW - 2 * LEASE).acquire("killed-1", OVER, LEASE)
    put = Lake.put_if_match

    def overtaken(self: Lake, *args: object, **options: object) -> str:
        monkeypatch.undo()
        RunLock(lake, OVER.pipeline, now=lambda: NOW).acquire("manual-2", OVER, LEASE)
        return put(self, *args, **options)

    monkeypatch.setattr(Lake, "put_if_match", overtaken)
    assert at(NOW, lake).release_locks() == []
    assert RunLock(lake, OVER.pipeline).current().is_held_by("manual-2")
