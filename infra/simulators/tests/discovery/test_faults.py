"""Each fault has its described effect on responses, only where it is switched on, and repeatably for the same seed."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
import requests

from infra.simulators.discovery import DiscoverySimulator
from infra.simulators.discovery.faults import FAULTS
from infra.simulators.pytest_plugin import DiscoverySimulatorFactory

KEY = "s3cret-key-0123456789"
EVERY = {"share": 1}


@pytest.fixture
def simulator(discovery_simulator: DiscoverySimulatorFactory) -> DiscoverySimulator:
    return discovery_simulator(events=300, api_key=KEY)


def ask(simulator: DiscoverySimulator, path: str = "events.json", **params: object) -> requests.Response:
    query = {"apikey": KEY, "locale": "*", "countryCode": "US", "sort": "id,asc", "size": 20} | params
    return requests.get(f"{simulator.url}/{path}", query, timeout=30)


def page(simulator: DiscoverySimulator, number: int, **params: object) -> list[str]:
    body = ask(simulator, page=number, **params).json()
    return [event["id"] for event in body.get("_embedded", {}).get("events", [])]


def received(simulator: DiscoverySimulator) -> tuple[bytes, bytes, str]:
    """Head and body of an answer as they come from the socket, and how the connection ended."""
    query = urlencode({"apikey": KEY, "countryCode": "US", "size": 20})
    with socket.create_connection(("127.0.0.1", simulator.port), timeout=30) as connection:
        connection.sendall(f"GET /discovery/v2/events.json?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        chunks, end = [], "closed"
        try:
            while chunk := connection.recv(65536):
                chunks.append(chunk)
        except ConnectionResetError:
            end = "reset"
    head, _, body = b"".join(chunks).partition(b"\r\n\r\n")
    return head, body, end


def test_a_burst_is_refused_and_what_comes_between_is_not(simulator):
    storm = simulator.faults.switch_on("rate_storm", every=4, length=2, retry_after=7)
    answers = [ask(simulator) for _ in range(8)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429] * 2
    assert answers[2].json()["fault"]["detail"]["errorcode"] == "policies.ratelimit.SpikeArrestViolation"
    assert answers[2].headers["Retry-After"] == "7"
    assert storm.strikes == 4
    assert simulator.requests.by_error() == {"policies.ratelimit.SpikeArrestViolation": 4}
    assert ask(simulator, "classifications", sort="name,asc").status_code == 200, "not among the matching requests"


def test_a_quota_is_used_up_until_it_is_renewed(simulator):
    simulator.faults.switch_on("quota", after_requests=2)
    assert [ask(simulator).status_code for _ in range(4)] == [200, 200, 429, 429]
    body = ask(simulator).text
    assert "policies.ratelimit.QuotaViolation" in body and f"Identifier : {KEY}" in body
    simulator.faults.switch_off("quota")
    assert ask(simulator).status_code == 200


def test_server_errors_are_the_gateways_or_a_page_for_people(simulator):
    simulator.faults.switch_on("server_errors", **EVERY)
    answer = ask(simulator)
    assert answer.status_code in (500, 502, 503, 504) and "fault" in answer.json()
    simulator.faults.switch_on("server_errors", html=True, retry_after=3, **EVERY)
    answer = ask(simulator)
    assert answer.text.startswith("<html>") and KEY in answer.text
    assert answer.headers["Retry-After"] == "3"


def test_html_comes_with_status_200(simulator):
    simulator.faults.switch_on("html_bodies", **EVERY)
    answer = ask(simulator)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert f"apikey={KEY}" in answer.text


def test_a_truncated_body_is_well_delivered_and_no_json(simulator):
    whole = ask(simulator).content
    simulator.faults.switch_on("truncated_bodies", keep=0.5, **EVERY)
    answer = ask(simulator)
    assert answer.status_code == 200
    assert answer.content == whole[: len(whole) // 2]


@pytest.mark.parametrize(("how", "end"), [("reset", "reset"), ("close", "closed")])
def test_a_connection_breaks_in_the_middle_of_a_body(simulator, how, end):
    _, chunked, _ = received(simulator)
    assert chunked.endswith(b"0\r\n\r\n")
    simulator.faults.switch_on("broken_connections", how=how, **EVERY)
    head, body, ended = received(simulator)
    assert ended == end
    if how == "close":
        announced = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        assert 0 < len(body) < announced
    with pytest.raises(requests.exceptions.RequestException):
        ask(simulator)
    simulator.faults.clear()
    assert ask(simulator).status_code == 200


def test_a_slow_body_comes_in_pieces_and_is_the_same(simulator):
    whole = ask(simulator).content
    simulator.faults.switch_on("slow_bodies", pieces=4, pause=0.01, **EVERY)
    _, body, _ = received(simulator)
    assert json.loads(body)["page"]["size"] == 20
    assert ask(simulator).content == whole


def test_false_pages_hold_what_others_should(simulator):
    right = [page(simulator, number) for number in range(4)]
    after_the_first = {"match": "page=[1-9]", **EVERY}
    faults = simulator.faults

    faults.switch_on("repeated_pages", **after_the_first)
    assert [page(simulator, number) for number in range(3)] == [right[0], right[0], right[1]]
    faults.clear()
    faults.switch_on("skipped_events", by=3, **after_the_first)
    assert page(simulator, 1) == right[1][3:] + right[2][:3]
    faults.clear()
    faults.switch_on("missing_pages", **after_the_first)
    answer = ask(simulator, page=1).json()
    assert "_embedded" not in answer and answer["page"]["totalElements"] > 100
    faults.clear()
    faults.switch_on("reordered_pages", **after_the_first)
    other = page(simulator, 1)
    assert len(other) == 20 and set(other) != set(right[1])


def test_the_world_drifts_with_the_requests_and_the_list_of_what_is_there_with_it(simulator):
    before = simulator.expected()
    drift = simulator.faults.switch_on("drift", every=2, changes=3, share=0.1)
    held_back = before.events - simulator.expected().events
    assert len(held_back) > 10
    for _ in range(40):
        ask(simulator, size=1)
    after = simulator.expected()
    assert drift.strikes == 60
    assert after.events & held_back, "nothing appeared"
    assert before.events - held_back - after.events, "nothing vanished"
    shown = ask(simulator, id=",".join(sorted(after.dated & held_back)), size=200).json()
    assert shown["page"]["totalElements"] > 0
    simulator.faults.clear()
    assert simulator.expected() == before


def test_a_moved_event_says_when_it_is_now(simulator):
    simulator.faults.switch_on("drift", every=1, kinds=["move"])
    starts = {event.id: event.starts for event in simulator.state.source.on(simulator.clock.now().date()).events}
    ask(simulator, size=1)
    [moved] = [event for event in simulator.state.world().events if event.starts != starts[event.id]]
    body = ask(simulator, f"events/{moved.id}").json()
    assert body["dates"]["start"]["localDate"] == moved.local_start[:10]
    assert body["dates"]["status"]["code"] == "rescheduled"


def test_a_crowd_holds_events_that_no_filter_finds(simulator):
    simulator.faults.switch_on("crowd", size=60, unreachable=2, day=3)
    second = {"startDateTime": "2026-03-05T00:30:00Z", "endDateTime": "2026-03-05T00:30:00Z", "size": 200}
    ids = page(simulator, 0, **second)
    assert sum(identity.startswith("Crwd") for identity in ids) == 60
    assert set(ids) <= simulator.expected(("US",)).dated
    elements = ask(simulator, "classifications", sort="name,asc", size=200).json()["_embedded"]["classifications"]
    segments = [element["segment"]["id"] for element in elements if "segment" in element]
    reached = {identity for segment in segments for identity in page(simulator, 0, segmentId=segment, **second)}
    assert len({identity for identity in set(ids) - reached if identity.startswith("Crwd")}) == 2
    [event] = ask(simulator, id=ids[0]).json()["_embedded"]["events"]
    assert event["id"] == ids[0]


def strikes_of(simulator: DiscoverySimulator, **parameters: object) -> list[int]:
    simulator.faults.switch_on("server_errors", **parameters)
    return [number for number in range(40) if ask(simulator, page=number, size=1).status_code != 200]


def test_the_same_seed_strikes_the_same_requests(simulator):
    first = strikes_of(simulator, share=0.3, seed=5)
    assert 4 <= len(first) <= 20
    assert strikes_of(simulator, share=0.3, seed=5) == first
    assert strikes_of(simulator, share=0.3, seed=6) != first


def test_a_request_is_struck_at_most_so_often(simulator):
    simulator.faults.switch_on("server_errors", times=2, **EVERY)
    assert [ask(simulator).status_code == 200 for _ in range(4)] == [False, False, True, True]
    assert ask(simulator, page=1).status_code != 200, "another request has its own count"


@pytest.fixture
def controls(simulator) -> Callable[..., requests.Response]:
    return lambda method, **body: requests.request(method, f"{simulator.origin}/__simulator/faults", timeout=30, **body)


def test_faults_are_listed_and_switched_over_http(simulator, controls):
    listed = controls("GET").json()
    assert listed.keys() == FAULTS.keys() and not [name for name, fault in listed.items() if fault["on"]]
    assert listed["drift"]["does"] and listed["drift"]["parameters"]["every"]["means"]

    switched = controls("PUT", json={"html_bodies": EVERY, "drift": {}})
    assert switched.json().keys() == {"html_bodies", "drift"} and switched.json()["html_bodies"]["share"] == 1
    assert '\n  "drift": {\n    "' in switched.text and switched.text.endswith("}\n")
    assert ask(simulator).text.startswith("<html>")
    assert controls("POST", json={"html_bodies": None}).json().keys() == {"drift"}
    assert ask(simulator).json()
    assert controls("GET").json()["drift"]["strikes"] == 0
    requests.post(f"{simulator.origin}/__simulator/reset", timeout=30)
    assert controls("GET").json()["drift"]["on"] is None


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"tornado": {}}, "no fault 'tornado'; there are rate_storm, quota"),
        ({"drift": {"speed": 3}}, "speed"),
        ({"drift": {"share": 2}}, "less than or equal to 1"),
        ({"drift": 3}, "switched on with"),
        (["drift"], "switched on with"),
    ],
)
def test_a_wrong_switch_says_why(controls, body, why):
    answer = controls("PUT", json=body)
    assert answer.status_code == 400 and why in answer.json()["error"]


def test_gzip_is_no_hindrance(simulator):
    simulator.faults.switch_on("truncated_bodies", **EVERY)
    answer = requests.get(
        f"{simulator.url}/events", {"apikey": KEY}, headers={"Accept-Encoding": "gzip"}, timeout=30, stream=True
    )
    assert "Content-Encoding" not in answer.headers
    with pytest.raises(gzip.BadGzipFile):
        gzip.decompress(answer.raw.read())
