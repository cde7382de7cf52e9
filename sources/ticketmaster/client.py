"""Asks the Ticketmaster Discovery API, within its limits, and tells its failures apart."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode, urlsplit

import requests
import urllib3
from pydantic import SecretStr
from requests.adapters import HTTPAdapter
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from sources.landing import Counter
from sources.ticketmaster.api_key import ApiKey
from sources.ticketmaster.errors import (
    ApiUnreachable,
    DiscoveryError,
    MalformedBody,
    QuotaExceeded,
    RateLimited,
    ServerError,
)
from sources.ticketmaster.failures import failure, reason
from sources.ticketmaster.quota import Quota
from sources.ticketmaster.throttle import Throttle

log = logging.getLogger(__name__)

Content = TypeVar("Content")

_CHUNK = 1 << 16
# What is kept of an answer's headers: others may hold the key (a redirect's Location does).
_HEADERS = ("Rate-Limit-Available", "Rate-Limit-Reset", "Retry-After")
# More connections than any sensible number of threads, so that none is thrown away.
_CONNECTIONS = 64


@dataclass(frozen=True, slots=True)
class Answer(Generic[Content]):
    """A 200.

    Attributes:
        body: as received (after transport decoding), to be landed.
        content: what the caller's reader made of it.
        request: what was asked, without secrets, for the manifest.
    """

    body: bytes
    content: Content
    request: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    body: bytes
    headers: Mapping[str, str]
    left_at: float


class DiscoveryClient:
    """Asks the Discovery API; may be shared by threads, which then share its rate limit and quota.

    Network failures, 5xx, spike arrests and unreadable 200s are asked again with exponential backoff and jitter, and
    no request leaves while the API asks for a pause; a used-up quota, 400, 401 and 404 never are asked again. The API
    key appears in no error, log line or repr.

    Args:
        base_url: such as `https://app.ticketmaster.com/discovery/v2`.
        api_key: of the Discovery API.
        requests_per_second: the key's rate limit.
        daily_quota: requests a day that we allow ourselves; the API's own count is believed when it is lower.
        counter: where the day's count of requests outlives the process.
        session: to use instead of an own one.
        sleep: waits some seconds between attempts.
        clock: monotonic seconds.
        attempts: how often one request is tried at most.
        timeouts: seconds to connect, and seconds of silence while reading.
        deadline: seconds that one answer may take as a whole.

    Raises:
        ValueError: `base_url` is not an http(s) URL, or the key is empty.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str | SecretStr,
        *,
        requests_per_second: float = 5,
        daily_quota: int = 5000,
        counter: Counter | None = None,
        session: requests.Session | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        attempts: int = 6,
        timeouts: tuple[float, float] = (10, 30),
        deadline: float = 120,
    ) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"TICKETMASTER_API_URL is not an http(s) URL: {base_url!r}")
        self._base_url = base_url.rstrip("/")
        self._key = ApiKey(api_key)
        self._throttle = Throttle(requests_per_second)
        self._quota = Quota(daily_quota, counter)
        self._session = session or _session(base_url)
        self._sleep, self._clock = sleep, clock
        self._attempts, self._timeouts, self._deadline = attempts, timeouts, deadline
        self._started = clock()
        self._key.hide_in_logs()

    def __enter__(self) -> DiscoveryClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"DiscoveryClient({self._base_url!r}, {self._throttle.pace:g}/s, {self.quota_left} requests left)"

    @property
    def requests_made(self) -> int:
        """Requests sent by this client, also those that failed."""
        return self._quota.made

    @property
    def quota_left(self) -> int:
        """Requests that may still be made today."""
        return self._quota.left

    @property
    def pace(self) -> float:
        """Requests per second since this client was made."""
        return self.requests_made / max(self._clock() - self._started, 1e-9)

    def close(self) -> None:
        """Remember the day's count and let connections go."""
        try:
            self._quota.save()
        finally:
            self._session.close()
            self._key.release_logs()

    def save_quota(self) -> None:
        """Remember the day's count now."""
        self._quota.save()

    def get(self, path: str, params: Mapping[str, str], read: Callable[[bytes], Content]) -> Answer[Content]:
        """Ask for one document.

        Args:
            path: below the base URL, such as `events`.
            params: of the query, without the key.
            read: makes something of the body; its ValueError means that the body is not what was asked for.

        Raises:
            InvalidApiKey: the key is refused.
            QuotaExceeded: no request is left today.
            BadRequest: the API refuses the parameters.
            NotFound: there is nothing at that address.
            RateLimited: refused as too fast, on every attempt.
            ServerError: 5xx on every attempt.
            ApiUnreachable: no answer on any attempt.
            MalformedBody: no readable body on any attempt.
            UnexpectedStatus: anything else.
        """
        retrying = Retrying(
            stop=stop_after_attempt(self._attempts),
            wait=wait_exponential_jitter(multiplier=0.5, max=30, jitter=0.5),
            retry=retry_if_exception(_is_worth_retrying),
            sleep=self._sleep,
            before_sleep=_announce,
            reraise=True,
        )
        return retrying(self._attempt, path, params, read)

    def _attempt(self, path: str, params: Mapping[str, str], read: Callable[[bytes], Content]) -> Answer[Content]:
        label = f"GET /{path}.json?{urlencode(params, safe=',:*')}"
        if not self._quota.take():
            raise self._out_of_quota(label)
        reply = self._exchange(f"{self._base_url}/{path}.json", params, label)
        if reply.status != 200:
            raise self._refused(reply, label)
        self._throttle.passed()
        self._quota.believe(reply.headers)
        unreadable = None
        try:
            content = read(reply.body)
        except ValueError as error:
            unreadable = self._key.redact(str(error))[:200]
        if unreadable is not None:
            what = f"The Discovery API answered with something that is not the document asked for: {unreadable}."
            raise MalformedBody(what, label, body=reply.body)
        return Answer(reply.body, content, {"path": f"/{path}.json", **params})

    def _exchange(self, url: str, params: Mapping[str, str], label: str) -> _Reply:
        """One request and its whole answer. Errors leave without the library's own, which quotes the URL and key."""
        trouble = ""
        try:
            with self._throttle.turn() as left_at:
                response = self._session.get(
                    url, params=params, auth=self._key, timeout=self._timeouts, stream=True, allow_redirects=False
                )
            with response:
                body = self._key.redact_body(self._read(response))
                headers = {name: response.headers[name] for name in _HEADERS if name in response.headers}
                return _Reply(response.status_code, body, headers, left_at)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            trouble = self._key.redact(reason(error))
        host = urlsplit(self._base_url).netloc.rpartition("@")[2]
        raise ApiUnreachable(f"No answer from the Discovery API at {host}: {trouble}.", label)

    def _read(self, response: requests.Response) -> bytes:
        """The body, within the deadline: a server that drips bytes never trips the read timeout."""
        give_up_at = self._clock() + self._deadline
        chunks = []
        # As much as is there, where `iter_content` waits for whole chunks and would outstay the deadline.
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            chunks.append(chunk)
            if self._clock() > give_up_at:
                raise requests.exceptions.ReadTimeout(f"the answer took longer than {self._deadline:g} s")
        return b"".join(chunks)

    def _refused(self, reply: _Reply, label: str) -> DiscoveryError:
        error = failure(
            reply.status,
            self._key.redact(reply.body.decode("utf-8", "replace")),
            reply.headers,
            self._key.redact(label),
        )
        if isinstance(error, RateLimited):
            self._throttle.arrested(reply.left_at)
        if isinstance(error, RateLimited | ServerError) and error.retry_after:
            self._throttle.silence(error.retry_after)
        if isinstance(error, QuotaExceeded):
            self._quota.exhausted()
            self._quota.save()
            error.what += self._renewal()
        return error

    def _out_of_quota(self, label: str) -> QuotaExceeded:
        self._quota.save()
        used, daily = self._quota.used, self._quota.daily
        count = f"{used:,} of {daily:,} requests" if used >= daily else f"the API has none left after our {used:,}"
        return QuotaExceeded(f"The daily quota of the Discovery API is used up ({count}).{self._renewal()}", label)

    def _renewal(self) -> str:
        at = self._quota.resets_at
        return f" It is renewed at {at:%Y-%m-%d %H:%M} UTC." if at else ""


def _session(url: str) -> requests.Session:
    session = requests.Session()
    # Proxies and certificates as the environment has them, looked up once: for every request it would be done anew.
    surroundings = session.merge_environment_settings(url, {}, None, None, None)
    session.proxies, session.verify, session.trust_env = surroundings["proxies"], surroundings["verify"], False
    adapter = HTTPAdapter(pool_connections=_CONNECTIONS, pool_maxsize=_CONNECTIONS)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    session.headers["Accept"] = "application/json"
    return session


def _is_worth_retrying(error: BaseException) -> bool:
    return isinstance(error, DiscoveryError) and error.is_worth_retrying


def _announce(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    wait = state.next_action.sleep if state.next_action else 0.0
    what, request = getattr(error, "what", error), getattr(error, "request", "")
    log.warning("Attempt %d failed, next one in %.1f s: %s %s", state.attempt_number, wait, what, request)
