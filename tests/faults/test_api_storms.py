"""Whatever the API does, a crawl ends complete, by the API's own list of events, or names what it could not have."""

from __future__ import annotations

import json
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from functools import lru_cache
from typing import Any

import pytest
from flask import Request, Response

from infra.simulators.discovery import DiscoverySimulator, Limits
from infra.simulators.discovery.world import World
from infra.simulators.pytest_plugin import SIMULATED_NOW, DiscoverySimulatorFactory
from sources.ticketmaster import CrawlResult, DiscoveryClient, QuotaExceeded, crawl
from tests.fixtures.landing import MemoryLanding

KEY = "CanaryKey0123456789abcdefABCDEF"
START = SIMULATED_NOW.replace(hour=0)
END = START + timedelta(days=30)
US_CA = ("US", "CA")

Crawler = Callable[..., CrawlResult]


@pytest.fixture
def simulate(discovery_simulator: DiscoverySimulatorFactory) -> Callable[..., DiscoverySimulator]:
    """Starts simulators with faults: `simulate({"drift": {"every": 3}}, events=1500)`."""

    def start(faults: dict[str, dict[str, Any]], events: int = 500, **settings: Any) -> DiscoverySimulator:
        simulator = discovery_simulator(events, api_key=KEY, **settings)
        for name, parameters in faults.items():
            simulator.faults.switch_on(name, **parameters)
        return simulator

    return start


@pytest.fixture
def collect(landing: MemoryLanding) -> Iterator[Crawler]:
    """Crawls a simulator into the landing, in a hurry: no waiting between attempts."""
    with ExitStack() as stack:

        def run(simulator: DiscoverySimulator, **settings: Any) -> CrawlResult:
            settings = {"requests_per_second": 1000, "sleep": lambda seconds: None, "attempts": 8} | settings
            client = stack.enter_context(DiscoveryClient(simulator.url, KEY, **settings))
            return crawl(client, landing, countries=US_CA, start=START, end=END)

        yield run


def landed(landing: MemoryLanding) -> set[str]:
    """Ids of the events on all pages that were landed as readable."""
    pages = (json.loads(landing.objects[name]) for name in landing.names("events") if ".unreadable" not in name)
    return {event["id"] for page in pages for event in page.get("_embedded", {}).get("events", [])}


def events_there(simulator: DiscoverySimulator) -> frozenset[str]:
    return simulator.expected(US_CA, START, END).events


PASSING = [
    pytest.param({"rate_storm": {"every": 6, "length": 3}}, {}, id="429 storms"),
    pytest.param({"server_errors": {"share": 0.5, "times": 4}}, {}, id="5xx"),
    pytest.param({"server_errors": {"share": 0.5, "times": 4, "html": True}}, {}, id="5xx as HTML"),
    pytest.param({"broken_connections": {"share": 1, "times": 2}}, {}, id="resets"),
    pytest.param({"broken_connections": {"share": 1, "times": 2, "how": "close"}}, {}, id="lengths unmet"),
    pytest.param({"slow_bodies": {"share": 1, "pause": 0.01}}, {}, id="slow"),
    pytest.param({"slow_bodies": {"share": 0.4, "times": 1, "pause": 0.2}}, {"deadline": 1.5}, id="too slow"),
    pytest.param({"truncated_bodies": {"share": 1, "times": 2}}, {}, id="truncated"),
    pytest.param({"html_bodies": {"share": 1, "times": 3}}, {}, id="HTML"),
    pytest.param({"repeated_pages": {"share": 1, "times": 1}}, {}, id="pages repeated"),
    pytest.param({"reordered_pages": {"share": 0.5, "times": 1}}, {}, id="pages reordered"),
    pytest.param({"skipped_events": {"share": 1, "times": 1}}, {}, id="events skipped"),
    pytest.param({"missing_pages": {"share": 1, "times": 1, "match": "page=[1-9]"}}, {}, id="pages missing"),
]


