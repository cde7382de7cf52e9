"""Reads pages: those that an interrupted run landed, otherwise the API's, which are landed before they are used."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping

from sources.landing import Landing
from sources.ticketmaster.client import Answer, DiscoveryClient
from sources.ticketmaster.documents import Page, read_page
from sources.ticketmaster.errors import MalformedBody

log = logging.getLogger(__name__)

# Many broken pages in a row are an outage, not a few bad records: stop, and let a later run resume.
_MOST_BROKEN = 25


class PageReader:
    """Reads pages of searches. Threads may share it.

    Args:
        client: calls the API.
        landing: keeps its responses.
    """

    def __init__(self, client: DiscoveryClient, landing: Landing) -> None:
        self._client = client
        self._landing = landing
        self._lock = threading.Lock()
        self.pages = 0
        self.broken: list[str] = []
        self._in_a_row = 0

    def read(self, entity: str, stem: str, number: int, params: Mapping[str, str]) -> Page | None:
        """One page of a search, fetched only if it isn't landed yet.

        Args:
            entity: the collection, such as `events`; also the path of its search.
            stem: identity of the search, in characters that a path may contain.
            number: of the page, from 0.
            params: of the search.

        Returns:
            The page's summary; None if the API's response could not be read, also when requested again. That response
            is landed under another name, so that a later run requests the page again.

        Raises:
            DiscoveryError: as `DiscoveryClient.get`; MalformedBody only if too many pages in a row are unreadable.
        """
        name = f"{entity}/{stem}.p{number:04d}"
        landed = self._landing.read(f"{name}.json.gz")
        if landed is not None:
            return self._count(read_page(entity, landed))
        try:
            answer = self._client.get(entity, {**params, "page": str(number)}, lambda body: read_page(entity, body))
        except MalformedBody as error:
            self._land_broken(name, error)
            return None
        self._land(name, answer)
        return self._count(answer.content)

    def _land(self, name: str, answer: Answer[Page]) -> None:
        with self._lock:
            self._in_a_row = 0
        self._landing.land(f"{name}.json.gz", answer.body, records=len(answer.content.ids), request=answer.request)

    def _land_broken(self, name: str, error: MalformedBody) -> None:
        attempt = 1
        while self._landing.read(f"{name}.unreadable{attempt}.json.gz") is not None:
            attempt += 1
        evidence = f"{name}.unreadable{attempt}.json.gz"
        self._landing.land(evidence, error.body, records=None, request={"request": error.request})
        log.warning("Kept an unreadable response as %s: %s", evidence, error.problem)
        with self._lock:
            self.broken.append(evidence)
            self._in_a_row += 1
            if self._in_a_row > _MOST_BROKEN:
                error.problem += f" That makes {self._in_a_row} unreadable pages in a row: the API seems to be down."
                raise error

    def _count(self, page: Page) -> Page:
        with self._lock:
            self.pages += 1
        return page
