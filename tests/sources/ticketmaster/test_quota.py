"""The day's count of requests: kept across processes, corrected by the API, never fooled by its headers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sources.ticketmaster.quota import Quota
from tests.sources.ticketmaster.conftest import StubCounter


def take(quota: Quota, times: int) -> list[bool]:
    return [quota.take() for _ in range(times)]


def test_a_later_process_goes_on_counting():
    counter = StubCounter(value=3)
    quota = Quota(5, counter)
    assert take(quota, 3) == [True, True, False]
    quota.save()
    assert (quota.used, quota.made, quota.left, counter.value) == (5, 2, 0, 5)
    assert Quota(5, counter).left == 0


def test_the_count_is_saved_every_few_requests():
    counter = StubCounter()
    take(Quota(5000, counter), 95)
    assert 85 <= counter.value <= 95
    assert counter.saves <= 10


def test_the_apis_count_is_believed_when_it_is_lower():
    quota = Quota(5000)
    take(quota, 10)
    quota.believe({"Rate-Limit-Available": "2", "Rate-Limit-Reset": "1795140000000"})
    assert quota.left == 2
    assert quota.resets_at == datetime.fromtimestamp(1795140000, UTC)
    assert take(quota, 3) == [True, True, False]


def test_our_own_count_is_kept_when_the_api_allows_more_and_a_renewed_quota_is_used():
    quota = Quota(12)
    take(quota, 10)
    quota.believe({"Rate-Limit-Available": "0"})
    assert quota.left == 0
    quota.believe({"Rate-Limit-Available": "4000"})
    assert quota.left == 2


@pytest.mark.parametrize("nonsense", ["", "many", "-3", "1e9", "٣", "99999999999999999999999"])
def test_nonsense_in_headers_is_no_reason_to_fail(nonsense):
    quota = Quota(100)
    quota.believe({"Rate-Limit-Available": nonsense, "Rate-Limit-Reset": nonsense})
    assert quota.left == 100
    assert quota.resets_at is None


def test_the_apis_verdict_counts_more_than_our_count():
    quota = Quota(5000)
    take(quota, 1)
    quota.exhausted()
    assert quota.left == 0
