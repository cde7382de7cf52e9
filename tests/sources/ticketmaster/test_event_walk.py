"""However large the crowds, the walk fetches every event, or reports exactly how many it could not fetch."""

from __future__ import annotations

import asyncio
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.ticketmaster import BadRequest
from sources.ticketmaster.documents import Page
from sources.ticketmaster.event_walk import EventWalk
from sources.ticketmaster.windows import observation
from tests.fixtures.landing import MemoryLanding

START = datetime(2026, 11, 20, tzinfo=UTC)
EPOCH = int(START.timestamp())
EVENING = EPOCH + 19 * 3600
MUSIC = "KZFzniwnSyZfZ7v7nJ"


@dataclass(frozen=True)
class Event:
    id: str
    start: int
    segment: str | None = None
    genre: str | None = None
    state: str | None = None


class TinyApi:
    """The search of the API and its limits, over events in memory, in place of a page reader."""

    def __init__(self, events: list[Event]) -> None:
        self.events = sorted(events, key=lambda event: event.id)
        self.asked = 0

    def read(self, entity: str, stem: str, number: int, params: dict[str, str]) -> Page:
        self.asked += 1
        size = int(params["size"])
        if number * size >= 1000:
            raise BadRequest("DIS1035", "Max paging depth exceeded")
        low, high = (self._epoch(params[name]) for name in ("startDateTime", "endDateTime"))
        filters = {"segment": "segmentId", "genre": "genreId", "state": "stateCode", "id": "id"}
        matches = [
            event
            for event in self.events
            if low <= event.start <= high
            and all(getattr(event, mine) == params[theirs] for mine, theirs in filters.items() if theirs in params)
        ]
        if params["sort"].startswith("name"):
            random.Random(5).shuffle(matches)
        if params["sort"].endswith("desc"):
            matches.reverse()
        page = matches[number * size : (number + 1) * size]
        return Page(
            min(len(matches), 10_000),
            tuple(event.id for event in page),
            starts=tuple(event.start for event in page),
            example=(page[0].id, page[0].start) if page else None,
            states=frozenset(event.state for event in page if event.state),
        )

    @staticmethod
    def _epoch(text: str) -> int:
        return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp())


class MovingApi(TinyApi):
    """An event of the last day moves to the first one when the first days have been read."""

    def read(self, entity: str, stem: str, number: int, params: dict[str, str]) -> Page:
        if self.asked == 8:
            last = max(self.events, key=lambda event: event.start)
            self.events[self.events.index(last)] = replace(last, start=EPOCH + 600)
        return super().read(entity, stem, number, params)


class GrowingApi(TinyApi):
    """Ten events appear in a crowd while it is read, where it was not read yet."""

    def read(self, entity: str, stem: str, number: int, params: dict[str, str]) -> Page:
        if params.get("stateCode") == "TX" and not any(event.id.startswith("new") for event in self.events):
            self.events += crowd(10, tag="new", state="UT")
            self.events.sort(key=lambda event: event.id)
        return super().read(entity, stem, number, params)


def walk(
    events: list[Event], country: str = "XX", api_of: type[TinyApi] = TinyApi
) -> tuple[EventWalk, MemoryLanding, TinyApi]:
    api, landing = api_of(events), MemoryLanding()
    client = SimpleNamespace(requests_made=0, quota_left=0, pace=0.0)
    with ThreadPoolExecutor(2) as pool:
        walked = EventWalk(client, api, landing, pool, 2)
        genres = [{"id": f"genre{number}"} for number in range(12)]
        walked.atlas.add_classifications([{"segment": {"id": MUSIC, "_embedded": {"genres": genres}}}, {"type": {}}])
        asyncio.run(walked.collect_all([observation(country, START, START + timedelta(days=30))]))
    return walked, landing, api


def crowd(size: int, at: int = EVENING, tag: str = "", **looks) -> list[Event]:
    return [
        Event(f"{tag}{at}-{n:05d}", at, **{key: look(n) if callable(look) else look for key, look in looks.items()})
        for n in range(size)
    ]


