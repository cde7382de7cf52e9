"""Pages that cannot be read: some among good ones are evidence, many in a row are an outage."""

from __future__ import annotations

from typing import Any

import pytest

from sources.ticketmaster.client import Answer
from sources.ticketmaster.documents import Page
from sources.ticketmaster.errors import MalformedBody
from sources.ticketmaster.pages import PageReader


class Api:
    """Answers with an unreadable body for each page that `is_bad` selects."""

    def __init__(self, is_bad: Any) -> None:
        self._is_bad = is_bad

    def get(self, path: str, params: dict[str, str], read: Any) -> Answer[Page]:
        if self._is_bad(int(params["page"])):
            raise MalformedBody("unreadable", body=b"<html>")
        return Answer(b"{}", Page(0), {})


class Landing(dict[str, bytes]):
    read = dict.get

    def land(self, name: str, body: bytes, **_: Any) -> None:
        self[name] = body


def test_unreadable_pages_among_good_ones_never_stop_the_crawl() -> None:
    reader = PageReader(Api(lambda page: page % 2), Landing())  # type: ignore[arg-type]
    for number in range(200):
        reader.read("events", "US/all", number, {})
    assert (reader.pages, len(reader.broken)) == (100, 100)


def test_many_in_a_row_are_an_outage() -> None:
    reader = PageReader(Api(lambda page: page > 0), Landing())  # type: ignore[arg-type]
    with pytest.raises(MalformedBody, match="26 unreadable pages in a row: the API seems to be down"):
        for number in range(200):
            reader.read("events", "US/all", number, {})
    assert len(reader.broken) == 26
