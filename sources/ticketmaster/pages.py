"""Reads pages: what an interrupted run landed, else what the API answers, landed before anything is made of it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping

from sources.landing import Landing
from sources.ticketmaster.client import Answer, DiscoveryClient
from sources.ticketmaster.documents import Page, read_page
from sources.ticketmaster.errors import MalformedBody

log = logging.getLogger(__name__)

# Broken pages one after another are an outage, not a few bad records: stop, and let a later run resume.
_MOST_BROKEN = 25


class PageReader:
    """Reads pages of searches; may be shared by threads.

    Args:
        client: asks the API.
        landing: keeps what it answers.
    """

    def __init__(self, client: DiscoveryClient, landing: Landing) -> None:
        self._client = client
        self._landing = landing
        self._lock = threading.Lock()
        self.pages = 0
        self.broken: list[str] = []
        self._in_a_row = 0

    def read(self, entity: str, stem: str, number: int, params: Mapping[str, str]) -> Page | None:
        """One page of a search, fetched only when it is not landed.

        Args:
            entity: the collection, such as `events`; also the path of its search.
            stem: identity of the search, in the characters of a path.
            number: of the page, from 0.
            params: of the search.

        Returns:
            What the page says; None when the API's answer could not be read, also not when asked again. That answer
            is landed under another name, so that a later run asks once more.

        Raises:
            DiscoveryError: as `DiscoveryClient.get`; MalformedBody only when far too many pages are unreadable.
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
        log.warning("Kept an unreadable answer as %s: %s", evidence, error.what)
        with self._lock:
            self.broken.append(evidence)
            self._in_a_row += 1
            if self._in_a_row > _MOST_BROKEN:
                error.what += f" That makes {self._in_a_row} unreadable pages in a row: the API seems to be down."
                raise error

    def _count(self, page: Page) -> Page:
        with self._lock:
            self.pages += 1
        return page
