"""JSON APIs that answer page by page. Every page is landed as received, and names the next one.

A page has the form of HAL (https://datatracker.ietf.org/doc/html/draft-kelly-json-hal): the records are under
`_embedded.<entity>`, the next page's address is under `_links.next.href`, and the total number of records under
`page.totalElements`. An API of another form, with a key, or with a quota needs its own client, like `ticketmaster`.
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
_MOST_PAGES = 9_999  # names have four digits, which keep them in order
_WORTH_RETRYING = frozenset({408, 429, 500, 502, 503, 504})


class PageError(Exception):
    """The API refuses a page, or a page is malformed; another attempt would meet the same error."""

    def __str__(self) -> str:
        return (
            f"{super().__str__()}. What was landed before is kept. Check the address that the source declares, and "
            "the API's response there, then run the day again"
        )


class PageUnavailable(Exception):
    """The API did not answer, or answered that it cannot now; try again."""


Get = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class PageSource:
    """A source of pages.

    Attributes:
        contract: the source's contracts.
        first_pages: address of each entity's first page, relative to `url`.
        url: the API's base address, ending in a slash; `file://` reads pages on this machine.
    """

    contract: Source
    first_pages: Mapping[str, str]
    url: str

    def extract(self, landing: Landing, url: str = "", get: Get | None = None) -> dict[str, int]:
        """Land every page of every entity; pages that an interrupted attempt landed are not fetched again.

        Args:
            landing: takes the pages.
            url: base address, instead of the source's own.
            get: fetches one page; by default over HTTP, with retries.

        Returns:
            The number of records landed, by entity.

        Raises:
            PageError: a page is refused or malformed; what was landed before is kept.
            PageUnavailable: the API answered none of the attempts to fetch a page.
        """
        with requests.Session() as session:
            fetch = get or (lambda uri: _get(session, uri))
            return {entity: self._entity(landing, entity, url or self.url, fetch) for entity in self.first_pages}

    def _entity(self, landing: Landing, entity: str, url: str, get: Get) -> int:
        records = 0
        total = None
        for page in _pages(landing, entity, urljoin(url, self.first_pages[entity]), get):
            records += len(_records(page, entity))
            total = page.get("page", {}).get("totalElements", total)
        reported = records if total is None else int(total)
        note = None if reported == records else f"the API reports {reported} records, and its pages have {records}"
        landing.record_slice(SliceCounts(entity, "all", reported, records, note, is_unknown=total is None))
        return records


def page_source(name: str) -> PageSource:
    """The source of that name: the constant `SOURCE` of the module `sources.<name>`.

    Raises:
        TypeError: the module has no such constant.
    """
    source = getattr(importlib.import_module(f"sources.{name}"), "SOURCE", None)
    if not isinstance(source, PageSource):
        raise TypeError(f"sources/{name} declares no SOURCE = PageSource(…): it is not a source of pages")
    return source


def _pages(landing: Landing, entity: str, uri: str, get: Get) -> Iterator[dict[str, Any]]:
    """The pages of an entity, each landed before it is used."""
    origin = urlsplit(uri)[:2]
    addresses = set[str]()
    while uri:
        if uri in addresses or len(addresses) == _MOST_PAGES:
            raise PageError(
                f"{shown(uri)} is repeated, or is page {len(addresses) + 1}: the pages of {entity} never end"
            )
        if urlsplit(uri)[:2] != origin:
            raise PageError(f"a page of {entity} names {shown(uri)} as the next one, which is on another server")
        addresses.add(uri)
        name = f"{entity}/p{len(addresses):04d}.json"
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
        raise PageError(f"{shown(uri)} is not JSON: {error}") from error
    if not isinstance(page, dict):
        raise PageError(f"{shown(uri)} is not a page: a JSON object is expected")
    return page


def _records(page: Mapping[str, Any], entity: str) -> list[Any]:
    records = page.get("_embedded", {}).get(entity, [])
    return records if isinstance(records, list) else []


def _get(session: requests.Session, uri: str) -> bytes:
    """One page; errors that may pass are retried with growing pauses."""
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
        response = session.get(uri, timeout=_TIMEOUT_SECONDS, allow_redirects=False)
    except requests.RequestException as error:
        raise PageUnavailable(f"no answer from {shown(uri)}: {type(error).__name__}") from None
    if response.status_code in _WORTH_RETRYING:
        raise PageUnavailable(f"{shown(uri)} answers {response.status_code}")
    if response.status_code != 200:
        raise PageError(f"{shown(uri)} answers {response.status_code}")
    return response.content


def _announce(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    wait = state.next_action.sleep if state.next_action else 0.0
    log.warning("attempt %d failed, next one in %.1f s: %s", state.attempt_number, wait, error)
