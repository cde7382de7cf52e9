"""The client retries if that can help, stops if it can't, and never shows the key."""

from __future__ import annotations

import gzip
import logging
import socket
import time
import traceback
from urllib.parse import quote

import pytest
import requests
import responses
from pydantic import SecretStr

from sources.ticketmaster import (
    ApiUnreachable,
    BadRequest,
    DiscoveryClient,
    DiscoveryError,
    InvalidApiKey,
    MalformedBody,
    NotFound,
    QuotaExceeded,
    RateLimited,
    ServerError,
    UnexpectedStatus,
)
from sources.ticketmaster.documents import parse_document
from tests.sources.ticketmaster.conftest import KEY, StubCounter

URL = "https://discovery.example/discovery/v2"
PAGE = b'{"page": {"totalElements": 0}}'
SPIKE = '{"fault": {"faultstring": "Spike arrest", "detail": {"errorcode": "policies.ratelimit.SpikeArrestViolation"}}}'
QUOTA = (
    '{"fault": {"faultstring": "Rate limit quota violation. Quota limit  exceeded. Identifier : {key}",'
    ' "detail": {"errorcode": "policies.ratelimit.QuotaViolation"}}}'
)
TOO_DEEP = '{"errors": [{"code": "DIS1035", "detail": "Max paging depth exceeded.", "status": "400"}]}'


@pytest.fixture
def api():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def ask(client: DiscoveryClient, **params: str):
    return client.get("events", {"countryCode": "US", **params}, parse_document)


def test_a_page_comes_back_as_received_with_what_was_asked(api, connect):
    api.get(f"{URL}/events.json", body=gzip.compress(PAGE), headers={"Content-Encoding": "gzip"})
    answer = ask(connect(URL), size="200")
    assert answer.body == PAGE
    assert answer.content == {"page": {"totalElements": 0}}
    assert answer.request == {"path": "/events.json", "countryCode": "US", "size": "200"}
    assert f"apikey={KEY}" in api.calls[0].request.url


@pytest.mark.parametrize(
    "trouble",
    [
        {"status": 500},
        {"status": 503, "body": "<html>"},
        {"status": 429, "body": SPIKE},
        {"body": "<html>maintenance</html>"},
        {"body": PAGE[:-2]},
        {"body": requests.exceptions.ConnectTimeout()},
        {"body": requests.exceptions.ReadTimeout()},
        {"body": requests.exceptions.ConnectionError("reset by peer")},
        {"body": requests.exceptions.ChunkedEncodingError("connection broken")},
    ],
)
def test_passing_trouble_is_waited_out_with_growing_pauses(api, connect, trouble):
    for _ in range(3):
        api.get(f"{URL}/events.json", **trouble)
    api.get(f"{URL}/events.json", body=PAGE)
    pauses: list[float] = []
    assert ask(connect(URL, sleep=pauses.append)).body == PAGE
    assert len(pauses) == 3
    assert 0.5 <= pauses[0] < pauses[1] < pauses[2] <= 3


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        ({"status": 500}, ServerError),
        ({"status": 429, "body": SPIKE}, RateLimited),
        ({"body": "<html>"}, MalformedBody),
        ({"body": requests.exceptions.ConnectionError("refused")}, ApiUnreachable),
    ],
)
def test_lasting_trouble_is_given_up_after_some_attempts(api, connect, trouble, error):
    api.get(f"{URL}/events.json", **trouble)
    client = connect(URL, attempts=4)
    with pytest.raises(error) as stopped:
        ask(client)
    assert (len(api.calls), client.requests_made) == (4, 4)
    assert "GET /events.json?countryCode=US" in str(stopped.value)


@pytest.mark.parametrize(
    ("trouble", "error", "advice"),
    [
        ({"status": 401, "body": "{}"}, InvalidApiKey, "TICKETMASTER_API_KEY"),
        ({"status": 400, "body": TOO_DEEP}, BadRequest, "DIS1035 Max paging depth exceeded"),
        ({"status": 404, "body": ""}, NotFound, "TICKETMASTER_API_URL"),
        ({"status": 429, "body": QUOTA.replace("{key}", KEY)}, QuotaExceeded, "resumes"),
        ({"status": 302, "headers": {"Location": "https://elsewhere.example/"}}, UnexpectedStatus, "proxy"),
    ],
)
def test_what_repeating_cannot_mend_is_not_repeated(api, connect, trouble, error, advice):
    api.get(f"{URL}/events.json", **trouble)
    pauses: list[float] = []
    with pytest.raises(error, match=advice):
        ask(connect(URL, sleep=pauses.append))
    assert (len(api.calls), pauses) == (1, [])


def test_once_the_api_says_the_quota_is_used_up_nothing_more_is_sent(api, connect):
    api.get(f"{URL}/events.json", status=429, body=QUOTA.replace("{key}", KEY))
    counter = StubCounter()
    client = connect(URL, counter=counter)
    for _ in range(2):
        with pytest.raises(QuotaExceeded):
            ask(client)
    assert len(api.calls) == 1 == counter.value


def test_attempts_count_against_the_quota(api, connect):
    api.get(f"{URL}/events.json", status=500)
    client = connect(URL, daily_quota=3, attempts=10)
    with pytest.raises(QuotaExceeded, match="3 of 3 requests"):
        ask(client)
    assert len(api.calls) == 3


def test_the_count_is_remembered_on_leaving(api):
    api.get(f"{URL}/events.json", body=PAGE)
    counter = StubCounter(4)
    with DiscoveryClient(URL, KEY, counter=counter) as client:
        ask(client)
    assert counter.value == 5


