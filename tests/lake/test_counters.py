"""A count outlives the process that counted."""

from __future__ import annotations

import pytest

from aws_services.errors import NoSuchBucket
from lake.counters import LakeCounter
from lake.store import CorruptObject, Lake


def test_a_count_is_found_again(lake: Lake) -> None:
    assert LakeCounter(lake, "ticketmaster", "requests-2026-11-20").load() == 0
    LakeCounter(lake, "ticketmaster", "requests-2026-11-20").save(4711)
    assert LakeCounter(lake, "ticketmaster", "requests-2026-11-20").load() == 4711
    assert LakeCounter(lake, "ticketmaster", "requests-2026-11-21").load() == 0


def test_a_broken_count_is_not_zero(lake: Lake) -> None:
    lake.put("state/counters/ticketmaster/requests.json", b'{"value": null}')
    with pytest.raises(CorruptObject, match="delete it to count from 0"):
        LakeCounter(lake, "ticketmaster", "requests").load()


def test_a_missing_bucket_is_not_zero(lake: Lake) -> None:
    with pytest.raises(NoSuchBucket):
        LakeCounter(Lake(lake.s3, "elsewhere"), "ticketmaster", "requests").load()
