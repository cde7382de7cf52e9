"""Slices cover the observation window without a gap, however they are cut."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.ticketmaster.windows import MOST_PER_WINDOW, Bounds, Slice, observation, undated

START = datetime(2026, 11, 20, tzinfo=UTC)
EPOCH = int(START.timestamp())

widths = st.one_of(st.integers(0, 5), st.integers(0, 300), st.integers(0, 60 * 86_400))


@st.composite
def slices_with_samples(draw):
    width = draw(widths)
    instants = st.integers(EPOCH - 10, EPOCH + width + 10)
    crowds = st.lists(st.tuples(instants, st.integers(1, 40)), max_size=8)
    sample = [instant for instant, size in draw(crowds) for _ in range(size)]
    sample += draw(st.lists(instants, max_size=60))
    return Slice("US", START, START + timedelta(seconds=width)), sample


@given(slices_with_samples(), st.integers(MOST_PER_WINDOW + 1, 60_000))
def test_parts_cover_every_second_and_each_is_narrower(case, total):
    whole, sample = case
    parts = whole.in_time(total, sample)
    if not parts:
        return
    assert parts[0].start == whole.start and parts[-1].end == whole.end
    for before, after in pairwise(parts):
        assert before.start <= before.end <= after.end
        assert timedelta() <= after.start - before.end <= timedelta(seconds=1)
    assert all(part.end - part.start < whole.end - whole.start for part in parts)
    assert all((part.country, part.filters) == (whole.country, whole.filters) for part in parts)


@given(slices_with_samples(), st.integers(MOST_PER_WINDOW + 1, 60_000))
def test_only_a_single_second_is_left_uncut(case, total):
    whole, sample = case
    assert bool(whole.in_time(total, sample)) is (whole.start < whole.end)


@given(st.integers(0, 90 * 86_400))
def test_a_crowd_at_one_second_is_set_apart_at_once(at):
    whole, crowd = observation("US", START, START + timedelta(days=90, seconds=1)), EPOCH + at
    parts = whole.in_time(5000, [crowd] * 200)
    [alone] = [part for part in parts if part.start.timestamp() <= crowd <= part.end.timestamp()]
    assert alone.start == alone.end
    assert len(parts) <= 4


@pytest.mark.parametrize("events", [2_000, 30_000])
def test_a_sample_of_the_beginning_only_does_not_mislead(events):
    """Where ids grow with time, the first page holds the earliest events: the rest must not end up in one part."""
    whole = observation("US", START, START + timedelta(days=30))
    first_page = [EPOCH + n * 30 * 86_400 // events for n in range(200)]
    parts = whole.in_time(min(events, 10_000), first_page)
    assert max(part.end - part.start for part in parts) <= (whole.end - whole.start) / 2


def test_edges_lie_where_no_event_starts():
    evening = EPOCH + 19 * 3600
    sample = [evening + hour * 3600 for hour in range(0, 240, 12)]
    parts = observation("US", START, START + timedelta(days=12)).in_time(2000, sample)
    assert len(parts) > 1
    assert {part.end.second for part in parts[:-1]} == {30}


def test_the_end_of_the_observation_is_exclusive():
    piece = observation("CA", START, START + timedelta(days=30))
    assert piece.params() == {
        "countryCode": "CA",
        "startDateTime": "2026-11-20T00:00:00Z",
        "endDateTime": "2026-12-19T23:59:59Z",
    }
    assert piece.params(Bounds.UNKNOWN)["startDateTime"] == "2026-11-19T23:59:59Z"
    assert piece.params(Bounds.UNKNOWN)["endDateTime"] == "2026-12-20T00:00:00Z"


def test_bounds_in_another_zone_are_sent_as_utc():
    eastern = datetime.fromisoformat("2026-11-19T19:00:00-05:00")
    assert observation("US", eastern, eastern + timedelta(days=1)).params()["startDateTime"] == "2026-11-20T00:00:00Z"


def test_undated_slices_are_asked_for_without_dates_and_admit_each_other():
    tba, tbd = (piece.params() for piece in undated("US"))
    assert tba == {"countryCode": "US", "includeTBA": "only", "includeTBD": "yes"}
    assert tbd == {"countryCode": "US", "includeTBD": "only", "includeTBA": "yes"}
    assert not undated("US")[0].in_time(5000, [EPOCH])


def test_names_are_distinct_and_safe():
    day = observation("US", START, START + timedelta(days=1))
    pieces = [day, *day.by("segmentId", ["KZFzniwnSyZfZ7v7nJ", "x-y_z"]), *undated("US"), day.at(EPOCH, "G5v0Z9_-")]
    names = [piece.name for piece in pieces]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.=-]*", name) and ".." not in name for name in names)


@pytest.mark.parametrize("end", [START, START - timedelta(seconds=1), START + timedelta(microseconds=1)])
def test_an_observation_of_nothing_is_refused(end):
    with pytest.raises(ValueError, match="whole seconds"):
        observation("US", START, end)
