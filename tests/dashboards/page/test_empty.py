"""The report when there is little to report: marts without rows, and a star that was never loaded."""

from __future__ import annotations

from lxml import html

from dashboards.page.figures import Star
from dashboards.page.page import rendered
from dashboards.page.sentences import EMPTY
from tests.dashboards.page.conftest import MADE_AT, STAR, event, publish_day, read
from tests.fixtures.warehouse import DirectRedshift


def test_charts_without_rows_say_so(redshift: DirectRedshift) -> None:
    publish_day(redshift, [event(0) | {"is_show": False}])
    document = html.document_fromstring(rendered("Report", [STAR], [read(redshift)], MADE_AT))
    sentences = [figure.xpath("./p")[0].text_content() for figure in document.iter("figure")]
    assert sentences.count(EMPTY) == len(sentences) - 4, "all but the tiles"
    assert {"0 shows", "0 venues"} <= set(sentences)
    assert not document.xpath("//svg | //table")


def test_a_star_that_was_never_loaded_is_left_out_with_a_sentence(redshift: DirectRedshift) -> None:
    document = html.document_fromstring(
        rendered("Report", [Star("Ticketmaster")], [read(redshift, missing=("ticketmaster",))], MADE_AT)
    )
    assert not list(document.iter("figure"))
    assert "The star ticketmaster was never loaded, so its charts are left out" in document.text_content()
