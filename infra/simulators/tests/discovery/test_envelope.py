"""Pages, links and headers of a 200."""

from __future__ import annotations

import gzip
from urllib.parse import parse_qs, urlsplit

import pytest

from infra.simulators.discovery import Limits
from infra.simulators.tests.discovery.client import Caller, universe

ONE_DAY = {"startDateTime": "2026-03-07T00:00:00Z", "endDateTime": "2026-03-07T23:59:59Z", "countryCode": "US"}


def test_the_first_page_has_no_prev_and_the_last_no_next(api: Caller) -> None:
    first = api.json("events.json", size=50, **ONE_DAY)
    assert list(first["_links"]) == ["first", "self", "next", "last"]
    last = first["page"]["totalPages"] - 1
    assert last >= 2
    assert list(api.json("events.json", size=50, page=1, **ONE_DAY)["_links"]) == [
        "first",
        "prev",
        "self",
        "next",
        "last",
    ]
    assert list(api.json("events.json", size=50, page=last, **ONE_DAY)["_links"]) == ["first", "prev", "self", "last"]


def test_one_page_has_only_self(api: Caller) -> None:
    page = api.json("classifications.json")
    assert page["_links"] == {"self": {"href": "/discovery/v2/classifications.json"}}
    assert page["page"] == {"size": 20, "totalElements": 17, "totalPages": 1, "number": 0}


def test_no_result_has_no_embedded_at_all(api: Caller) -> None:
    page = api.json("venues", keyword="INVALIDSEARCHINPUT", countryCode="US")
    assert set(page) == {"_links", "page"}
    assert page["page"] == {"size": 20, "totalElements": 0, "totalPages": 0, "number": 0}
    assert list(page["_links"]) == ["self"]


def test_a_page_past_the_end_is_empty(api: Caller) -> None:
    page = api.json("events.json", page=9, size=100, keyword="vs", **ONE_DAY)
    assert "_embedded" not in page
    assert page["page"]["number"] == 9


def test_self_echoes_what_was_sent_and_never_the_key(api: Caller) -> None:
    page = api.json("events.json", sort="date,asc", **ONE_DAY)
    href = page["_links"]["self"]["href"]
    assert parse_qs(urlsplit(href).query) == {
        "sort": ["date,asc"],
        **{name: [value] for name, value in ONE_DAY.items()},
    }
    assert "sort=date%2Casc" in href
    assert "startDateTime=2026-03-07T00%3A00%3A00Z" in href
    assert page["_links"]["next"]["href"].endswith("&page=1&size=20&sort=date,asc")
    assert api.state.api_key not in str(page)
    assert "apikey" not in str(page)


def test_links_repeat_the_path_as_requested(api: Caller) -> None:
    assert api.json("events", size=1)["_links"]["self"]["href"].startswith("/discovery/v2/events?")
    assert api.json("events.json", size=1)["_links"]["self"]["href"].startswith("/discovery/v2/events.json?")


def test_following_next_reads_every_event_once(api: Caller) -> None:
    page = api.json("events.json", sort="id,asc", size=30, locale="*", **ONE_DAY)
    total, ids = page["page"]["totalElements"], []
    while True:
        ids += [event["id"] for event in page["_embedded"]["events"]]
        if "next" not in page["_links"]:
            break
        path = page["_links"]["next"]["href"]
        page = api.http.get(f"{path}&apikey={api.state.api_key}").json
    assert len(ids) == total
    assert ids == sorted(set(ids), key=lambda event_id: event_id.encode())


def test_large_totals_are_capped_at_ten_thousand() -> None:
    source = universe(events=8000)
    capped = Caller(source).json("events.json", size=200, locale="*")
    assert capped["page"]["totalElements"] == 10_000
    assert capped["page"]["totalPages"] == 50
    honest = Caller(source, Limits(per_second=None, total_cap=None)).json("events.json", size=200, locale="*")
    assert honest["page"]["totalElements"] > 10_000


