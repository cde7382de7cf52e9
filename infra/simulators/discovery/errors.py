"""The API's errors, word for word: its own and those of the gateway in front of it."""

from __future__ import annotations

from dataclasses import dataclass, field

_HELP = "/discovery/v2/errors.html#"


@dataclass(slots=True)
class ApiError(Exception):
    """A refusal with its HTTP status, JSON body and further headers."""

    http_status: int
    body: dict[str, object]
    headers: dict[str, str] = field(default_factory=dict)


def _discovery(http_status: int, code: str, detail: str, status: str, link: str = "about") -> ApiError:
    error = {"code": code, "detail": detail, "status": status, "_links": {link: {"href": f"{_HELP}{code}"}}}
    return ApiError(http_status, {"errors": [error]})


def _gateway(http_status: int, code: str, text: str) -> ApiError:
    return ApiError(http_status, {"fault": {"faultstring": text, "detail": {"errorcode": code}}})


def bad_sort(allowed: tuple[str, ...]) -> ApiError:
    """`sort` is not one of the endpoint's values."""
    values = ", ".join(f"'{value}'" for value in allowed)
    detail = f'Query param "sort" may take one of these {_in_words(len(allowed))} values only - {{{values}}}'
    return _discovery(400, "DIS1005", detail, "400")


def bad_date() -> ApiError:
    """A date parameter is not `YYYY-MM-DDTHH:mm:ssZ`."""
    detail = "Query param with date must be of valid format YYYY-MM-DDTHH:mm:ssZ {example: 2020-08-01T14:00:00Z }"
    return _discovery(400, "DIS1015", detail, "400 BAD_REQUEST", link="self")


def beyond_total_cap() -> ApiError:
    """The page is at or past the 10,000th result."""
    return _discovery(400, "DIS1024", "Results limit exceeded. Please refine your search criteria.", "400")


def too_deep(status: str) -> ApiError:
    """page * size exceeds the paging limit. The wording of `status` differed in 2024 and 2026."""
    detail = "API Limits Exceeded: Max paging depth exceeded. (page * size) must be less than 1,000"
    return _discovery(400, "DIS1035", detail, status)


def bad_size() -> ApiError:
    """`size` is outside 1..200 (the API's message has "less than 200", but it accepts 200)."""
    return _discovery(400, "DIS1036", 'Query param "size" must be less than 200', "400 BAD_REQUEST")


def not_found(locale: str, entity_id: str) -> ApiError:
    """No such entity. The text contains the id only up to its first dash, as in the recorded response."""
    detail = f"Resource not found with provided criteria (locale={locale}, id={entity_id.split('-', maxsplit=1)[0]})"
    return _discovery(404, "DIS1004", detail, "404")


def missing_key() -> ApiError:
    """There is no `apikey`: the gateway's standard text."""
    text = "Failed to resolve API Key variable request.queryparam.apikey"
    return _gateway(401, "oauth.v2.FailedToResolveAPIKey", text)


def wrong_key() -> ApiError:
    """The `apikey` is unknown. The body does not contain it."""
    return _gateway(401, "oauth.v2.InvalidApiKey", "Invalid ApiKey")


def quota_exceeded(api_key: str) -> ApiError:
    """The daily quota is used up. The body really contains the key, so clients must redact it."""
    text = f"Rate limit quota violation. Quota limit  exceeded. Identifier : {api_key}"
    return _gateway(429, "policies.ratelimit.QuotaViolation", text)


def spike_arrest(per_second: int) -> ApiError:
    """There are too many requests within a second."""
    rate = f"messagesPerPeriod={per_second}, periodInMicroseconds=1000000, maxBurstMessageCount=1.0"
    text = f"Spike arrest violation. Allowed rate : MessageRate{{{rate}}}"
    return _gateway(429, "policies.ratelimit.SpikeArrestViolation", text)


def gateway_trouble(http_status: int) -> ApiError:
    """The gateway got no response from the API behind it."""
    code = {504: "messaging.adaptors.http.flow.GatewayTimeout"}.get(http_status, "messaging.runtime.UnexpectedFault")
    return _gateway(http_status, code, "Gateway Timeout" if http_status == 504 else "The Service is unavailable")


def _in_words(number: int) -> str:
    return {2: "two", 4: "four", 6: "six"}.get(number, str(number))