@pytest.mark.parametrize("refusal", [{"status": 503}, {"status": 429, "body": SPIKE}])
def test_while_the_api_asks_for_a_pause_nothing_leaves(api, connect, refusal):
    api.get(f"{URL}/events.json", headers={"Retry-After": "1"}, **refusal)
    api.get(f"{URL}/events.json", body=PAGE)
    client = connect(URL, attempts=1)
    refused_at = time.monotonic()
    with pytest.raises((ServerError, RateLimited)):
        ask(client)
    ask(client)  # another request, which knows nothing of the first
    assert time.monotonic() - refused_at >= 1


def test_an_answer_that_drips_is_given_up(api, connect):
    api.get(f"{URL}/events.json", body=b" " * 300_000 + PAGE)
    seconds = iter(range(0, 100_000, 50))
    with pytest.raises(ApiUnreachable, match=r"no answer in time"):
        ask(connect(URL, attempts=1, clock=lambda: float(next(seconds)), deadline=120))


def test_a_small_answer_that_drips_is_given_up_in_time(simulate, connect):
    """Long before a buffer is full, which for a few bytes a second would be never."""
    simulator = simulate()
    simulator.faults.switch_on("slow_bodies", share=1, match="/venues", pieces=400, pause=0.05)
    asked_at = time.monotonic()
    with pytest.raises(ApiUnreachable, match="no answer in time"):
        connect(simulator.url, attempts=1, deadline=0.3).get("venues", {"size": "20"}, parse_document)
    assert time.monotonic() - asked_at < 10


def test_the_last_unreadable_body_is_handed_over(api, connect):
    api.get(f"{URL}/events.json", body="<html>no</html>")
    with pytest.raises(MalformedBody) as stopped:
        ask(connect(URL, attempts=2))
    assert stopped.value.body == b"<html>no</html>"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize("url", ["https://name.invalid/discovery/v2", "http://127.0.0.1:{port}/discovery/v2"])
def test_an_unreachable_api_is_named_with_what_to_do(connect, url):
    with pytest.raises(ApiUnreachable) as stopped:
        ask(connect(url.format(port=free_port()), attempts=2))
    assert "No answer from the Discovery API at" in str(stopped.value)
    assert "Check TICKETMASTER_API_URL and the network" in str(stopped.value)


@pytest.mark.parametrize("url", ["", "app.ticketmaster.com/discovery/v2", "ftp://x/y", "http://"])
def test_what_is_no_url_is_refused_at_once(url):
    with pytest.raises(ValueError, match="TICKETMASTER_API_URL"):
        DiscoveryClient(url, KEY)


@pytest.mark.parametrize("key", ["", "  ", SecretStr("")])
def test_an_empty_key_is_refused_at_once(key):
    with pytest.raises(ValueError, match="TICKETMASTER_API_KEY"):
        DiscoveryClient(URL, key)


AWKWARD_KEY = "ca/na+ry key&0123456789"


@pytest.mark.parametrize("key", [KEY, AWKWARD_KEY])
@pytest.mark.parametrize(
    "trouble",
    [
        {"status": 401, "body": "no such key: {key}"},
        {"status": 429, "body": QUOTA},
        {"status": 400, "body": '{"errors": [{"code": "X{key}", "detail": "{key}"}]}'},
        {"status": 500, "body": "{key}"},
        {"status": 302, "headers": {"Location": "/?apikey={key}"}},
        {"body": "<html>/discovery/v2/events.json?apikey={key}&size=1</html>"},
        {"body": '{"{key}": 1'},
        {"body": "RAISE"},
    ],
)
def test_the_key_is_in_no_error_no_traceback_and_no_log(api, connect, caplog, key, trouble):
    def filled(value):
        return value.replace("{key}", quote(key, safe="")) if isinstance(value, str) else value

    filled_in = {name: filled(value) for name, value in trouble.items() if name != "headers"}
    filled_in["headers"] = {name: filled(value) for name, value in trouble.get("headers", {}).items()}
    if filled_in.get("body") == "RAISE":
        filled_in["body"] = requests.exceptions.ConnectionError(f"Max retries exceeded with url: /x?apikey={key}")
    api.get(f"{URL}/events.json", **filled_in)

    client = connect(URL, api_key=key, attempts=2)
    with caplog.at_level(logging.DEBUG), pytest.raises(DiscoveryError) as stopped:
        ask(client)

    error = stopped.value
    assert error.__context__ is None and error.__cause__ is None
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    frames = [
        frame
        for frame in report.stack
        if "/sources/ticketmaster/" in frame.filename and "/tests/" not in frame.filename
    ]
    written = [str(error), repr(error), repr(vars(error)), repr(client), caplog.text]
    written += [str(frame.locals) for frame in frames]
    forms = {key, quote(key, safe=""), quote(key)}
    assert frames
    assert not [text for text in written for form in forms if form in text]


def test_the_http_librarys_own_log_lines_go_without_the_key(simulate, connect, caplog):
    client = connect(simulate(1).url)
    with caplog.at_level(logging.DEBUG):
        ask(client)
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("urllib3")]
    assert any("/events.json" in line and "[api key]" in line for line in lines)
    assert KEY not in caplog.text


def test_the_simulators_refusals_are_understood(simulate, connect):
    url = simulate(1).url
    with pytest.raises(InvalidApiKey, match="Invalid ApiKey"):
        ask(connect(url, api_key="another-key-0123456789"))
    with pytest.raises(BadRequest, match="DIS1036"):
        ask(connect(url), size="201")
    with pytest.raises(NotFound, match="Resource not found"):
        connect(url).get("events/unknown", {}, parse_document)
