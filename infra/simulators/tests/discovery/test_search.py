"""Filters and orders: what each parameter finds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from infra.simulators.tests.discovery.client import Caller

WINDOW = {"startDateTime": "2026-03-06T00:00:00Z", "endDateTime": "2026-03-08T23:59:59Z"}
CANADA = {"countryCode": "CA"}
OF_VENUES = {"countryCode", "stateCode", "city", "postalCode", "marketId", "dmaId"}
Event = dict[str, Any]


@pytest.fixture(scope="module")
def weekend(api: Caller) -> list[Event]:
    """Every event of one weekend."""
    return api.everything(**WINDOW)


def venue(event: Event) -> dict[str, Any]:
    return event.get("_embedded", {}).get("venues", [{}])[0]


def terms(event: Event, field: str) -> set[str]:
    levels = ("segment", "genre", "subGenre", "type", "subType")
    return {path[level][field] for path in event.get("classifications", []) for level in levels}


def test_both_ends_of_a_window_are_inclusive(api: Caller, weekend: list[Event]) -> None:
    at = next(event["dates"]["start"]["dateTime"] for event in weekend if "dateTime" in event["dates"]["start"])
    same = {event["id"] for event in weekend if event["dates"]["start"].get("dateTime") == at}
    assert same <= api.ids(startDateTime=at, endDateTime=at)
    before, after = api.ids(**(WINDOW | {"endDateTime": at})), api.ids(**(WINDOW | {"startDateTime": at}))
    assert same <= before & after
    assert before | after == {event["id"] for event in weekend}


def test_an_open_window(api: Caller) -> None:
    everything = api.total()
    assert 0 < api.total(startDateTime="2026-03-15T00:00:00Z") < everything
    assert api.total(startDateTime="2027-03-15T00:00:00Z") == 0


def test_windows_add_up(api: Caller) -> None:
    days = [
        api.total(startDateTime=f"2026-03-{day:02d}T00:00:00Z", endDateTime=f"2026-03-{day:02d}T23:59:59Z")
        for day in range(6, 9)
    ]
    assert sum(days) == api.total(**WINDOW)


@pytest.mark.parametrize(
    ("params", "holds"),
    [
        ({"countryCode": "CA"}, lambda event: venue(event).get("country", CANADA)["countryCode"][:2] == "CA"),
        ({"stateCode": "NY"}, lambda event: venue(event)["state"]["stateCode"] == "NY"),
        ({"city": "Chicago,Toronto"}, lambda event: venue(event)["city"]["name"].strip() in {"Chicago", "Toronto"}),
        ({"postalCode": "10036"}, lambda event: venue(event)["postalCode"] == "10036"),
        ({"marketId": "35"}, lambda event: "35" in {market["id"] for market in venue(event)["markets"]}),
        ({"dmaId": "324,345"}, lambda event: {324, 345} & {dma["id"] for dma in venue(event)["dmas"]}),
        ({"segmentId": "KZFzniwnSyZfZ7v7nE"}, lambda event: "Sports" in terms(event, "name")),
        ({"segmentName": "Film"}, lambda event: "Film" in terms(event, "name")),
        ({"classificationName": "rock"}, lambda event: "Rock" in terms(event, "name")),
        ({"classificationName": "music,comedy"}, lambda event: {"Music", "Comedy"} & terms(event, "name")),
        ({"keyword": "vs"}, lambda event: " vs" in event["name"]),
        ({"source": "tmr"}, lambda event: event["id"].startswith("Z7r9")),
        ({"includeFamily": "only"}, lambda event: any(path["family"] for path in event["classifications"])),
        ({"includeFamily": "no"}, lambda event: not any(path["family"] for path in event.get("classifications", []))),
        ({"localStartDateTime": "2026-03-07T00:00:00,2026-03-07T23:59:59"},
         lambda event: event["dates"]["start"]["localDate"] == "2026-03-07"),
    ],
)  # fmt: skip
def test_a_filter_finds_only_what_fits_and_all_of_it(
    api: Caller, weekend: list[Event], params: dict[str, str], holds: Callable[[Event], bool]
) -> None:
    matches = api.everything(**WINDOW, **params)
    shown = [event for event in matches if venue(event) or not OF_VENUES & set(params)]  # others only link their venue
    assert matches
    assert all(holds(event) for event in shown)
    missed = {event["id"] for event in weekend} - {event["id"] for event in matches}

    def fits(event: Event) -> bool:
        try:
            return bool(holds(event))
        except KeyError:
            return False

    if params != {"countryCode": "CA"}:  # a venue without a country does not say where it is
        assert not [event["id"] for event in weekend if event["id"] in missed and fits(event)]


def test_any_level_of_classification(api: Caller, weekend: list[Event]) -> None:
    path = next(event for event in weekend if "classifications" in event)["classifications"][0]
    levels = {
        "segmentId": "segment",
        "genreId": "genre",
        "subGenreId": "subGenre",
        "typeId": "type",
        "subTypeId": "subType",
    }
    for param, level in levels.items():
        level_id = path[level]["id"]
        fits = {
            event["id"]
            for event in weekend
            if level_id in {classification[level]["id"] for classification in event.get("classifications", [])}
        }
        assert api.ids(**WINDOW, **{param: level_id}) == fits
        assert fits <= api.ids(**WINDOW, classificationId=level_id)


def test_segments_and_unclassified_events_make_the_whole(api: Caller, weekend: list[Event]) -> None:
    segments = [
        classification["segment"]["id"]
        for classification in api.json("classifications")["_embedded"]["classifications"]
        if "segment" in classification
    ]
    split = set().union(*(api.ids(**WINDOW, segmentId=segment) for segment in segments))
    rest = [event for event in weekend if event["id"] not in split]
    assert rest
    assert not [event for event in rest if "classifications" in event]


def test_lists_of_ids(api: Caller, weekend: list[Event]) -> None:
    some = [event["id"] for event in weekend[:40]]
    assert api.ids(id=",".join(some)) == set(some)
    assert api.ids(id=some) == set(some)  # repeated parameters
    venues = [venue(event)["id"] for event in weekend if venue(event)][:30]
    page = api.json("venues.json", id=",".join(venues), size=200)
    assert {listed_venue["id"] for listed_venue in page["_embedded"]["venues"]} == set(venues)
    event = next(event for event in weekend if "attractions" in event.get("_embedded", {}))
    act = event["_embedded"]["attractions"][0]["id"]
    assert event["id"] in api.ids(attractionId=act)
    assert event["id"] in api.ids(venueId=event["_links"]["venues"][0]["href"].split("?")[0].rsplit("/", 1)[1])


def test_undated_events_are_found_only_when_asked_for(api: Caller) -> None:
    tba, tbd = api.everything(includeTBA="only"), api.everything(includeTBD="only")
    assert tba
    assert tbd
    for event in tba + tbd:
        assert not {"localDate", "localTime", "dateTime"} & set(event["dates"]["start"])
    assert all(event["dates"]["start"]["dateTBA"] for event in tba)
    assert all(event["dates"]["start"]["dateTBD"] for event in tbd)
    assert api.total(includeTBA="only", includeTBD="only") == 0
    plain = api.total()
    assert api.total(includeTBA="no", includeTBD="no") == plain
    assert api.total(includeTBA="yes") == plain + len(tba)
    assert api.total(includeTBA="yes", includeTBD="yes") == plain + len(tba) + len(tbd)
    assert api.total(includeTBA="only", **WINDOW) == 0
    assert api.total(id=tba[0]["id"]) == 0
    assert api.total(id=tba[0]["id"], includeTBA="yes") == 1
    assert api.json(f"events/{tba[0]['id']}")["id"] == tba[0]["id"]


def test_test_events(api: Caller) -> None:
    tests = api.everything(includeTest="only")
    assert tests
    assert all(event["test"] for event in tests)
    assert api.total(includeTest="yes") == api.total() + len(tests)


def test_french_content_is_hidden_by_default(api: Caller) -> None:
    shown, all_of_it = api.total(locale="en"), api.total(locale="*")
    french = api.everything(locale="fr-ca")
    assert french
    assert {event["locale"] for event in french} == {"fr-ca"}
    assert shown + len(french) == all_of_it
    assert api.json("events.json", size=1)["page"]["totalElements"] == shown
    assert api.total(locale="en-us") < shown  # en-ca is not en-us
    assert api.total(locale="en,fr-ca") == all_of_it
    assert api.total(locale="en-us,en,*") == all_of_it


def test_near_a_point(api: Caller, weekend: list[Event]) -> None:
    near = api.everything(**WINDOW, geoPoint="dr5ru", radius="10")
    assert near
    assert {venue(event)["city"]["name"].strip() for event in near if venue(event)} <= {
        "New York",
        "Brooklyn",
        "Newark",
    }
    wide = api.ids(**WINDOW, latlong="40.75,-73.99", radius="160", unit="km")
    assert {event["id"] for event in near} < wide
    nearest = api.everything(**WINDOW, geoPoint="40.75,-73.99", radius="3000", sort="distance,asc")
    assert venue(nearest[0])["city"]["name"].strip() == "New York"


@pytest.mark.parametrize("way", ["asc", "desc"])
def test_orders(api: Caller, way: str) -> None:
    starts = [event["dates"]["start"].get("dateTime") for event in api.events(sort=f"date,{way}", **WINDOW)]
    starts = [start for start in starts if start]
    assert starts == sorted(starts, reverse=way == "desc")
    names = [event.get("name", "") for event in api.events(sort=f"name,{way}", **WINDOW)]
    assert names == sorted(names, reverse=way == "desc")
    venues = [
        listed_venue["name"]
        for listed_venue in api.json("venues", sort=f"name,{way}")["_embedded"]["venues"]
        if "name" in listed_venue
    ]
    assert venues == sorted(venues, reverse=way == "desc")


def test_paging_by_date_is_as_unreliable_as_the_real_thing(api: Caller, weekend: list[Event]) -> None:
    by_date = [event["id"] for event in api.everything(**WINDOW, sort="date,asc", size=60)]
    by_id = [event["id"] for event in api.everything(**WINDOW, sort="id,asc", size=60)]
    assert len(set(by_id)) == len(by_id) == len(weekend)
    assert len(by_date) == len(weekend)
    assert len(set(by_date)) < len(by_date)


def test_on_sale_filters_mean_on_sale_during(api: Caller) -> None:
    during = {"onsaleStartDateTime": "2026-03-04T00:00:00Z", "onsaleEndDateTime": "2026-03-04T23:59:59Z"}
    matches = api.everything(**WINDOW, **during)
    assert matches
    starts = [event["sales"]["public"].get("startDateTime", "") for event in matches]
    assert any(start < during["onsaleStartDateTime"] for start in starts)