def test_unknown_parameters_are_ignored_and_named(api: Caller) -> None:
    plain = api.get("events.json", size=1, locale="*")
    misspelt = api.get("events.json", size=1, locale="*", countrycode="US", format="json")
    assert misspelt.json["page"] == plain.json["page"]
    assert misspelt.headers.getlist("X-Unknown-Params") == ["countrycode", "format"]
    assert "X-Unknown-Params" not in plain.headers


def test_attractions_know_no_country(api: Caller) -> None:
    answer = api.get("attractions.json", size=1, countryCode="US")
    assert answer.headers.getlist("X-Unknown-Params") == ["countryCode"]
    assert answer.json["page"]["totalElements"] == len(universe().programme.attractions)


@pytest.mark.parametrize(
    ("accept", "kind"), [("*/*", "application/hal+json"), ("application/json", "application/json")]
)
def test_content_type_and_cors(api: Caller, accept: str, kind: str) -> None:
    answer = api.get("events.json", size=1, headers={"Accept": accept})
    assert answer.headers["Content-Type"] == f"{kind};charset=utf-8"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Max-Age"] == "3628800"


def test_pages_are_gzipped_without_a_length(api: Caller) -> None:
    answer = api.get("events.json", size=20, headers={"Accept-Encoding": "gzip, deflate"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.content_length is None
    assert len(gzip.decompress(answer.data)) > 3 * len(answer.data)
    plain = api.get("events.json", size=20)
    assert "Content-Encoding" not in plain.headers
    assert plain.content_length is None


def test_single_entities_come_with_and_without_suffix(api: Caller) -> None:
    event = next(candidate for candidate in api.events(size=50) if "attractions" in candidate.get("_embedded", {}))
    venue, act = event["_embedded"]["venues"][0], event["_embedded"]["attractions"][0]
    for suffix in ("", ".json"):
        assert api.json(f"events/{event['id']}{suffix}") == event
        assert api.json(f"venues/{venue['id']}{suffix}") == venue
        assert api.json(f"attractions/{act['id']}{suffix}") == act


def test_ids_are_case_sensitive(api: Caller) -> None:
    assert api.get(f"events/{api.events(size=1)[0]['id'].swapcase()}").status_code == 404


def test_images(api: Caller) -> None:
    events = api.events()
    answers = {event["id"]: api.json(f"events/{event['id']}/images") for event in events}
    for event in events:
        assert answers[event["id"]]["images"] == event["images"]
        assert answers[event["id"]]["type"] == "event"
    aliased = [event_id for event_id, answer in answers.items() if answer["id"] != event_id]
    assert 0 < len(aliased) < len(events) / 8


def test_classifications_are_a_tree(api: Caller) -> None:
    elements = api.json("classifications.json")["_embedded"]["classifications"]
    segments = [element["segment"] for element in elements if "segment" in element]
    types = [element["type"] for element in elements if "type" in element]
    assert len(segments) == 6
    assert len(types) == 11
    genres = [genre for segment in segments for genre in segment["_embedded"]["genres"]]
    subgenres = [subgenre for genre in genres for subgenre in genre["_embedded"]["subgenres"]]
    assert len(genres) == 124
    assert 1000 < len(subgenres) < 1200
    assert len({subgenre["id"] for subgenre in subgenres}) == len(subgenres)
    genre = genres[7]
    assert api.json(f"classifications/genres/{genre['id']}") == genre
    assert api.json(f"classifications/{segments[0]['id']}")["segment"] == segments[0]
    assert genre in api.json(f"classifications/{genre['id']}.json")["segment"]["_embedded"]["genres"]
    assert api.json(f"classifications/subgenres/{subgenres[9]['id']}")["name"] == subgenres[9]["name"]


def test_suggest_has_a_few_of_each_and_no_page(api: Caller) -> None:
    suggestions = api.json("suggest", keyword="the", countryCode="US", size=3)
    assert "page" not in suggestions
    assert suggestions["_links"]["self"]["href"].startswith("/discovery/v2/suggest?")
    assert set(suggestions["_embedded"]) <= {"attractions", "venues", "events", "products"}
    assert all(len(entities) <= 3 for entities in suggestions["_embedded"].values())
    assert any("venues" in event["_embedded"] for event in suggestions["_embedded"]["events"])
    assert "_embedded" not in api.json("suggest", keyword="nothingiscalledthis")
