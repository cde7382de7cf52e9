"""The world changes from day to day, and every day of it can be made again."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from infra.simulators.discovery import Universe
from infra.simulators.discovery.oracle import expected
from infra.simulators.discovery.world import World
from infra.simulators.tests.discovery.client import universe

DAY = date(2026, 3, 2)


def bodies(world: World) -> dict[str, dict]:
    return {event.id: json.loads(world.bodies.event(event)) for event in world.events}


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def test_same_seed_same_world() -> None:
    world, other = Universe(5, 400).on(DAY), Universe(5, 400).on(DAY)
    assert [world.bodies.event(event) for event in world.events] == [
        other.bodies.event(event) for event in other.events
    ]
    assert Universe(6, 400).on(DAY).events[0].id != world.events[0].id


def test_a_day_does_not_depend_on_the_days_asked_before() -> None:
    direct = Universe(5, 400).on(DAY + timedelta(days=9))
    wanderer = Universe(5, 400)
    for day in (20, 0, 3, 45):
        wanderer.on(DAY + timedelta(days=day))
    assert bodies(wanderer.on(DAY + timedelta(days=9))) == bodies(direct)


def test_about_as_many_events_as_asked_for() -> None:
    for size in (60, 1000, 10_000):
        for days in (0, 17, 101):
            day = DAY + timedelta(days=days)
            expectation = expected(
                universe(events=size).on(day), {"US", "CA"}, midnight(day), midnight(day) + timedelta(days=30)
            )
            assert abs(len(expectation.events) - size) <= max(25, 0.12 * size), (size, days, len(expectation.events))


def test_what_lies_outside_is_there_too() -> None:
    world = universe(events=1200).on(DAY)
    assert {event.indexed_country for event in world.events} > {"US", "CA"}
    latest = max(event.starts for event in world.events if event.starts)
    assert latest > (midnight(DAY) + timedelta(days=31)).timestamp()


def test_past_events_leave_and_cancelled_ones_linger() -> None:
    world = universe(events=1200).on(DAY)
    past = [event for event in world.events if event.starts and event.starts < midnight(DAY).timestamp()]
    assert {event.source for event in past} == {"archtics"}  # season passes with placeholder dates
    tomorrow = universe(events=1200).on(DAY + timedelta(days=1))
    cancelled = [
        event_id for event_id, body in bodies(world).items() if body["dates"]["status"].get("code") == "cancelled"
    ]
    later = [
        event_id
        for event_id in cancelled
        if world.event(event_id).starts >= (midnight(DAY) + timedelta(days=1)).timestamp()
    ]
    assert later
    assert all(tomorrow.event(event_id) for event_id in later)


def test_a_week_brings_every_kind_of_change() -> None:
    before, after = bodies(universe(events=1200).on(DAY)), bodies(universe(events=1200).on(DAY + timedelta(days=7)))
    both = before.keys() & after.keys()
    assert len(after.keys() - before.keys()) > 40
    assert len(both) > 600

    def code(body: dict) -> str:
        return body["dates"]["status"].get("code", "")

    def turned(status: str) -> list[str]:
        return [event_id for event_id in both if code(after[event_id]) == status != code(before[event_id])]

    assert turned("cancelled")
    moved = turned("rescheduled")
    assert moved
    for event_id in moved:
        was, now = before[event_id]["dates"]["start"], after[event_id]["dates"]["start"]
        assert was["localDate"] != now["localDate"]
        assert after[event_id]["dates"]["initialStartDate"]["localDate"] == was["localDate"]
    postponed = turned("postponed")
    assert postponed
    assert all(after[event_id]["dates"]["start"]["dateTBA"] for event_id in postponed)
    dated_at_last = [
        event_id
        for event_id in both
        if before[event_id]["dates"]["start"]["dateTBA"] and "localDate" in after[event_id]["dates"]["start"]
    ]
    assert dated_at_last


def test_venues_and_attractions_are_renamed_and_counted_anew() -> None:
    worlds = [universe(events=1200).on(DAY + timedelta(days=days)) for days in range(5)]
    renamed_venues = [
        sum(today.venues[venue_id].name != tomorrow.venues[venue_id].name for venue_id in today.venues)
        for today, tomorrow in pairwise(worlds)
    ]
    assert 0 < sum(renamed_venues) < 0.1 * len(worlds[0].venues)
    renamed_acts = sum(
        worlds[0].attractions[attraction_id].name != act.name for attraction_id, act in worlds[-1].attractions.items()
    )
    assert 0 < renamed_acts < 0.1 * len(worlds[0].attractions)
    recounted = 0
    for venue in worlds[0].venues.values():
        first_day, other = (json.loads(world.bodies.venue(world.venues[venue.id])) for world in (worlds[0], worlds[1]))
        recounted += first_day.get("upcomingEvents") != other.get("upcomingEvents")
        first_day.pop("upcomingEvents", None), other.pop("upcomingEvents", None)
        if worlds[0].venues[venue.id].name == worlds[1].venues[venue.id].name:
            assert first_day == other  # nothing but counters and names ever changes
    assert recounted > 10


def test_most_events_stay_as_they_are() -> None:
    before, after = bodies(universe(events=1200).on(DAY)), bodies(universe(events=1200).on(DAY + timedelta(days=1)))
    for day_bodies in (before, after):
        for body in day_bodies.values():
            body.pop("_embedded", None)  # counters move every day
    both = before.keys() & after.keys()
    changed = [event_id for event_id in both if before[event_id] != after[event_id]]
    assert 0 < len(changed) < 0.08 * len(both)