@pytest.mark.parametrize(("faults", "settings"), PASSING)
def test_what_passes_is_waited_out_and_the_crawl_is_complete(simulate, collect, landing, faults, settings):
    simulator = simulate(faults)
    result = collect(simulator, **settings)

    report = simulator.faults.report()
    assert all(report[name]["strikes"] for name in faults), "the fault never struck"
    assert landed(landing) == events_there(simulator)
    assert (result.residual, result.unproven) == (0, [])


ONE_PAGE = {"share": 1, "match": r"countryCode=US.*&page=2&.*startDateTime"}
LASTING = [
    pytest.param({"html_bodies": ONE_PAGE}, id="a page of HTML"),
    pytest.param({"truncated_bodies": ONE_PAGE}, id="a page truncated"),
    pytest.param({"missing_pages": ONE_PAGE}, id="a page missing"),
    pytest.param({"repeated_pages": ONE_PAGE}, id="a page repeated"),
    pytest.param({"skipped_events": ONE_PAGE}, id="events skipped"),
]


@pytest.mark.parametrize("faults", LASTING)
def test_what_lasts_is_named_to_the_event(simulate, collect, landing, faults):
    simulator = simulate(faults)
    result = collect(simulator, attempts=4)

    missing = events_there(simulator) - landed(landing)
    [short] = [counts for counts in landing.slices if counts.residual]
    assert result.residual == short.residual == len(missing) > 0
    assert short.name.startswith("US 2026-03-02T00:00:00Z..") and f"{len(missing)} events" in short.note
    assert result.unproven == []


def test_pages_in_another_order_each_time_are_never_taken_for_complete_unless_they_are(simulate, collect, landing):
    simulator = simulate({"reordered_pages": {"share": 1}})
    result = collect(simulator)
    assert len(events_there(simulator) - landed(landing)) == result.residual


@pytest.mark.parametrize("seed", (1, 2))
@pytest.mark.parametrize("kinds", [["vanish"], ["appear"], ["vanish", "appear"], ["move"]])
def test_a_world_that_drifts_loses_nothing_that_was_there_throughout(simulate, collect, landing, kinds, seed):
    simulator = simulate({"drift": {"kinds": kinds, "every": 2, "changes": 2, "seed": seed}}, 1500, seed=2)
    before = events_there(simulator)
    result = collect(simulator)

    missing = (before & events_there(simulator)) - landed(landing)
    assert simulator.faults.report()["drift"]["strikes"] > 8
    assert len(missing) <= result.residual or result.unproven
    assert all(counts.note for counts in landing.slices if counts.fetched != counts.reported or counts.is_unknown)
    if "move" not in kinds:
        assert not missing


def test_a_swap_that_leaves_the_total_as_it_was_is_noticed(simulate, collect, landing):
    """Events vanish from a page that was read, as many appear on the last page: others slip in between."""
    simulator = simulate({})
    ids = sorted(simulator.expected(("US",), START, END).dated)
    hidden = [ids[-5:]]

    @lru_cache
    def draw(world: World, without: frozenset[str]) -> World:
        return world.with_events(event for event in world.events if event.id not in without)

    def swap_after_the_first_page(request: Request, response: Response) -> Response:
        if re.search("countryCode=US.*startDateTime.*&page=0&", request.full_path + "&"):
            hidden[:] = [ids[3:8]]
        return response

    simulator.interceptors.worlds.append(lambda world: draw(world, frozenset(hidden[0])))
    simulator.interceptors.after.append(swap_after_the_first_page)
    result = collect(simulator)

    first_look = [name for name in landing.names("events") if "-20260331T235959Z.p" in name and "/US" in name]
    pages = [json.loads(landing.objects[name]) for name in first_look]
    assert {page["page"]["totalElements"] for page in pages} == {len(ids) - 5}, "the total tells nothing"
    assert set(ids) <= landed(landing)
    assert (result.residual, result.unproven) == (0, [])


