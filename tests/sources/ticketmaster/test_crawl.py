"""A crawl is provably complete, survives interruptions, and reports what it could not fetch."""

from __future__ import annotations

import gzip
import json
import logging
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import pytest
import requests
from flask import Response

from lake.layout import RunId, raw_key
from sources.ticketmaster import MalformedBody, QuotaExceeded, ServerError, crawl
from tests.fixtures.landing import KilledError, MemoryLanding
from tests.sources.ticketmaster.conftest import END, KEY, START, StubCounter

US_CA = ("US", "CA")


def run(client, landing, countries=US_CA, **settings):
    return crawl(client, landing, countries=countries, start=START, end=END, **settings)


def records(landing: MemoryLanding, entity: str) -> Iterable[dict]:
    for name in landing.names(entity):
        if ".unreadable" not in name:
            yield from json.loads(landing.objects[name]).get("_embedded", {}).get(entity, [])


def ids(landing: MemoryLanding, entity: str) -> set[str]:
    return {record["id"] for record in records(landing, entity)}


def embedded(landing: MemoryLanding, entity: str) -> set[str]:
    return {item["id"] for event in records(landing, "events") for item in event.get("_embedded", {}).get(entity, [])}


@pytest.mark.parametrize(
    ("events", "seed", "busiest_second", "limits"),
    [
        pytest.param(1, 1, None, {}, id="hardly any"),
        pytest.param(300, 1, None, {}, id="one window a country"),
        pytest.param(2000, 4, None, {"deep_paging": "2024"}, id="windows, strict paging"),
        pytest.param(1500, 3, 1300, {}, id="a crowd at one second"),
        pytest.param(2500, 5, 2400, {"deep_paging": "2024"}, id="a crowd too large for both ends"),
        pytest.param(2000, 4, None, {"total_cap": None}, id="totals not capped"),
    ],
)
def test_every_event_of_the_window_is_landed_and_none_beside(
    simulate, connect, landing, events, seed, busiest_second, limits
):
    simulator = simulate(events, seed=seed, busiest_second=busiest_second, **limits)
    result = run(connect(simulator.url), landing)

    expected = simulator.expected(US_CA, START, END)
    assert ids(landing, "events") == expected.events
    assert result.events_distinct == len(expected.events)
    assert result.residual == 0
    assert ids(landing, "venues") | embedded(landing, "venues") >= expected.venues
    assert ids(landing, "attractions") | embedded(landing, "attractions") >= expected.attractions
    assert any("segment" in element for element in records(landing, "classifications"))
    assert not result.missing.get("venues") and not result.missing.get("attractions")


def test_what_is_expected_and_not_listed_is_asked_for_by_its_id(simulate, connect, landing):
    simulator = simulate(2000, seed=4)
    listed = simulator.expected(("US",), START, END).events
    moved = sorted(simulator.expected(("US",), END, END + timedelta(days=60)).events - listed)[:50]
    assert len(moved) == 50
    expected = {"US": [*moved[:-1], "gone", *sorted(listed)[:30]], None: moved[-1:], "MX": ["not collected"]}
    result = run(connect(simulator.url), landing, ("US",), expected=expected)

    assert ids(landing, "events") == listed | {*moved}
    assert (result.events_distinct, result.residual, result.unproven) == (len(listed) + 50, 0, [])
    windows = [counts for counts in landing.slices if "no longer listed" in counts.name]
    assert sum(counts.reported for counts in windows) == sum(counts.fetched for counts in windows) == 50
    assert len([name for name in landing.names("events") if "ids-" in name]) == 2


def test_events_that_are_not_listed_are_asked_for_as_far_as_the_quota_goes(simulate, connect, landing):
    simulator = simulate(300, seed=1)
    needed = run(connect(simulator.url), MemoryLanding()).requests
    expected = {"US": [f"gone{number}" for number in range(90)]}
    result = run(connect(simulator.url, daily_quota=needed + 1), landing, expected=expected)

    assert ids(landing, "events") == simulator.expected(US_CA, START, END).events
    assert result.quota_left == 0


