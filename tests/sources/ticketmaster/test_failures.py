"""Every error body of the API, real ones included, becomes the error that explains what to do."""

from __future__ import annotations

import json

import pytest

from sources.ticketmaster import (
    BadRequest,
    DiscoveryError,
    InvalidApiKey,
    NotFound,
    QuotaExceeded,
    RateLimited,
    ServerError,
    UnexpectedStatus,
)
from sources.ticketmaster.failures import failure

RECORDED = {
    "400_DIS1005_sort_sdk-scala_transcribed.json": (400, BadRequest),
    "400_DIS1015_date_2026-10_transcribed.json": (400, BadRequest),
    "400_DIS1024_total_2026-10_transcribed.json": (400, BadRequest),
    "400_DIS1035_2024-11_recorded.json": (400, BadRequest),
    "400_DIS1035_2026-10_transcribed.json": (400, BadRequest),
    "400_DIS1036_size_2026-10_transcribed.json": (400, BadRequest),
    "401_InvalidApiKey_2026-10_transcribed.json": (401, InvalidApiKey),
    "429_QuotaViolation_documented.json": (429, QuotaExceeded),
    "429_SpikeArrest_apigee_generic.json": (429, RateLimited),
}


@pytest.mark.recorded
@pytest.mark.parametrize(("file", "status", "kind"), [(file, *expected) for file, expected in RECORDED.items()])
def test_recorded_error_bodies(recorded, file, status, kind):
    error = failure(status, (recorded / "ticketmaster" / "errors" / file).read_text(), {}, "GET /events.json")
    assert type(error) is kind
    if isinstance(error, BadRequest):
        assert error.code == file.split("_")[1]
        assert error.detail and error.detail in str(error)


@pytest.mark.recorded
def test_the_recorded_not_found(recorded):
    [call] = json.loads((recorded / "ticketmaster" / "errors" / "404_event_DIS1004_nock.json").read_text())
    error = failure(call["status"], json.dumps(call["response"]), {}, "GET /events/unknown-id.json")
    assert type(error) is NotFound
    assert "Resource not found with provided criteria" in str(error)


def fault(code: str, text: str = "text") -> str:
    return json.dumps({"fault": {"faultstring": text, "detail": {"errorcode": code}}})


@pytest.mark.parametrize(
    ("status", "body", "kind", "is_worth_retrying"),
    [
        (401, fault("oauth.v2.FailedToResolveAPIKey"), InvalidApiKey, False),
        (401, "", InvalidApiKey, False),
        (401, fault("policies.ratelimit.QuotaViolation"), QuotaExceeded, False),
        (429, fault("policies.ratelimit.QuotaViolation"), QuotaExceeded, False),
        (429, "slow down", RateLimited, True),
        (500, fault("policies.ratelimit.SpikeArrestViolation"), RateLimited, True),
        (500, "{}", ServerError, True),
        (503, "<html>Service Unavailable</html>", ServerError, True),
        (504, fault("messaging.adaptors.http.flow.GatewayTimeout", "Gateway Timeout"), ServerError, True),
        (400, "not json", BadRequest, False),
        (400, '{"errors": "text"}', BadRequest, False),
        (404, "", NotFound, False),
        (302, "", UnexpectedStatus, False),
        (403, "<html>", UnexpectedStatus, False),
    ],
)
def test_failures_are_told_apart_by_code_before_status(status, body, kind, is_worth_retrying):
    error = failure(status, body, {}, "GET /events.json")
    assert type(error) is kind
    assert isinstance(error, DiscoveryError)
    assert error.is_worth_retrying is is_worth_retrying
    assert "Request: GET /events.json." in str(error)
    assert error.next_step in str(error)


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("86400", 60.0), ("soon", None), ("-1", None)])
def test_a_gateway_that_says_when_to_come_back_is_heard(header, seconds):
    assert getattr(failure(503, "", {"Retry-After": header}, ""), "retry_after") == seconds  # noqa: B009
