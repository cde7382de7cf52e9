"""Every refusal has the status, the body and the headers that clients of the real API get."""

from __future__ import annotations

import json

import pytest

from infra.simulators.discovery import Limits
from infra.simulators.tests.discovery.client import Caller

HELP = "/discovery/v2/errors.html#"


def discovery_error(code: str, detail: str, status: str, link: str = "about") -> dict:
    return {"errors": [{"code": code, "detail": detail, "status": status, "_links": {link: {"href": HELP + code}}}]}


def fault(code: str, text: str) -> dict:
    return {"fault": {"faultstring": text, "detail": {"errorcode": code}}}


def test_without_a_key(api: Caller) -> None:
    answer = api.get("events.json", key=None)
    assert answer.status_code == 401
    text = "Failed to resolve API Key variable request.queryparam.apikey"
    assert answer.json == fault("oauth.v2.FailedToResolveAPIKey", text)


def test_with_a_wrong_key(api: Caller) -> None:
    answer = api.get("events.json", key="not-the-key")
    assert answer.status_code == 401
    assert answer.json == fault("oauth.v2.InvalidApiKey", "Invalid ApiKey")
    assert "not-the-key" not in answer.text


@pytest.mark.parametrize("size", [0, 201, 500, -1])
def test_a_size_out_of_bounds(api: Caller, size: int) -> None:
    answer = api.get("events.json", size=size)
    assert answer.status_code == 400
    assert answer.json == discovery_error("DIS1036", 'Query param "size" must be less than 200', "400 BAD_REQUEST")


def test_a_size_of_200_is_fine(api: Caller) -> None:
    assert len(api.events(size=200)) == 200


@pytest.mark.parametrize(
    "value",
    [
        "2026-03-01",
        "2026-03-01T00:00:00",
        "2026-03-01T00:00:00.000Z",
        "2026-03-01T00:00:00+00:00",
        "2026-02-30T00:00:00Z",
    ],
)
@pytest.mark.parametrize("name", ["startDateTime", "endDateTime", "onsaleStartDateTime", "onsaleEndDateTime"])
def test_a_date_in_another_format(api: Caller, name: str, value: str) -> None:
    answer = api.get("events.json", **{name: value})
    assert answer.status_code == 400
    detail = "Query param with date must be of valid format YYYY-MM-DDTHH:mm:ssZ {example: 2020-08-01T14:00:00Z }"
    assert answer.json == discovery_error("DIS1015", detail, "400 BAD_REQUEST", link="self")


def test_an_unknown_sort_order(api: Caller) -> None:
    answer = api.get("classifications.json", sort="id,asc")
    assert answer.status_code == 400
    detail = "Query param \"sort\" may take one of these two values only - {'name,asc', 'name,desc'}"
    assert answer.json == discovery_error("DIS1005", detail, "400")
    assert api.get("events.json", sort="date").status_code == 400
    assert api.get("venues.json", sort="id,asc").status_code == 400


@pytest.mark.parametrize(("page", "size", "served"), [(5, 200, True), (6, 200, False), (50, 20, True), (51, 20, False)])
def test_deep_paging_as_in_2026(api: Caller, page: int, size: int, served: bool) -> None:
    answer = api.get("events.json", page=page, size=size)
    assert answer.status_code == (200 if served else 400)
    if not served:
        detail = "API Limits Exceeded: Max paging depth exceeded. (page * size) must be less than 1,000"
        assert answer.json == discovery_error("DIS1035", detail, "400 BAD_REQUEST")


@pytest.mark.parametrize(("page", "size", "served"), [(19, 50, True), (20, 50, False), (12, 80, True), (13, 80, False)])
def test_deep_paging_as_in_2024(page: int, size: int, served: bool) -> None:
    api = Caller(limits=Limits(per_second=None, deep_paging="2024", total_cap=None))
    answer = api.get("events.json", page=page, size=size)
    assert answer.status_code == (200 if served else 400)
    if not served:
        assert answer.json["errors"][0]["code"] == "DIS1035"
        assert answer.json["errors"][0]["status"] == "400"


@pytest.mark.parametrize(("page", "size"), [(499, 20), (9980, 1), (50, 200)])
def test_at_the_total_cap(api: Caller, page: int, size: int) -> None:
    answer = api.get("events.json", page=page, size=size)
    assert answer.status_code == 400
    detail = "Results limit exceeded. Please refine your search criteria."
    assert answer.json == discovery_error("DIS1024", detail, "400")


@pytest.mark.parametrize(
    "path",
    ["events/unknown-id", "events/unknown-id.json", "events/unknown-id/images", "venues/unknown-id",
     "attractions/unknown-id", "classifications/unknown-id", "classifications/genres/unknown-id"],
)  # fmt: skip
def test_an_entity_that_does_not_exist(api: Caller, path: str) -> None:
    answer = api.get(path)
    assert answer.status_code == 404
    detail = "Resource not found with provided criteria (locale=en-us, id=unknown)"
    assert answer.json == discovery_error("DIS1004", detail, "404")


def test_segments_without_an_id_are_no_endpoint(api: Caller) -> None:
    assert api.get("classifications/segments").status_code == 404
    assert api.get("classifications/genres.json").status_code == 404


def test_too_many_requests_within_a_second() -> None:
    api = Caller(limits=Limits(per_second=3))
    statuses = [api.get("classifications", size=1).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    answer = api.get("classifications")
    rate = "MessageRate{messagesPerPeriod=3, periodInMicroseconds=1000000, maxBurstMessageCount=1.0}"
    text = f"Spike arrest violation. Allowed rate : {rate}"
    assert answer.json == fault("policies.ratelimit.SpikeArrestViolation", text)
    assert "Retry-After" not in answer.headers


def test_more_requests_than_the_day_allows() -> None:
    api = Caller(limits=Limits(per_second=None, per_day=2))
    assert [api.get("classifications").status_code for _ in range(2)] == [200, 200]
    answer = api.get("classifications")
    assert answer.status_code == 429
    text = "Rate limit quota violation. Quota limit  exceeded. Identifier : simulated-key"
    assert answer.json == fault("policies.ratelimit.QuotaViolation", text)


@pytest.mark.parametrize(
    ("path", "params"),
    [("events", {"key": None}), ("events", {"key": "wrong"}), ("events", {"size": 300}), ("events/none", {})],
)
def test_refusals_carry_no_rate_headers(api: Caller, path: str, params: dict) -> None:
    answer = api.get(path, **params)
    assert not [name for name, _ in answer.headers if name.lower().startswith("rate-limit")]
    assert json.loads(answer.text)


@pytest.mark.recorded
def test_bodies_equal_the_recorded_ones(api: Caller, recorded) -> None:
    def body(name: str) -> object:
        return json.loads((recorded / "ticketmaster" / "errors" / name).read_text())

    assert api.get("events", size=201).json == body("400_DIS1036_size_2026-10_transcribed.json")
    assert api.get("events", startDateTime="x").json == body("400_DIS1015_date_2026-10_transcribed.json")
    assert api.get("events", page=10_000).json == body("400_DIS1024_total_2026-10_transcribed.json")
    assert api.get("events", page=6, size=200).json == body("400_DIS1035_2026-10_transcribed.json")
    assert api.get("classifications", sort="x").json == body("400_DIS1005_sort_sdk-scala_transcribed.json")
    assert api.get("events", key="x").json == body("401_InvalidApiKey_2026-10_transcribed.json")
    older = Caller(limits=Limits(per_second=None, deep_paging="2024"))
    assert older.get("events", page=20, size=50).json == body("400_DIS1035_2024-11_recorded.json")
