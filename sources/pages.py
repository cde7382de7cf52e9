"""JSON APIs that answer page by page: every page is landed as received, and names the next one.

A page has the form of HAL (https://datatracker.ietf.org/doc/html/draft-kelly-json-hal): the records are under
`_embedded.<entity>`, the next page's address under `_links.next.href`, and how many records there are in all under
`page.totalElements`. An API of another form, with a key, or with a quota has a client of its own, as `ticketmaster`.
"""

from __future__ import annotations

import importlib
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from schemas.slices import SliceCounts
from schemas.source import Source
from sources.files.errors import shown
from sources.landing import Landing

log = logging.getLogger(__name__)

_ATTEMPTS = 5
_TIMEOUT_SECONDS = (10, 60)
_MOST_PAGES = 9_999  # as many as four digits keep in order
_WORTH_RETRYING = frozenset({408, 429, 500, 502, 503, 504})


class PageError(Exception):
    """The API refuses a page, or a page is not what it must be; another attempt meets the same."""

    def __str__(self) -> str:
        return (
            f"{super().__str__()}. What was landed before is kept. Check the address that the source declares, and "
            "what the API answers there, then run the day again"
        )


class PageUnavailable(Exception):
    """The API did not answer, or answered that it cannot now; it is worth another try."""


Get = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class PageSource:
    """A source of pages.

    Attributes:
        contract: the source's contracts.
        first_pages: address of each entity's first page, below `url`.
        url: the API's base address, with a slash at its end; `file://` reads pages of this machine.
    """

    contract: Source
    first_pages: Mapping[str, str]
    url: str

    def extract(self, landing: Landing, url: str = "", get: Get | None = None) -> dict[str, int]:
        """Land every page of every entity; pages that an interrupted attempt landed are not fetched again.

        Args:
            landing: where to.
            url: base address, instead of the source's own.
            get: fetches one page; with retries over HTTP unless told otherwise.

        Returns:
            The records landed, by entity.

        Raises:
            PageError: a page is refused or is not as it must be; what was landed before stays.
            PageUnavailable: the API did not answer a page on any attempt.
        """
        with requests.Session() as session:
            fetch = get or (lambda uri: _get(session, uri))
            return {entity: self._entity(landing, entity, url or self.url, fetch) for entity in self.first_pages}

    def _entity(self, landing: Landing, entity: str, url: str, get: Get) -> int:
        records, total = 0, None
        for page in _pages(landing, entity, urljoin(url, self.first_pages[entity]), get):
            records += len(_records(page, entity))
            total = page.get("page", {}).get("totalElements", total)
        said = records if total is None else int(total)
        note = None if said == records else f"the API counts {said} and its pages hold {records}"
        landing.record_slice(SliceCounts(entity, "all", said, records, note, is_unknown=total is None))
        return records


def page_source(name: str) -> PageSource:
    """The source of that name: what the module `sources.<name>` calls `SOURCE`.

    Raises:
        TypeError: the module has no such declaration.
    """
    found = getattr(importlib.import_module(f"sources.{name}"), "SOURCE", None)
    if not isinstance(found, PageSource):
        raise TypeError(f"sources/{name} declares no SOURCE = PageSource(…): it is no source of pages")
    return found


def _pages(landing: Landing, entity: str, uri: str, get: Get) -> Iterator[dict[str, Any]]:
    """The pages of an entity, each landed before anything is made of it."""
    origin, seen = urlsplit(uri)[:2], set[str]()
    while uri:
        if uri in seen or len(seen) == _MOST_PAGES:
            raise PageError(f"{shown(uri)} comes again, or is page {len(seen) + 1}: the pages of {entity} never end")
        if urlsplit(uri)[:2] != origin:
            raise PageError(f"a page of {entity} names {shown(uri)} as the next one, which is another server")
        seen.add(uri)
        name = f"{entity}/p{len(seen):04d}.json"
        body = landing.read(name)
        if body is None:
            body = get(uri)
            page = _parsed(body, uri)
            landing.land(name, body, records=len(_records(page, entity)), request={"url": shown(uri)})
        page = _parsed(body, uri)
        yield page
        href = page.get("_links", {}).get("next", {}).get("href")
        uri = urljoin(uri, href) if href else ""


def _parsed(body: bytes, uri: str) -> dict[str, Any]:
    try:
        page = json.loads(body)
    except ValueError as error:
        raise PageError(f"{shown(uri)} is no JSON: {error}") from error
    if not isinstance(page, dict):
        raise PageError(f"{shown(uri)} is no page: a JSON object is expected")
    return page


def _records(page: Mapping[str, Any], entity: str) -> list[Any]:
    records = page.get("_embedded", {}).get(entity, [])
    return records if isinstance(records, list) else []


def _get(session: requests.Session, uri: str) -> bytes:
    """One page, asked for again with growing pauses where that can help."""
    retrying = Retrying(
        stop=stop_after_attempt(_ATTEMPTS),
        wait=wait_exponential_jitter(initial=1, max=60),
        retry=retry_if_exception_type(PageUnavailable),
        before_sleep=_announce,
        reraise=True,
    )
    return retrying(_attempt, session, uri)


def _attempt(session: requests.Session, uri: str) -> bytes:
    if uri.startswith("file://"):
        path = Path(unquote(urlsplit(uri).path))
        if not path.is_file():
            raise PageError(f"there is no {path}")
        return path.read_bytes()
    try:
        answer = session.get(uri, timeout=_TIMEOUT_SECONDS, allow_redirects=False)
    except requests.RequestException as error:
        raise PageUnavailable(f"no answer from {shown(uri)}: {type(error).__name__}") from None
    if answer.status_code in _WORTH_RETRYING:
        raise PageUnavailable(f"{shown(uri)} answers {answer.status_code}")
    if answer.status_code != 200:
        raise PageError(f"{shown(uri)} answers {answer.status_code}")
    return answer.content


def _announce(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    wait = state.next_action.sleep if state.next_action else 0.0
    log.warning("attempt %d failed, next one in %.1f s: %s", state.attempt_number, wait, error)
