"""Clients retry throttling and broken connections, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectTimeoutError
from botocore.loaders import JSONFileLoader

from aws_services._session import client
from aws_services.errors import AccessDenied, ServiceFailed, ServiceUnreachable, Throttled
from aws_services.glue_crawler import GlueCrawler
from aws_services.s3 import S3

pytestmark = pytest.mark.usefixtures("mocked_aws", "no_backoff")

Answer = Callable[[], AWSResponse]


class Body:
    """A response body as urllib3 gives it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, *_: object, **__: object) -> list[bytes]:
        return [self._content]

    def read(self, *_: object) -> bytes:
        return self._content


def json_error(code: str, status: int = 400) -> Answer:
    body = b'{"__type": "%s", "message": "because"}' % code.encode()
    return lambda: AWSResponse("https://aws", status, {}, Body(body))


def xml_error(code: str, status: int) -> Answer:
    body = b"<Error><Code>%s</Code><Message>because</Message></Error>" % code.encode()
    return lambda: AWSResponse("https://aws", status, {}, Body(body))


def answer_with(boto_client: Any, answers: list[Answer]) -> list[str]:
    """Let requests on the wire be answered by these in turn, the last one for ever. Returns the requests seen."""
    seen: list[str] = []

    def respond(request: Any, **_: object) -> AWSResponse:
        seen.append(request.url)
        return answers[min(len(seen), len(answers)) - 1]()

    boto_client.meta.events.register_first("before-send", respond)
    return seen


def refuse_to_connect() -> AWSResponse:
    raise ConnectTimeoutError(endpoint_url="https://aws")


def test_throttling_is_retried_until_it_passes() -> None:
    glue = client("glue")
    throttled = json_error("ThrottlingException")
    seen = answer_with(glue, [throttled, throttled, lambda: AWSResponse("https://aws", 200, {}, Body(b"{}"))])
    GlueCrawler("crawler", glue).start()
    assert len(seen) == 3


def test_throttling_that_lasts_is_reported() -> None:
    glue = client("glue")
    seen = answer_with(glue, [json_error("ThrottlingException")])
    with pytest.raises(Throttled, match="StartCrawler of crawler"):
        GlueCrawler("crawler", glue).start()
    assert len(seen) == 6


@pytest.mark.parametrize(
    ("answer", "expected"),
    [(xml_error("SlowDown", 503), Throttled), (xml_error("InternalError", 500), ServiceFailed)],
)
def test_s3_is_retried_when_it_asks_for_it(answer: Answer, expected: type[Exception]) -> None:
    s3 = client("s3")
    seen = answer_with(s3, [answer])
    with pytest.raises(expected):
        S3(s3).get("lake", "key")
    assert len(seen) == 6


def test_a_permission_error_is_not_retried() -> None:
    s3, glue = client("s3"), client("glue")
    seen = answer_with(s3, [xml_error("AccessDenied", 403)]), answer_with(glue, [json_error("AccessDeniedException")])
    with pytest.raises(AccessDenied, match="Grant the role"):
        S3(s3).put("lake", "key", b"")
    with pytest.raises(AccessDenied, match="Grant the role"):
        GlueCrawler("crawler", glue).start()
    assert [len(requests) for requests in seen] == [1, 1]


def test_a_broken_connection_is_retried() -> None:
    s3 = client("s3")
    seen = answer_with(s3, [refuse_to_connect])
    with pytest.raises(ServiceUnreachable, match="local AWS"):
        S3(s3).get("lake", "key")
    assert len(seen) == 6


def test_a_conditional_write_in_flight_elsewhere_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aws_services.s3.time.sleep", lambda seconds: None)
    s3 = client("s3")
    accepted = AWSResponse("https://aws", 200, {"ETag": '"abc"'}, Body(b""))
    seen = answer_with(s3, [xml_error("ConditionalRequestConflict", 409), lambda: accepted])
    assert S3(s3).put_if_absent("lake", "key", b"x") == '"abc"'
    assert len(seen) == 2


@pytest.mark.parametrize(("size", "asks"), [(1, False), (200_000, False), (2_000_000, True)])
def test_only_a_large_body_waits_for_leave_to_be_sent(size: int, asks: bool) -> None:
    s3, sent = client("s3"), list[Any]()

    def respond(request: Any, **_: object) -> AWSResponse:
        sent.append(request.headers.get("Expect") == b"100-continue")
        return AWSResponse("https://aws", 200, {"ETag": '"abc"'}, Body(b""))

    s3.meta.events.register_first("before-send", respond)
    S3(s3).put_if_absent("lake", "key", bytes(size))
    assert sent == [asks]


def test_the_services_are_described_once_for_all_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    client("sns")
    opened = []
    load = JSONFileLoader.load_file
    monkeypatch.setattr(JSONFileLoader, "load_file", lambda self, path: opened.append(path) or load(self, path))
    assert client("sns").meta.service_model.service_name == "sns"
    assert [path for path in opened if "sns" in path] == []


def test_the_region_has_a_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    monkeypatch.delenv("AWS_REGION", raising=False)
    assert client("s3").meta.region_name == "us-east-1"


def test_the_endpoint_is_the_environments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4599")
    assert client("redshift-data").meta.endpoint_url == "http://127.0.0.1:4599"
