"""AWS's errors as one tree of exceptions. Each names the operation, the resource, the reason and what to do.

    AwsError
    ├── NotFound ── NoSuchBucket
    ├── AlreadyExists
    ├── AlreadyRunning
    ├── PreconditionFailed
    ├── AccessDenied ── NoCredentials
    ├── Throttled
    ├── ServiceUnreachable
    ├── InvalidRequest ── InvalidInput
    ├── ServiceFailed
    ├── TimedOut
    ├── CrawlFailed
    ├── JobFailed
    └── StatementFailed

Every class can be pickled, because Airflow passes exceptions between processes.
"""

from __future__ import annotations

import re
from typing import Any


class AwsError(Exception):
    """An AWS operation failed.

    Attributes:
        operation: the operation, in words or as AWS names it.
        resource: the resource that it was called on: a URI, a name.
        detail: the reason, in AWS's words.
    """

    advice = ""

    def __init__(self, operation: str, resource: str, detail: str = "") -> None:
        super().__init__(operation, resource, detail)
        self.operation = operation
        self.resource = resource
        self.detail = detail

    def __str__(self) -> str:
        text = f"{self.operation} of {self.resource}: {self.detail or type(self).__name__}"
        return f"{text.rstrip('.')}. {self.advice}" if self.advice else text


class NotFound(AwsError):
    """The resource doesn't exist."""

    advice = "Create it first (`./boxoffice up` provisions the local AWS, the CDK app an account) or correct its name."


class NoSuchBucket(NotFound):
    """The bucket itself doesn't exist, whatever the key."""

    advice = "Create the bucket: `./boxoffice up` does so on the local AWS, the CDK app in an account."


class AlreadyExists(AwsError):
    """A resource with that name already exists."""

    advice = "Use the existing one, or delete it first."


class AlreadyRunning(AwsError):
    """A run of the crawler or job is in progress, and only one at a time is allowed."""

    advice = "Wait for that run to end, or stop it, then repeat."


class PreconditionFailed(AwsError):
    """A conditional write was refused, because another writer was faster."""

    advice = "Read the object again, then decide again."


class AccessDenied(AwsError):
    """The credentials don't allow the operation. Never retried."""

    advice = "Grant the role this action on this resource, or use other credentials."


class NoCredentials(AccessDenied):
    """There are no AWS credentials, or they expired."""

    advice = "Set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in again."


class Throttled(AwsError):
    """AWS still refused after several retries with backoff, because of too many requests."""

    advice = "Repeat later; request a higher service quota if it persists."


class ServiceUnreachable(AwsError):
    """The endpoint didn't answer, even after several retries with backoff."""

    advice = "Check the network and AWS_ENDPOINT_URL; start the local AWS with `./boxoffice up`."


class InvalidRequest(AwsError):
    """The request itself is wrong; repeating it won't help."""


class InvalidInput(InvalidRequest):
    """A value in the request is wrong; the detail names it. Never retried."""

    advice = "Correct the value that AWS names; the same request would fail again."


class ServiceFailed(AwsError):
    """AWS reported a failure of its own, even after several retries with backoff."""

    advice = "Repeat later."


class TimedOut(AwsError):
    """An operation in AWS didn't finish before the deadline; it may still be running.

    Attributes:
        waited: seconds waited.
        last_state: the last state that AWS reported.
    """

    def __init__(self, operation: str, resource: str, waited: float, last_state: str) -> None:
        super().__init__(operation, resource, f"still {last_state} after {waited:.0f} s")
        self.args = (operation, resource, waited, last_state)
        self.waited = waited
        self.last_state = last_state


class CrawlFailed(AwsError):
    """A crawl failed; the detail is the crawler's own message."""

    advice = "Check the crawler's log (CloudWatch log group /aws-glue/crawlers), then start it again."


class JobFailed(AwsError):
    """A Glue job run failed; the detail is its state and error message.

    Attributes:
        run_id: the job run, which is also the name of its log stream.
    """

    advice = "Its log is in CloudWatch (/aws-glue/jobs/output and /aws-glue/jobs/error), in the stream of the run id."

    def __init__(self, operation: str, resource: str, detail: str, run_id: str) -> None:
        super().__init__(operation, resource, detail)
        self.args = (operation, resource, detail, run_id)
        self.run_id = run_id


