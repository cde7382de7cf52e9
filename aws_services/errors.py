"""What can go wrong when asking AWS, as one tree of exceptions that say what was asked, of what, and what to do.

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

Every class can be pickled: Airflow carries exceptions from one process to another.
"""

from __future__ import annotations

import re
from typing import Any


class AwsError(Exception):
    """AWS did not do what was asked.

    Attributes:
        asked: the operation, in words or as AWS names it.
        resource: what it was asked of (a URI, a name).
        detail: why it was refused, as AWS says it.
    """

    advice = ""

    def __init__(self, asked: str, resource: str, detail: str = "") -> None:
        super().__init__(asked, resource, detail)
        self.asked = asked
        self.resource = resource
        self.detail = detail

    def __str__(self) -> str:
        text = f"{self.asked} of {self.resource}: {self.detail or type(self).__name__}"
        return f"{text.rstrip('.')}. {self.advice}" if self.advice else text


class NotFound(AwsError):
    """The resource does not exist."""

    advice = "Create it first (`./boxoffice up` provisions the local AWS; the CDK app an account) or correct its name."


class NoSuchBucket(NotFound):
    """The bucket itself does not exist, whatever key was asked for."""

    advice = "Create the bucket: `./boxoffice up` does so on the local AWS, the CDK app in an account."


class AlreadyExists(AwsError):
    """A resource of that name exists already."""

    advice = "Use the existing one, or delete it first."


class AlreadyRunning(AwsError):
    """A run of the crawler or job is in progress, and only one at a time is allowed."""

    advice = "Wait for that run to end, or stop it, then repeat."


class PreconditionFailed(AwsError):
    """A conditional write was refused: somebody else wrote the object first."""

    advice = "Read the object again and decide anew."


class AccessDenied(AwsError):
    """The credentials do not allow the operation. Never retried."""

    advice = "Grant the role this action on this resource, or use other credentials."


class NoCredentials(AccessDenied):
    """There are no (or expired) AWS credentials."""

    advice = "Set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in again."


class Throttled(AwsError):
    """AWS kept refusing because of too many requests, after several retries with backoff."""

    advice = "Repeat later; ask for a higher service quota if it lasts."


class ServiceUnreachable(AwsError):
    """No answer came from the endpoint, after several retries with backoff."""

    advice = "Check the network and AWS_ENDPOINT_URL; start the local AWS with `./boxoffice up`."


class InvalidRequest(AwsError):
    """The request itself is wrong; repeating it will not help."""


class InvalidInput(InvalidRequest):
    """A value in the request is wrong, as AWS names it. Never retried."""

    advice = "Correct the value that AWS names; the same request fails each time."


class ServiceFailed(AwsError):
    """AWS reported a failure of its own, after several retries with backoff."""

    advice = "Repeat later."


class TimedOut(AwsError):
    """Something started in AWS was not finished when the time to wait for it was over.

    Attributes:
        waited: seconds waited.
        last_state: the last state that AWS reported.
    """

    def __init__(self, asked: str, resource: str, waited: float, last_state: str) -> None:
        super().__init__(asked, resource, f"still {last_state} after {waited:.0f} s")
        self.args = (asked, resource, waited, last_state)
        self.waited = waited
        self.last_state = last_state


class CrawlFailed(AwsError):
    """A crawl ended without success; the detail is the crawler's own message."""

    advice = "Look into the crawler's log (CloudWatch log group /aws-glue/crawlers), then start it again."


class JobFailed(AwsError):
    """A Glue job run ended without success; the detail is its state and error message.

    Attributes:
        run_id: the job run, which is also the name of its log stream.
    """

    advice = "Its log is in CloudWatch (/aws-glue/jobs/output and /aws-glue/jobs/error), in the stream of the run id."

    def __init__(self, asked: str, resource: str, detail: str, run_id: str) -> None:
        super().__init__(asked, resource, detail)
        self.args = (asked, resource, detail, run_id)
        self.run_id = run_id


class StatementFailed(AwsError):
    """Redshift refused a statement. Parameter values are not part of the message.

    Attributes:
        statement: the failing statement as it was sent, with its parameters' names.
        position: its place in the batch, from 1.
        statement_id: the Data API's id.
    """

    def __init__(
        self, asked: str, resource: str, detail: str, statement: str, position: int = 1, statement_id: str = ""
    ) -> None:
        super().__init__(asked, resource, detail)
        self.args = (asked, resource, detail, statement, position, statement_id)
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

# How botocore writes an error response of AWS down: as a ClientError, and shorter as the reason of a WaiterError.
_ANSWER = re.compile(r"An error occurred \((\w+)\)(?: when calling the (\w+) operation[^:\n]*)?: ([^\n]*)")


def from_response(response: dict[str, Any], asked: str, resource: str) -> AwsError:
    """The exception for an error response of AWS.

    Args:
        response: botocore's parsed response, with `Error` and `ResponseMetadata`.
        asked: the operation.
        resource: what it was asked of.
    """
    error = response.get("Error", {})
    code = str(error.get("Code", ""))
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    kind = _BY_CODE.get(code) or (ServiceFailed if status >= 500 else InvalidRequest)
    message = str(error.get("Message", "")).strip()
    return kind(asked, resource, f"{code}: {message}" if message and message != code else code or f"HTTP {status}")


def within(text: str, asked: str, resource: str) -> AwsError | None:
    """The exception for the error response that another library's message or traceback quotes; None if it quotes none.

    Only codes that are known count: without the HTTP status, an unknown one does not tell whose fault it was.

    Args:
        text: the message or the traceback.
        asked: the operation, where the text does not name it.
        resource: what it was asked of.
    """
    for code, operation, message in _ANSWER.findall(text):
        if kind := _BY_CODE.get(code):
            return kind(operation or asked, resource, f"{code}: {message.strip()}")
    return None


def _shorten(statement: str, length: int = 400) -> str:
    flat = " ".join(statement.split())
    return flat if len(flat) <= length else f"{flat[:length]}… ({len(flat)} characters)"