def test_thousands_at_one_second_are_had_but_for_what_nothing_tells_apart(simulate, collect, landing):
    simulator = simulate({"crowd": {"size": 2600, "unreachable": 7, "country": "CA"}}, 300)
    result = collect(simulator)

    missing = events_there(simulator) - landed(landing)
    assert all(identity.startswith("Crwd") for identity in missing)
    assert result.residual == len(missing)
    assert sum(identity.startswith("Crwd") for identity in landed(landing)) >= 2593


_HIDDEN = pytest.mark.xfail(
    strict=False,  # the order of the requests decides
    reason="known limit: an event that appears during the crawl makes up, in the counts, for one that the source skips",
)


@pytest.mark.parametrize("seed", [0, 1, pytest.param(2, marks=_HIDDEN)])
def test_all_at_once(simulate, collect, landing, seed, caplog, capsys):
    shares = {"share": 0.1, "times": 2, "seed": seed}
    names = (
        "server_errors",
        "html_bodies",
        "truncated_bodies",
        "broken_connections",
        "skipped_events",
        "missing_pages",
    )
    storm = {"rate_storm": {"every": 15, "length": 3}, "drift": {"every": 4, "kinds": ["appear", "vanish"]}}
    simulator = simulate(dict.fromkeys(names, shares) | storm, 1500, seed=2)
    before = events_there(simulator)
    with caplog.at_level(logging.DEBUG):
        result = collect(simulator, attempts=12)

    missing = (before & events_there(simulator)) - landed(landing)
    assert len(missing) <= result.residual or result.unproven
    assert simulator.requests.by_status().keys() > {200, 429}
    written = [caplog.text, repr(result), repr(landing.slices), repr(landing.requests), *capsys.readouterr()]
    written += [body.decode() for body in landing.objects.values()]
    assert not [text for text in written if KEY in text]


def test_requests_stay_within_the_limit_as_the_server_counts_them(simulate, collect, landing):
    """Those that fail count as well, and so do those that are asked again."""
    faults = {
        "rate_storm": {"every": 18, "length": 1, "retry_after": 1},
        "server_errors": {"share": 0.5, "times": 2},
        "broken_connections": {"share": 0.5, "times": 2},
    }
    simulator = simulate(faults, limits=Limits(per_second=8))
    collect(simulator, requests_per_second=8)

    assert landed(landing) == events_there(simulator)
    assert 6 <= simulator.requests.busiest_second() <= 8
    assert simulator.requests.by_status()[429] == simulator.faults.report()["rate_storm"]["strikes"] > 0
    arrivals = [(record.at, record.status) for record in simulator.requests.log()]
    refused_at = next(at for at, status in arrivals if status == 429)
    assert not [at for at, _ in arrivals if refused_at + 0.25 < at < refused_at + 1], "Retry-After was not kept"


def test_a_quota_that_ends_in_a_storm_stops_the_crawl_and_the_next_one_asks_only_for_the_rest(
    simulate, collect, landing
):
    faults = {"rate_storm": {"every": 5, "length": 2}, "quota": {"after_requests": 9}}
    simulator = simulate(faults, 1500, seed=2)
    with pytest.raises(QuotaExceeded) as stopped:
        collect(simulator)
    assert "daily quota is used up" in str(stopped.value) and "Kept: " in str(stopped.value)
    assert KEY not in str(stopped.value)
    assert 0 < len(landing.names("events")) < 10

    simulator.faults.switch_off("quota")
    landing.next_attempt()
    result = collect(simulator)
    assert landed(landing) == events_there(simulator)
    assert (result.residual, result.unproven) == (0, [])
    answered = Counter((request.path, request.query) for request in simulator.requests.log() if request.status == 200)
    assert set(answered.values()) == {1}, "something was asked for twice"
