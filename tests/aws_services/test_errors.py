"""Errors say what was asked, of what, and what to do; they survive the way from one process to another."""

from __future__ import annotations

import pickle

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    IncompleteReadError,
    NoCredentialsError,
    ReadTimeoutError,
)

from aws_services import errors
from aws_services._session import asking


def refusal(code: str, message: str = "because", status: int = 400) -> ClientError:
    response = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "Operation")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (refusal("NoSuchKey", status=404), errors.NotFound),
        (refusal("NoSuchBucket", status=404), errors.NoSuchBucket),
        (refusal("EntityNotFoundException"), errors.NotFound),
        (refusal("AlreadyExistsException"), errors.AlreadyExists),
        (refusal("CrawlerRunningException"), errors.AlreadyRunning),
        (refusal("ConcurrentRunsExceededException"), errors.AlreadyRunning),
        (refusal("PreconditionFailed", status=412), errors.PreconditionFailed),
        (refusal("AccessDenied", status=403), errors.AccessDenied),
        (refusal("ExpiredToken", status=400), errors.NoCredentials),
        (refusal("ThrottlingException"), errors.Throttled),
        (refusal("SlowDown", status=503), errors.Throttled),
        (refusal("InternalError", status=500), errors.ServiceFailed),
        (refusal("ValidationException"), errors.InvalidInput),
        (refusal("ConcurrentModificationException"), errors.InvalidRequest),
        (NoCredentialsError(), errors.NoCredentials),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1:1"), errors.ServiceUnreachable),
        (ReadTimeoutError(endpoint_url="http://127.0.0.1:1"), errors.ServiceUnreachable),
        (IncompleteReadError(actual_bytes=1, expected_bytes=2), errors.ServiceUnreachable),
    ],
)
def test_what_aws_says_becomes_a_typed_error(raised: ClientError | BotoCoreError, expected: type) -> None:
    with pytest.raises(errors.AwsError) as caught, asking("GetObject", "s3://lake/key"):
        raise raised
    assert type(caught.value) is expected
    assert str(caught.value).startswith("GetObject of s3://lake/key: ")
    assert caught.value.__cause__ is raised


def test_an_error_says_what_to_do() -> None:
    with pytest.raises(errors.NoSuchBucket, match=r"boxoffice up"), asking("PutObject", "s3://lake/a"):
        raise refusal("NoSuchBucket")
    with pytest.raises(errors.ServiceUnreachable, match="AWS_ENDPOINT_URL"), asking("PutObject", "s3://lake/a"):
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:1")


def test_errors_that_are_not_of_aws_pass_through() -> None:
    with pytest.raises(KeyError), asking("GetObject", "s3://lake/key"):
        raise KeyError("mine")


@pytest.mark.parametrize(
    "error",
    [
        errors.NotFound("GetTable", "db.table", "no such table"),
        errors.TimedOut("crawl", "crawler", 61.5, "RUNNING"),
        errors.JobFailed("job run", "job/jr_1", "FAILED: ValueError: 3", "jr_1"),
        errors.StatementFailed("statement", "wg/dev", "ERROR: no", "SELECT :x", 2, "id"),
    ],
)
def test_errors_can_be_pickled(error: errors.AwsError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert vars(copy) == vars(error)


def test_a_long_statement_is_shortened_in_the_message_only() -> None:
    error = errors.StatementFailed("statement", "wg/dev", "ERROR", "SELECT " + "1 + " * 1000 + "1", 3)
    assert len(str(error)) < 700
    assert "statement 3: SELECT 1 + 1" in str(error)
    assert error.statement.endswith("1 + 1")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (str(refusal("AccessDeniedException", "no grant")), errors.AccessDenied),
        ("Waiter CrawlerReady failed: An error occurred (EntityNotFoundException): no such crawler", errors.NotFound),
        ("Traceback …\nValueError: x\n" + str(refusal("ThrottlingException")) + "\nTriggerFailure", errors.Throttled),
    ],
)
def test_an_answer_of_aws_is_found_in_what_others_wrap_it_in(text: str, expected: type) -> None:
    error = errors.within(text, "wait", "the-crawler")
    assert type(error) is expected
    assert "of the-crawler: " in str(error)


@pytest.mark.parametrize("text", ["Waiter encountered a terminal failure state", str(refusal("NobodyKnowsThis"))])
def test_what_quotes_no_known_answer_is_left_as_it_is(text: str) -> None:
    assert errors.within(text, "wait", "the-crawler") is None
