"""Pages are read for planning only, so nothing in a record may upset the reading."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.ticketmaster.documents import count_records, parse_document, read_page
from sources.ticketmaster.outline import outline


def page(records, entity="events", total=None) -> bytes:
    return json.dumps(
        {"_embedded": {entity: records}, "page": {"totalElements": len(records) if total is None else total}}
    ).encode()


def test_a_page_says_what_planning_needs():
    event = {
        "id": "e1",
        "dates": {"start": {"dateTime": "2026-11-20T00:30:00Z"}},
        "_embedded": {"venues": [{"id": "v1", "state": {"stateCode": "NY"}}], "attractions": [{"id": "a1"}]},
        "_links": {
            "venues": [{"href": "/discovery/v2/venues/v1?locale=en-us"}],
            "attractions": [{"href": "/discovery/v2/attractions/a1"}, {"href": "/discovery/v2/attractions/a2?x"}],
        },
    }
    parsed_page = read_page("events", page([event], total=321))
    start = int(datetime(2026, 11, 20, 0, 30, tzinfo=UTC).timestamp())
    assert (parsed_page.total, parsed_page.ids, parsed_page.starts) == (321, ("e1",), (start,))
    assert parsed_page.example == ("e1", start)
    assert parsed_page.states == {"NY"}
    assert parsed_page.referenced - parsed_page.embedded == {("attractions", "a2")}


def test_records_without_an_id_are_told_apart_by_what_they_hold():
    first, second = {"name": "Hamlet"}, {"name": "Macbeth"}
    ids = read_page("events", page([first, second, first])).ids
    assert len(set(ids)) == 2
    assert read_page("events", page([{"id": "e1"}, second])).ids == ("e1", ids[1]), "the same on another page"


def test_an_empty_result_has_no_records():
    body = b'{"_links": {"self": {"href": "/x"}}, "page": {"size": 20, "totalElements": 0, "totalPages": 0}}'
    assert read_page("events", body).ids == ()
    assert count_records("events", body) == 0


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "value"),
        (b"<html>down for maintenance</html>", "value"),
        (b'{"page": {"totalElements": 3}, "_embedded": {"events": [{"id": "x', "."),
        (b"[1, 2]", "list instead of an object"),
        (b'"x"', "str instead of an object"),
        (b"{}", "without a total"),
        (b'{"page": {"totalElements": "12"}}', "without a total"),
        (b'{"page": {"totalElements": true}}', "without a total"),
        (b'{"page": {"totalElements": -1}}', "without a total"),
        (b'{"page": [], "_embedded": {}}', "without a total"),
        (b'{"fault": {"faultstring": "x"}, "page": {"totalElements": 1}}', "error report"),
        (b'{"errors": [], "page": {"totalElements": 1}}', "error report"),
        (b"\xff\xfe\x00", "."),
        (b"[" * 100_000, "nested"),
    ],
)
def test_what_is_not_a_page_is_told_so(body, why):
    with pytest.raises(ValueError, match=why):
        parse_document(body)
    assert count_records("events", body) is None


def test_lone_surrogates_and_repeated_keys_are_no_reason_to_refuse_a_page():
    body = rb'{"_embedded": {"events": [{"id": "\ud800", "id": "e\ud800"}]}, "page": {"totalElements": 1}}'
    assert read_page("events", body).ids == ("e\ud800",)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: (
        st.lists(children)
        | st.dictionaries(
            st.sampled_from(
                ["id", "dates", "start", "dateTime", "_embedded", "venues", "_links", "href", "state", "x"]
            ),
            children,
        )
    ),
    max_leaves=25,
)


@given(st.lists(json_values, max_size=6))
def test_any_record_is_counted_and_none_upsets_the_reading(records):
    parsed_page = read_page("events", page(records))
    assert len(parsed_page.ids) == count_records("events", page(records)) == len(records)


@given(st.lists(json_values, max_size=4))
def test_the_fast_way_of_reading_finds_the_same_as_the_ordinary_one(records):
    body = page(records)
    with pytest.MonkeyPatch.context() as patch:
        fast = read_page("events", body)
        patch.setattr("sources.ticketmaster.documents.outline", lambda body: None)
        assert read_page("events", body) == fast


@pytest.mark.recorded
def test_recorded_pages_are_read_the_fast_way(recorded):
    for file in sorted((recorded / "ticketmaster" / "events_pages").glob("202*.json")):
        body = file.read_bytes()
        assert outline(body) is not None, file.name
        assert read_page("events", body).total == json.loads(body)["page"]["totalElements"]
