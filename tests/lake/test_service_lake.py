"""The run lock and the landing on the local AWS, used by several callers at the same time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from aws_services.s3 import S3
from infra.local_aws import LocalAws
from lake.landing import RawDataChanged, RawLanding
from lake.layout import RunId
from lake.run_lock import RunInProgress, RunLock
from lake.store import Lake

pytestmark = pytest.mark.service
RUN = RunId("lake_service_test", date(2026, 11, 20))


@pytest.fixture(scope="module")
def served_lake(local_aws: LocalAws) -> Lake:
    s3 = S3()
    s3._client.create_bucket(Bucket="lake-service-test")
    return Lake(s3, "lake-service-test")


def test_of_many_runs_at_once_one_gets_the_lock_in_every_round(served_lake: Lake) -> None:
    start = threading.Barrier(6)

    def ask(holder: str) -> str | None:
        start.wait(timeout=60)
        try:
            RunLock(served_lake, RUN.pipeline).acquire(holder, RUN, timedelta(hours=1))
        except RunInProgress:
            return None
        return holder

    for fence in range(1, 6):
        with ThreadPoolExecutor(6) as pool:
            [winner] = [holder for holder in pool.map(ask, "abcdef") if holder]
        current_lock = RunLock(served_lake, RUN.pipeline).current()
        assert current_lock is not None
        assert (current_lock.holder, current_lock.fence) == (winner, fence)
        assert RunLock(served_lake, RUN.pipeline).release(winner)


def test_a_page_landed_by_two_at_once_is_landed_once(served_lake: Lake) -> None:
    start = threading.Barrier(6)

    def land(number: int) -> str:
        landing = RawLanding(served_lake, "ticketmaster", RUN, ["events"])
        start.wait(timeout=60)
        try:
            landing.land("events/p0.json.gz", f"body {number % 2}".encode(), records=1, request={})
        except RawDataChanged:
            return "refused"
        return f"body {number % 2}"

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(land, range(6)))
    landing = RawLanding(served_lake, "ticketmaster", RUN, ["events"])
    kept = landing.read("events/p0.json.gz")
    assert kept is not None
    assert sorted(outcomes) == sorted([kept.decode()] * 3 + ["refused"] * 3)
    assert landing.finish()["events"].records == 1
