"""What can go wrong with the Discovery API, as a tree: errors say what, for which request, what was kept, what next.

No message ever holds the API key: callers hand over request labels and texts that are redacted already.
"""

from __future__ import annotations

from typing import ClassVar


class DiscoveryError(Exception):
    """Something the Discovery API did, or did not do.

    Attributes:
        what: what was wrong, in a sentence.
        request: the request it was about, without secrets.
        next_step: what to do about it.
        kept: what was landed before it happened; the crawl fills it in.
        is_worth_retrying: whether the same request may succeed a moment later.
    """

    is_worth_retrying: ClassVar[bool] = False
    advice: ClassVar[str] = "Run the same date again: landed pages are not fetched again."

    def __init__(self, what: str, request: str = "", *, next_step: str | None = None) -> None:
        super().__init__(what, request)
        self.what = what
        self.request = request
        self.next_step = self.advice if next_step is None else next_step
        self.kept = ""

    def __str__(self) -> str:
        request = f"Request: {self.request}." if self.request else ""
        return " ".join(part for part in (self.what, request, self.kept, self.next_step) if part)


class InvalidApiKey(DiscoveryError):
    """The API does not accept the key (401), or none was sent."""

    advice = "Check the key (TICKETMASTER_API_KEY, or its secret) at developer.ticketmaster.com, then run again."


class QuotaExceeded(DiscoveryError):
    """The day's requests are used up: by our own count, or because the API said so (429 QuotaViolation)."""

    advice = "Run the same date again when the quota is renewed: it resumes, landed pages are not fetched again."


class RateLimited(DiscoveryError):
    """The API refused requests as too fast (429 spike arrest), also after slowing down and waiting."""

    is_worth_retrying = True
    advice = "Lower TICKETMASTER_REQUESTS_PER_SECOND, or find out who else uses the key, then run again."

    def __init__(self, what: str, request: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(what, request)
        self.retry_after = retry_after


class BadRequest(DiscoveryError):
    """The API refused the request's parameters (400).

    Attributes:
        code: the API's code, such as `DIS1035`, or the HTTP status.
        detail: the API's explanation.
    """

    advice = "This is a mistake in the request, not in the data: report it; repeating will not help."

    def __init__(self, code: str, detail: str, request: str = "") -> None:
        super().__init__(f"The Discovery API refused a request: {code} {detail}".rstrip(" .") + ".", request)
        self.code = code
        self.detail = detail


class NotFound(DiscoveryError):
    """There is nothing at that address (404)."""

    advice = "Check TICKETMASTER_API_URL: it must end with the API's version, such as …/discovery/v2."


class UnexpectedStatus(DiscoveryError):
    """An HTTP status that the API is not known to answer with: a redirect, a proxy's refusal…"""

    advice = "Check TICKETMASTER_API_URL and any proxy between here and there, then run again."


class ServerError(DiscoveryError):
    """The API failed on its own side (5xx), on every attempt."""

    is_worth_retrying = True

    def __init__(self, what: str, request: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(what, request)
        self.retry_after = retry_after


class ApiUnreachable(DiscoveryError):
    """No answer came: no connection, a timeout, or a connection that broke, on every attempt."""

    is_worth_retrying = True
    advice = "Check TICKETMASTER_API_URL and the network, then run the same date again: it resumes."


class MalformedBody(DiscoveryError):
    """A 200 whose body is not the JSON document asked for, on every attempt.

    Attributes:
        body: the last such body, exactly as it came (secrets redacted), so that it can be landed as evidence.
    """

    is_worth_retrying = True

    def __init__(self, what: str, request: str = "", *, body: bytes = b"") -> None:
        super().__init__(what, request)
        self.body = body