def test_a_total_that_is_capped_is_understood(simulate, connect, landing):
    """Above 10,000 events, the API reports a total of exactly 10,000. Here it does so above 1,200."""
    simulator = simulate(2000, seed=4)
    capped = []

    def cap(body: dict) -> None:
        if body["page"]["totalElements"] > 1200:
            capped.append(body["page"]["totalElements"])
            body["page"]["totalElements"] = 10_000

    simulator.interceptors.after.append(lambda request, response: edit(response, cap))
    result = run(connect(simulator.url), landing)

    assert capped
    assert ids(landing, "events") == simulator.expected(US_CA, START, END).events
    assert result.residual == 0


def edit(response: Response, change: Callable[[dict], None]) -> Response:
    """The response with its JSON changed."""
    sent = b"".join(response.response)
    body = json.loads(gzip.decompress(sent) if sent.startswith(b"\x1f\x8b") else sent)
    change(body)
    return Response(json.dumps(body), content_type="application/json")


def test_requests_are_few(simulate, connect, landing):
    simulator = simulate(3000, seed=6, busiest_second=0)
    result = run(connect(simulator.url), landing)

    full_pages = -(-len(simulator.expected(US_CA, START, END).events) // 200)
    undated_and_bounds = 5
    assert len(landing.names("events")) - undated_and_bounds <= 1.25 * full_pages
    assert result.requests == result.pages - 1  # the first page of the first country is read twice, fetched once


def test_windows_add_up_to_what_the_source_said(simulate, connect, landing):
    simulator = simulate(2000, seed=4)
    result = run(connect(simulator.url), landing)

    events = [counts for counts in landing.slices if counts.entity == "events"]
    assert sum(counts.reported for counts in events) == sum(counts.fetched for counts in events) == result.events_said
    assert all(counts.note is None for counts in events)
    assert {counts.entity for counts in landing.slices} == {"events", "venues", "attractions", "classifications"}
    assert any("includeTBA=only" in counts.name for counts in events)
    assert any("includeTBD=only" in counts.name for counts in events)


def test_names_fit_the_lake_and_records_are_counted(simulate, connect, landing):
    simulator = simulate(1500, seed=3, busiest_second=1300)
    run(connect(simulator.url), landing)

    run_id = RunId("ticketmaster_daily", START.date())
    keys = {raw_key("ticketmaster", run_id, name) for name in landing.objects}
    assert len(keys) == len(landing.objects)
    for name, body in landing.objects.items():
        entity = name.split("/")[0]
        assert landing.records[name] == len(json.loads(body).get("_embedded", {}).get(entity, []))


class ExclusiveSession(requests.Session):
    """Makes the API's time bounds exclusive: each is moved inwards by a second."""

    def get(self, url, params=None, **settings):
        moved = dict(params or {})
        for name, seconds in (("startDateTime", 1), ("endDateTime", -1)):
            if name in moved:
                bound = datetime.strptime(moved[name], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
                moved[name] = f"{bound + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"
        return super().get(url, params=moved, **settings)


def test_exclusive_time_bounds_lose_nothing(simulate, connect, landing):
    simulator = simulate(2000, seed=4)
    run(connect(simulator.url, session=ExclusiveSession()), landing)
    assert ids(landing, "events") == simulator.expected(US_CA, START, END).events


@pytest.mark.parametrize("concurrency", [1, 8])
def test_a_killed_crawl_goes_on_where_it_stopped(simulate, connect, landing, concurrency):
    simulator = simulate(2000, seed=4)
    undisturbed = MemoryLanding()
    run(connect(simulator.url), undisturbed)
    before = len(simulator.requests)

    for dies_after in (1, 4, 9):
        landing.dies_at = landing.landed + dies_after
        with pytest.raises(KilledError):
            run(connect(simulator.url), landing, concurrency=concurrency)
        landing.next_attempt()
    landed = dict(landing.objects)
    fetched = len(simulator.requests)
    result = run(connect(simulator.url), landing, concurrency=concurrency)

    assert landing.objects == undisturbed.objects
    assert landing.slices and sorted(map(str, landing.slices)) == sorted(map(str, undisturbed.slices))
    assert result.residual == 0
    assert len(simulator.requests) - fetched == len(undisturbed.objects) - len(landed)
    assert fetched > before


def test_a_finished_crawl_asks_for_nothing_again(simulate, connect, landing):
    simulator = simulate(300)
    first = run(connect(simulator.url), landing)
    again = run(connect(simulator.url), landing)
    assert (first.requests > 0, again.requests) == (True, 0)
    assert again.events_distinct == first.events_distinct


def test_a_full_quota_keeps_what_is_landed_and_the_next_day_resumes(simulate, connect, landing):
    simulator = simulate(2000, seed=4)
    counter = StubCounter()
    with pytest.raises(QuotaExceeded) as stopped:
        run(connect(simulator.url, daily_quota=12, counter=counter), landing)

    message = str(stopped.value)
    assert re.search(r"12 of 12 requests.*Kept: \d+ pages, \d+ slices complete\..*resumes", message)
    assert counter.value == 12 == len(simulator.requests)
    assert 0 < len(landing.objects) <= 12

    with pytest.raises(QuotaExceeded):
        run(connect(simulator.url, daily_quota=12, counter=counter), landing)
    assert len(simulator.requests) == 12

    landing.next_attempt()
    run(connect(simulator.url, daily_quota=5000, counter=StubCounter()), landing)
    assert ids(landing, "events") == simulator.expected(US_CA, START, END).events


def test_the_apis_own_quota_is_believed(simulate, connect, landing):
    simulator = simulate(2000, seed=4, per_day=10)
    with pytest.raises(QuotaExceeded) as stopped:
        run(connect(simulator.url), landing)
    assert KEY not in str(stopped.value)
    assert "renewed at 2026-11-21 02:00 UTC" in str(stopped.value)
    assert len(landing.objects) == 10


def test_a_quota_that_ends_after_the_events_leaves_lookups_out_and_names_them(simulate, connect, landing):
    simulator = simulate(2000, seed=4)
    complete = MemoryLanding()
    needed = run(connect(simulator.url), complete)
    lookups = len(complete.names("venues")) + len(complete.names("attractions"))
    assert lookups

    result = run(connect(simulator.url, daily_quota=needed.requests - lookups), landing)

    assert ids(landing, "events") == simulator.expected(US_CA, START, END).events
    assert sum(map(len, result.missing.values())) == sum(needed.looked_up.values())
    windows = [counts for counts in landing.slices if counts.residual]
    assert windows and all("not requested: the daily quota is used up: " in counts.note for counts in windows)


def test_too_fast_for_the_api_slows_down_and_finishes(simulate, connect, landing):
    simulator = simulate(1, per_second=3)
    waits: list[float] = []
    result = run(connect(simulator.url, requests_per_second=30, attempts=30, sleep=waits.append), landing)
    assert result.residual == 0
    assert waits, "nothing was refused: the test asks too slowly"
    assert ids(landing, "events") == simulator.expected(US_CA, START, END).events


def test_the_rate_limit_is_kept(simulate, connect, landing):
    simulator = simulate(300, per_second=20)
    waits: list[float] = []
    run(connect(simulator.url, requests_per_second=20, sleep=waits.append), landing)
    assert waits == []


def _html_for(pattern: str, times: int):
    """An interceptor that answers matching requests with a page for people, so many times."""
    left = [times]

    def before(request):
        if left[0] and re.search(pattern, request.full_path):
            left[0] -= 1
            return Response(f"<html>maintenance; apikey={KEY}</html>", content_type="text/html")
        return None

    return before


def test_html_with_status_200_is_asked_again(simulate, connect, landing):
    simulator = simulate(300)
    simulator.interceptors.before.append(_html_for("events.json", 3))
    result = run(connect(simulator.url), landing)
    assert (result.residual, result.unreadable) == (0, [])
    assert ids(landing, "events") == simulator.expected(US_CA, START, END).events


@pytest.mark.parametrize("page", [0, 1])
def test_a_page_that_stays_unreadable_is_landed_verbatim_and_mended_by_a_second_look(simulate, connect, landing, page):
    simulator = simulate(300)
    simulator.interceptors.before.append(_html_for(f"countryCode=US.*startDateTime.*page={page}(&|$)", 6))
    result = run(connect(simulator.url), landing, countries=("US",))

    assert result.residual == 0
    assert ids(landing, "events") == simulator.expected(("US",), START, END).events
    [name] = result.unreadable
    assert landing.objects[name].startswith(b"<html>maintenance") and landing.records[name] is None
    assert KEY.encode() not in landing.objects[name]


def test_what_an_unreadable_page_held_is_named_as_residual_and_the_run_continues(simulate, connect, landing):
    simulator = simulate(300)
    simulator.interceptors.before.append(_html_for("countryCode=US.*startDateTime.*page=1(&|$)", 1000))
    result = run(connect(simulator.url), landing)

    [short] = [counts for counts in landing.slices if counts.residual]
    missing = simulator.expected(US_CA, START, END).events - ids(landing, "events")
    assert result.residual == short.residual == len(missing) > 0
    assert "page 1 cannot be read" in short.note

    simulator.interceptors.clear()
    landing.next_attempt()
    assert run(connect(simulator.url), landing).residual == 0, "a later run asks for the page again"


def test_nothing_but_html_is_an_outage(simulate, connect, landing):
    simulator = simulate(300)
    simulator.interceptors.before.append(_html_for("", 10_000))
    with pytest.raises(MalformedBody) as stopped:
        run(connect(simulator.url), landing)
    assert "Run the same date again" in str(stopped.value)


def test_an_api_that_keeps_failing_stops_the_run_and_says_what_was_kept(simulate, connect, landing):
    simulator = simulate(2000, seed=4)
    answered = [0]

    def fails_later(request):
        answered[0] += 1
        return Response("Gateway Timeout", status=504) if answered[0] > 8 else None

    simulator.interceptors.before.append(fails_later)
    with pytest.raises(ServerError, match=r"HTTP 504.*Kept: [1-9]\d* pages"):
        run(connect(simulator.url), landing)
    simulator.interceptors.clear()
    landing.next_attempt()
    assert run(connect(simulator.url), landing).residual == 0


def test_totals_that_drift_while_paging_are_looked_at_again(simulate, connect, landing):
    """An event that vanishes between two pages moves the next one onto a page that was read already."""
    simulator = simulate(300)

    skipped: list[dict] = []

    def skip_one_once(request, response: Response) -> Response:
        if skipped or "page=1" not in request.full_path or "startDateTime" not in request.full_path:
            return response
        return edit(response, lambda body: skipped.append(body["_embedded"]["events"].pop()))

    simulator.interceptors.after.append(skip_one_once)
    result = run(connect(simulator.url), landing, countries=("US",))
    assert skipped and result.residual == 0
    assert any(".r1." in name for name in landing.names("events"))
    assert ids(landing, "events") == simulator.expected(("US",), START, END).events


def test_ids_that_lead_nowhere_are_named(simulate, connect, landing):
    simulator = simulate(300)

    def link_elsewhere(body: dict) -> None:
        for event in body.get("_embedded", {}).get("events", [])[:1]:
            event.setdefault("_links", {})["venues"] = [{"href": "/discovery/v2/venues/KovNowhere?locale=en-us"}]

    simulator.interceptors.after.append(lambda request, response: edit(response, link_elsewhere))
    result = run(connect(simulator.url), landing)
    assert result.missing["venues"] == ["KovNowhere"]
    [counts] = [counts for counts in landing.slices if counts.entity == "venues"]
    assert counts.residual == 1 and counts.note.endswith("the source does not return them: KovNowhere")


def test_the_key_is_nowhere(simulate, connect, landing, caplog, capsys):
    simulator = simulate(300, per_day=6)
    with caplog.at_level(logging.DEBUG), pytest.raises(QuotaExceeded) as stopped:
        run(connect(simulator.url), landing)
    assert "urllib3" in {record.name.split(".")[0] for record in caplog.records}
    written = [caplog.text, str(stopped.value), repr(stopped.value), repr(landing.requests), repr(landing.slices)]
    written += [body.decode() for body in landing.objects.values()]
    written += capsys.readouterr()
    assert not [text for text in written if KEY in text]


@pytest.mark.parametrize(
    ("countries", "start", "end"),
    [
        ((), START, END),
        (US_CA, START, START),
        (US_CA, START.replace(tzinfo=None), END),
        (US_CA, START.replace(microsecond=5), END),
    ],
)
def test_a_crawl_of_nothing_is_refused(connect, landing, countries, start, end):
    with pytest.raises(ValueError):
        crawl(connect("http://127.0.0.1:9"), landing, countries=countries, start=start, end=end)