@pytest.mark.parametrize(
    "events",
    [
        pytest.param(crowd(1800), id="from both ends"),
        pytest.param(crowd(5000, segment=MUSIC, genre=lambda n: f"genre{n % 12}"), id="by genre of a segment"),
        pytest.param(crowd(9000, segment=MUSIC, state=lambda n: ["NY", "CA", "TX", "FL", "IL"][n % 5]), id="by state"),
        pytest.param(crowd(6000, genre=lambda n: f"genre{n % 12}"), id="by genre without a segment"),
        pytest.param(crowd(4000, state=lambda n: f"Z{n % 9}"), id="by states that only the pages tell of"),
        pytest.param(
            [event for second in range(30) for event in crowd(300, EVENING + second)],
            id="over neighbouring seconds",
        ),
        pytest.param(crowd(11_000, segment=MUSIC, genre=lambda n: f"genre{n % 12}"), id="more than a total can say"),
    ],
)
def test_crowds_are_read_whole(events):
    events = events + [Event(f"other{n}", EPOCH + n * 1800 + 420) for n in range(1400)]
    walked, landing, _ = walk(events)
    assert walked.tally.distinct() == len(events)
    assert walked.residual == 0
    if len(events) < 10_000:
        assert all(counts.note is None for counts in landing.slices)
        assert walked.unproven == []


def test_an_event_that_moves_from_what_is_still_to_be_read_to_what_was_read_is_found():
    events = [Event(f"{n * 7919 % 2400:05d}", EPOCH + n * 1000) for n in range(2400)]
    walked, landing, api = walk(events, api_of=MovingApi)
    assert api.asked > 2 * 2400 / 200, "the parts were not read again"
    assert walked.tally.distinct() == len(events)
    assert walked.residual == 0
    assert any("between its parts" in counts.name for counts in landing.slices)


def test_what_a_crowd_gains_while_it_is_read_does_not_stand_in_for_what_cannot_be_had():
    """Ten that are in no state, and ten that appear meanwhile: counted together, nothing would be short."""
    events = crowd(4000, state=lambda n: ["NY", "TX", "UT", "WA"][n % 4] if n > 1500 or n < 1490 else None)
    walked, landing, api = walk(events, "US", GrowingApi)
    [counts] = [counts for counts in landing.slices if counts.residual]
    assert len(api.events) == counts.reported == 4010
    assert 0 < walked.residual == 4010 - walked.tally.distinct()


def test_what_nothing_can_tell_apart_is_named_to_the_event():
    events = crowd(5000, segment=MUSIC)
    walked, landing, _ = walk(events)
    [counts] = [counts for counts in landing.slices if counts.residual]
    assert (counts.reported, counts.fetched) == (5000, walked.tally.distinct())
    assert walked.residual == counts.residual == 5000 - walked.tally.distinct()
    assert f"{counts.residual} events that the source reports could not be fetched" in counts.note


def test_a_capped_total_that_cannot_be_cut_is_said_to_prove_nothing():
    walked, landing, _ = walk(crowd(12_000))
    [counts] = [counts for counts in landing.slices if counts.reported]
    assert "it is unknown whether events are missing" in counts.note
    assert counts.residual is None
    assert walked.unproven == [counts.name]


def test_an_ordinary_month_costs_few_requests():
    chance = random.Random(7)
    evenings = [EPOCH + day * 86_400 + hour * 3600 for day in range(30) for hour in (0, 1, 2, 19, 20)]
    events = [Event(f"e{n}", chance.choice(evenings)) for n in range(12_000)]
    walked, _, api = walk(events)
    assert walked.tally.distinct() == len(events)
    assert api.asked <= 1.25 * 12_000 / 200


def test_ids_that_grow_with_time_cost_no_more_than_half_again():
    events = [Event(f"{n:06d}", EPOCH + n * 2_591_999 // 12_000) for n in range(12_000)]
    walked, _, api = walk(events)
    assert walked.tally.distinct() == len(events)
    assert api.asked <= 1.5 * 12_000 / 200


looks = st.fixed_dictionaries(
    {
        "segment": st.sampled_from([None, MUSIC, "KZFzniwnSyZfZ7v7nE"]),
        "genre": st.sampled_from([None, "genre1", "genre2"]),
        "state": st.sampled_from([None, "NY", "TX"]),
    }
)
crowds = st.tuples(st.integers(0, 2_591_999), st.integers(1, 1500), looks)


@settings(max_examples=25, deadline=None)
@given(st.lists(crowds, min_size=1, max_size=5), st.integers(0, 3))
def test_reported_is_fetched_plus_residual(drawn, spread):
    events = [
        Event(f"{number}-{n}", EPOCH + min(at + n % (spread + 1), 2_591_999), **look)
        for number, (at, size, look) in enumerate(drawn)
        for n in range(size)
    ]
    walked, landing, _ = walk(events)
    assert len(events) - walked.tally.distinct() == walked.residual
    assert all((counts.note is None) is (counts.residual == 0) for counts in landing.slices)
    assert walked.reported >= len(events)