class StatementFailed(AwsError):
    """Redshift refused a statement. The message doesn't contain the parameters' values.

    Attributes:
        statement: the failed statement as it was sent, with its parameters' names.
        position: its place in the batch, from 1.
        statement_id: the Data API's id.
    """

    def __init__(
        self, operation: str, resource: str, detail: str, statement: str, position: int = 1, statement_id: str = ""
    ) -> None:
        super().__init__(operation, resource, detail)
        self.args = (operation, resource, detail, statement, position, statement_id)
        self.statement = statement
        self.position = position
        self.statement_id = statement_id

    def __str__(self) -> str:
        return f"{super().__str__()}\n  statement {self.position}: {_shorten(self.statement)}"


_BY_CODE: dict[str, type[AwsError]] = {
    "NoSuchBucket": NoSuchBucket,
    "NoSuchKey": NotFound,
    "404": NotFound,
    "NotFound": NotFound,
    "EntityNotFoundException": NotFound,
    "ParameterNotFound": NotFound,
    "ResourceNotFoundException": NotFound,
    "ResourceNotFound": NotFound,
    "JobRunNotFoundException": NotFound,
    "AlreadyExistsException": AlreadyExists,
    "IdempotentParameterMismatchException": AlreadyExists,
    "ResourceExistsException": AlreadyExists,
    "BucketAlreadyExists": AlreadyExists,
    "BucketAlreadyOwnedByYou": AlreadyExists,
    "CrawlerRunningException": AlreadyRunning,
    "ConcurrentRunsExceededException": AlreadyRunning,
    "PreconditionFailed": PreconditionFailed,
    "ConditionalRequestConflict": PreconditionFailed,
    "412": PreconditionFailed,
    "AccessDenied": AccessDenied,
    "AccessDeniedException": AccessDenied,
    "AuthorizationError": AccessDenied,
    "UnauthorizedOperation": AccessDenied,
    "403": AccessDenied,
    "Forbidden": AccessDenied,
    "InvalidAccessKeyId": NoCredentials,
    "SignatureDoesNotMatch": NoCredentials,
    "ExpiredToken": NoCredentials,
    "ExpiredTokenException": NoCredentials,
    "UnrecognizedClientException": NoCredentials,
    "InvalidClientTokenId": NoCredentials,
    "Throttling": Throttled,
    "ThrottlingException": Throttled,
    "ThrottledException": Throttled,
    "RequestLimitExceeded": Throttled,
    "TooManyRequestsException": Throttled,
    "SlowDown": Throttled,
    "ActiveStatementsExceededException": Throttled,
    "RequestTimeout": ServiceUnreachable,
    "ValidationException": InvalidInput,
    "InvalidInputException": InvalidInput,
    "InternalFailure": ServiceFailed,
    "InternalServiceException": ServiceFailed,
    "InternalServerException": ServiceFailed,
    "ServiceUnavailable": ServiceFailed,
}

# How botocore words an AWS error response: as a ClientError, and shorter as the reason of a WaiterError.
_RESPONSE = re.compile(r"An error occurred \((\w+)\)(?: when calling the (\w+) operation[^:\n]*)?: ([^\n]*)")


def from_response(response: dict[str, Any], operation: str, resource: str) -> AwsError:
    """The exception for an error response of AWS.

    Args:
        response: botocore's parsed response, with `Error` and `ResponseMetadata`.
        operation: the operation.
        resource: the resource that it was called on.
    """
    error = response.get("Error", {})
    code = str(error.get("Code", ""))
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    kind = _BY_CODE.get(code) or (ServiceFailed if status >= 500 else InvalidRequest)
    message = str(error.get("Message", "")).strip()
    return kind(operation, resource, f"{code}: {message}" if message and message != code else code or f"HTTP {status}")


def within(text: str, operation: str, resource: str) -> AwsError | None:
    """The exception for the AWS error that another library's message or traceback quotes; None if it quotes none.

    Only known codes count: without the HTTP status, an unknown code doesn't show whose fault the error was.

    >>> text = "An error occurred (SlowDown) when calling the PutObject operation: Reduce your request rate."
    >>> within(text, "wait", "s3://lake/key")
    Throttled('PutObject', 's3://lake/key', 'SlowDown: Reduce your request rate.')

    Args:
        text: the message or the traceback.
        operation: the operation, if the text doesn't name it.
        resource: the resource that it was called on.
    """
    for code, named_operation, message in _RESPONSE.findall(text):
        if kind := _BY_CODE.get(code):
            return kind(named_operation or operation, resource, f"{code}: {message.strip()}")
    return None


def _shorten(statement: str, length: int = 400) -> str:
    flat = " ".join(statement.split())
    return flat if len(flat) <= length else f"{flat[:length]}… ({len(flat)} characters)"
