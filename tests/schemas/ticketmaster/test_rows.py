"""From what the Discovery API sends to what we promise: a golden row for every quirk."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from aws_services import resources
from schemas.raw import Rejected
from schemas.ticketmaster import SOURCE, normalise
from schemas.ticketmaster.moments import TOLERANCE, Sent, believed


def rows(entity: str, record: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in SOURCE.record(entity).model_validate_json(json.dumps(record)).to_rows():
        found.setdefault(row.table, []).append(row.model_dump())
    return found


def event(**fields: Any) -> dict[str, Any]:
    return rows("events", {"id": "E1", "type": "event", "name": "Show", "dates": {}} | fields)["events"][0]


def venue(**fields: Any) -> dict[str, Any]:
    return rows("venues", {"id": "V1"} | fields)["venues"][0]


def wall(*parts: int) -> datetime:
    return datetime(*parts)  # noqa: DTZ001  the time on the venue's wall has no zone


START = {"localDate": "2026-07-04", "localTime": "19:30:00", "dateTime": "2026-07-04T23:30:00Z"}


def test_tables_are_those_of_the_resources() -> None:
    assert tuple(SOURCE.tables) == resources.TICKETMASTER_TABLES
    assert SOURCE.entities == resources.TICKETMASTER_ENTITIES


def test_an_id_and_a_name_are_enough() -> None:
    row = rows("events", {"id": "E1", "name": "Show"})["events"][0]
    assert (row["is_test"], row["listed_as"], row["status"], row["start_at"]) == (False, "show", None, None)


def test_an_answer_about_an_event_is_not_an_event() -> None:
    with pytest.raises(Rejected, match="not an event"):
        rows("events", {"id": "E1", "type": "event", "images": []})


@pytest.mark.parametrize("entity, other", [("events", "venue"), ("venues", "event"), ("attractions", "venue")])
def test_a_record_of_another_entity_is_refused(entity: str, other: str) -> None:
    with pytest.raises(ValidationError, match="literal_error"):
        rows(entity, {"id": "X", "name": "x", "type": other})


class TestTimes:
    def test_as_sent(self) -> None:
        row = event(dates={"start": START, "timezone": "America/New_York"})
        assert row["start_date"] == date(2026, 7, 4)
        assert row["start_local_at"] == wall(2026, 7, 4, 19, 30)
        assert row["start_at"] == datetime(2026, 7, 4, 23, 30, tzinfo=UTC)

    def test_the_instant_follows_from_the_wall_and_the_zone(self) -> None:
        start = {"localDate": "2026-12-01", "localTime": "20:00:00"}
        row = event(dates={"start": start, "timezone": "America/Toronto"})
        assert row["start_at"] == datetime(2026, 12, 2, 1, tzinfo=UTC)

    def test_the_wall_follows_from_the_instant_and_the_zone(self) -> None:
        row = event(dates={"start": {"dateTime": "2026-12-02T01:00:00Z"}, "timezone": "America/Toronto"})
        assert (row["start_date"], row["start_local_at"]) == (date(2026, 12, 1), wall(2026, 12, 1, 20))

    def test_the_venue_lends_its_zone(self) -> None:
        start = {"localDate": "2026-12-01", "localTime": "20:00:00"}
        row = event(dates={"start": start}, _embedded={"venues": [{"id": "V", "timezone": "America/Indianapolis"}]})
        assert row["timezone"] == "America/Indianapolis"
        assert row["start_at"] == datetime(2026, 12, 2, 1, tzinfo=UTC)

    @pytest.mark.parametrize("zone", [None, "", "Mars/Olympus", "../../etc/passwd", "America", "x" * 64])
    def test_without_a_real_zone_nothing_is_made_up(self, zone: str | None) -> None:
        row = event(dates={"start": {"localDate": "2026-12-01", "localTime": "20:00:00"}, "timezone": zone})
        assert row["start_local_at"] == wall(2026, 12, 1, 20)
        assert row["start_at"] is None

    # what is sent (local, UTC, the event's zone, its venue's) -> what is believed (local, UTC, zone, source, conflict)
    NEW_YORK, CHICAGO, NOWHERE = "America/New_York", "America/Chicago", "Mars/Olympus"
    CLAIMS = {
        "all agree": (
            ("2026-07-04T19:30", "2026-07-04T23:30", NEW_YORK, None),
            ("2026-07-04T19:30", "2026-07-04T23:30", NEW_YORK, "both", None),
        ),
        "as good as the same": (
            ("2026-07-04T19:30", "2026-07-04T23:45", NEW_YORK, None),
            ("2026-07-04T19:30", "2026-07-04T23:45", NEW_YORK, "both", None),
        ),
        "sixteen minutes apart": (
            ("2026-07-04T19:30", "2026-07-04T23:46", NEW_YORK, None),
            ("2026-07-04T19:30", "2026-07-04T23:30", NEW_YORK, "local", "time"),
        ),
        "summer time where there is none": (
            ("2026-07-04T19:30", "2026-07-05T00:30", "America/Mexico_City", None),
            ("2026-07-04T19:30", "2026-07-05T01:30", "America/Mexico_City", "local", "time"),
        ),
        "UTC copied to the wall": (
            ("2026-07-04T23:30", "2026-07-04T23:30", NEW_YORK, None),
            ("2026-07-04T23:30", "2026-07-05T03:30", NEW_YORK, "local", "time"),
        ),
        "one minute short of a day": (
            ("2026-07-05T19:29", "2026-07-04T23:30", NEW_YORK, None),
            ("2026-07-05T19:29", "2026-07-05T23:29", NEW_YORK, "local", "time"),
        ),
        "a day off": (
            ("2026-07-05T19:30", "2026-07-04T23:30", NEW_YORK, None),
            ("2026-07-04T19:30", "2026-07-04T23:30", NEW_YORK, "utc", "date"),
        ),
        "a month off": (
            ("2026-08-04T19:30", "2026-07-04T23:30", NEW_YORK, None),
            ("2026-07-04T19:30", "2026-07-04T23:30", NEW_YORK, "utc", "date"),
        ),
        "either hour of the two": (
            ("2026-11-01T01:30", "2026-11-01T06:30", NEW_YORK, None),
            ("2026-11-01T01:30", "2026-11-01T06:30", NEW_YORK, "both", None),
        ),
        "the venue's zone fits": (
            ("2026-07-04T18:30", "2026-07-04T23:30", NEW_YORK, CHICAGO),
            ("2026-07-04T18:30", "2026-07-04T23:30", CHICAGO, "both", "other_zone"),
        ),
        "the event's zone fits": (
            ("2026-07-04T19:30", "2026-07-04T23:30", NEW_YORK, CHICAGO),
            ("2026-07-04T19:30", "2026-07-04T23:30", NEW_YORK, "both", None),
        ),
        "unknown zone, known venue": (
            ("2026-07-04T18:30", "2026-07-04T23:30", NOWHERE, CHICAGO),
            ("2026-07-04T18:30", "2026-07-04T23:30", CHICAGO, "both", "unknown_zone"),
        ),
        "unknown zone, unknown venue": (
            ("2026-07-04T19:30", "2026-07-04T23:30", NOWHERE, NOWHERE),
            ("2026-07-04T19:30", "2026-07-04T23:30", None, "both", "unknown_zone"),
        ),
        "unknown zone, wall alone": (
            ("2026-07-04T19:30", None, NOWHERE, None),
            ("2026-07-04T19:30", None, None, "local", "unknown_zone"),
        ),
        "no zone, no offset is that large": (
            ("2026-07-05T14:00", "2026-07-04T23:30", None, None),
            ("2026-07-05T14:00", None, None, "local", "date"),
        ),
        "no zone at all": (
            ("2026-07-04T19:30", "2026-07-04T23:30", None, None),
            ("2026-07-04T19:30", "2026-07-04T23:30", None, "both", None),
        ),
        "UTC alone": (
            (None, "2026-07-04T23:30", NEW_YORK, None),
            ("2026-07-04T19:30", "2026-07-04T23:30", NEW_YORK, "utc", None),
        ),
        "a day and UTC": (
            ("2026-07-04", "2026-07-04T23:30", NEW_YORK, None),
            ("2026-07-04T19:30", "2026-07-04T23:30", NEW_YORK, "utc", None),
        ),
        "a day off and UTC": (
            ("2026-08-04", "2026-07-04T23:30", NEW_YORK, None),
            ("2026-07-04T19:30", "2026-07-04T23:30", NEW_YORK, "utc", "date"),
        ),
    }

    @pytest.mark.parametrize("case", CLAIMS)
    def test_what_is_believed_of_a_start_that_contradicts_itself(self, case: str) -> None:
        (local, utc, zone, venue_zone), (at_venue, instant, there, source, conflict) = self.CLAIMS[case]
        day, _, clock = (local or "").partition("T")
        start = {"localDate": day or None, "localTime": clock or None, "dateTime": f"{utc}:00Z" if utc else None}
        place = {"venues": [{"id": "V1", "timezone": venue_zone}]}
        row = event(dates={"start": start, "timezone": zone}, _embedded=place)
        assert row["start_local_at"] == datetime.fromisoformat(at_venue)
        assert row["start_date"] == row["start_local_at"].date()
        assert row["start_at"] == (datetime.fromisoformat(f"{instant}+00:00") if instant else None)
        assert (row["timezone"], row["start_source"], row["start_conflict"]) == (there, source, conflict)

    @pytest.mark.parametrize(
        "instant, conflict", [("2026-07-05T03:59:00Z", None), ("2026-08-04T23:30:00Z", "date")], ids=["same", "other"]
    )
    def test_of_a_start_without_a_time_the_day_is_believed(self, instant: str, conflict: str | None) -> None:
        start = {"localDate": "2026-07-04", "dateTime": instant, "noSpecificTime": True}
        row = event(dates={"start": start, "timezone": "America/New_York"})
        assert (row["start_date"], row["start_source"], row["start_conflict"]) == (date(2026, 7, 4), "date", conflict)

    @given(
        st.datetimes(),
        st.datetimes(timezones=st.just(UTC)),
        st.sampled_from([None, "Mars/Olympus", "America/New_York", "Pacific/Apia"]),
        st.sampled_from([None, "Mars/Olympus", "America/Chicago", "Asia/Kolkata"]),
    )
    def test_what_is_believed_never_contradicts_itself(
        self, local: datetime, instant: datetime, zone: str | None, venue_zone: str | None
    ) -> None:
        moment = believed(Sent(local.date(), local.time(), instant), zone, venue_zone)
        assert moment.day == (moment.wall.date() if moment.wall else None)
        if moment.zone and moment.wall and moment.instant:
            there = moment.instant.astimezone(ZoneInfo(moment.zone)).replace(tzinfo=None)
            skipped = normalise.local_of(normalise.instant_of(moment.wall, moment.zone), moment.zone) != moment.wall
            assert abs(there - moment.wall) <= TOLERANCE or skipped

    @pytest.mark.parametrize("flag", ["timeTBA", "noSpecificTime"])
    def test_an_unknown_time_leaves_the_day(self, flag: str) -> None:
        row = event(dates={"start": START | {flag: True}, "timezone": "America/New_York"})
        assert (row["start_date"], row["start_local_at"], row["start_at"]) == (date(2026, 7, 4), None, None)
        assert row["is_time_tba"] == (flag == "timeTBA")
        assert row["has_no_specific_time"] == (flag == "noSpecificTime")

    def test_an_unknown_date_leaves_nothing(self) -> None:
        row = event(dates={"start": {"dateTBA": True}, "status": {"code": "postponed"}})
        assert (row["is_date_tba"], row["start_date"], row["status"]) == (True, None, "postponed")

    @pytest.mark.parametrize(
        "clock, utc", [("01:30:00", (2026, 11, 1, 5, 30)), ("02:30:00", (2026, 11, 1, 7, 30))], ids=["twice", "after"]
    )
    def test_the_hour_that_comes_twice_is_the_first(self, clock: str, utc: tuple[int, ...]) -> None:
        start = {"localDate": "2026-11-01", "localTime": clock}
        row = event(dates={"start": start, "timezone": "America/New_York"})
        assert row["start_at"] == datetime(*utc, tzinfo=UTC)

    def test_placeholders_of_1900_are_unknown(self) -> None:
        sales = {"public": {"startDateTime": "1900-01-01T06:00:00Z", "endDateTime": "2026-07-04T23:00:00Z"}}
        row = event(sales=sales)
        assert row["public_sale_start_at"] is None
        assert row["public_sale_end_at"] == datetime(2026, 7, 4, 23, tzinfo=UTC)

    def test_end_and_initial_start(self) -> None:
        moved = {"localDate": "2026-05-01", "dateTime": "2026-05-02T00:30:00Z"}
        row = event(dates={"end": {"localDate": "2026-07-05", "approximate": True}, "initialStartDate": moved})
        assert (row["end_date"], row["end_at"], row["is_end_approximate"]) == (date(2026, 7, 5), None, True)
        assert row["initial_start_date"] == date(2026, 5, 1)
        assert row["initial_start_at"] == datetime(2026, 5, 2, 0, 30, tzinfo=UTC)

    @pytest.mark.parametrize(
        "written", ["20260704", 20260704, "1783207800", 1783207800, "tomorrow", "2026-13-01T00:00"]
    )
    def test_an_instant_that_is_none_is_refused(self, written: Any) -> None:
        with pytest.raises(ValidationError):
            event(dates={"start": {"dateTime": written}})

    def test_another_offset_is_made_utc(self) -> None:
        row = event(dates={"start": {"dateTime": "2026-07-04T19:30:00-04:00"}})
        assert row["start_at"].isoformat() == "2026-07-04T23:30:00+00:00"

    @given(st.datetimes(), st.sampled_from(["America/St_Johns", "Pacific/Apia", "Europe/Lisbon", "Asia/Kolkata"]))
    def test_any_wall_time_has_an_instant_or_leaves_the_calendar(self, moment: datetime, zone: str) -> None:
        instant = normalise.instant_of(moment, zone)
        assert instant is None or instant.tzinfo is UTC


@pytest.mark.parametrize(
    "code, kept", [("canceled", "cancelled"), ("CANCELLED", "cancelled"), ("onsale", "onsale"), ("Moved", "moved")]
)
def test_a_status_has_one_spelling(code: str, kept: str) -> None:
    assert event(dates={"status": {"code": code}})["status"] == kept


def test_an_empty_status_is_unknown() -> None:
    assert event(dates={"status": {}})["status"] is None


class TestWhatBelongsToAnEvent:
    def test_venues_and_attractions_embedded_and_linked(self) -> None:
        found = rows(
            "events",
            {
                "id": "E1",
                "name": "Show",
                "_embedded": {"venues": [{"id": "V1"}], "attractions": [{"id": "A1"}, {"id": "A1"}, {"id": "A2"}]},
                "_links": {
                    "venues": [{"href": "/discovery/v2/venues/V1?locale=en-us"}],
                    "attractions": [
                        {"href": f"/discovery/v2/attractions/{each}"} for each in ("A1", "A2?x", "A_3-x?locale=en-us")
                    ]
                    + [{"href": "/?"}, {}],
                },
            },
        )
        assert [(row["venue_id"], row["position"]) for row in found["event_venues"]] == [("V1", 0)]
        linked = [(row["attraction_id"], row["position"]) for row in found["event_attractions"]]
        assert linked == [("A1", 0), ("A2", 1), ("A_3-x", 2)]
        assert [row["venue_id"] for row in found["venues"]] == ["V1"]

    def test_prices_are_exact_and_may_be_missing(self) -> None:
        ranges = [{"type": "standard", "currency": "USD", "min": 96.1, "max": 4523.555}, {"currency": "USD"}]
        found = rows("events", {"id": "E1", "name": "x", "priceRanges": ranges})["event_price_ranges"]
        assert (found[0]["price_min"], found[0]["price_max"]) == (Decimal("96.10"), Decimal("4523.56"))
        assert (found[1]["position"], found[1]["price_min"]) == (1, None)

    @pytest.mark.parametrize("shape", [{}, {"priceRanges": None}, {"priceRanges": []}], ids=["absent", "null", "empty"])
    def test_no_prices_are_no_rows(self, shape: dict[str, Any]) -> None:
        assert "event_price_ranges" not in rows("events", {"id": "E1", "name": "x", **shape})

    def test_prices_keep_the_type_they_are_of(self) -> None:
        ranges = [
            {"type": "Standard Including Fees ", "currency": "USD", "min": "45.10", "max": 99.5},
            {"type": "standard", "currency": "USD", "min": 40.0, "max": 80.0},
            {"currency": "USD", "min": 1},
        ]
        found = rows("events", {"id": "E1", "name": "x", "priceRanges": ranges})["event_price_ranges"]
        assert [(row["price_type"], str(row["price_min"]), row["price_max"]) for row in found] == [
            ("standard including fees", "45.10", Decimal("99.50")),
            ("standard", "40.00", Decimal("80.00")),
            (None, "1.00", None),
        ]

    @pytest.mark.parametrize("price", ["NaN", "Infinity", 1e30, "cheap", -1e30])
    def test_what_is_no_price_is_refused(self, price: Any) -> None:
        with pytest.raises(ValidationError):
            event(priceRanges=[{"min": price}])

    def test_promoters_in_one_and_many(self) -> None:
        one = {"id": "7", "name": "Live"}
        found = rows("events", {"id": "E1", "name": "x", "promoter": one, "promoters": [one, one, {"id": 8}]})
        assert [(r["promoter_id"], r["position"]) for r in found["event_promoters"]] == [("7", 0), ("8", 1)]
        assert found["events"][0]["promoter_id"] == "7"

    def test_presales_and_products(self) -> None:
        found = rows(
            "events",
            {
                "id": "E1",
                "name": "x",
                "sales": {"presales": [{"name": "Fans", "startDateTime": "2026-01-01T10:00:00Z"}]},
                "products": [{"id": "P1", "type": "Parking"}, {"name": "without an id"}],
            },
        )
        assert found["event_presales"][0]["start_at"] == datetime(2026, 1, 1, 10, tzinfo=UTC)
        assert [row["product_type"] for row in found["event_products"]] == ["Parking"]

    def test_classifications_keep_their_order(self) -> None:
        tags = [
            {"primary": False, "segment": {"id": "S1", "name": "Undefined"}},
            {
                "primary": True,
                "segment": {"id": "S2"},
                "subGenre": {"id": "G", "name": "Pop"},
                "type": {},
                "family": True,
            },
        ]
        found = rows("events", {"id": "E1", "name": "x", "classifications": tags})["event_classifications"]
        assert [(row["position"], row["is_primary"], row["segment_id"]) for row in found] == [
            (0, False, "S1"),
            (1, True, "S2"),
        ]
        assert (found[1]["subgenre_name"], found[1]["is_family"], found[1]["type_id"]) == ("Pop", True, None)

    def test_ticket_limits_in_one_text_or_by_locale(self) -> None:
        assert event(ticketLimit={"info": "four"})["ticket_limit_info"] == "four"
        assert (
            event(locale="fr-ca", ticketLimit={"infos": {"en-us": "four", "fr-ca": "quatre"}})["ticket_limit_info"]
            == "quatre"
        )


class TestNames:
    """A name has one blank between words and none around it, whatever it is the name of."""

    NAMES = {
        "\u00a0Legacy  Arena\tat The BJCC \n": "Legacy Arena at The BJCC",
        " \t\u00a0 ": None,
        "Arena": "Arena",
        "x" * 190 + " " * 900: "x" * 190,
    }

    @pytest.mark.parametrize("sent", NAMES)
    def test_stray_blanks_are_taken_off_wherever_a_name_is_sent(self, sent: str) -> None:
        node = {"id": "1", "name": sent}
        tag = dict.fromkeys(("segment", "genre", "subGenre", "type", "subType"), node)
        place = {"id": "V1", "name": sent, "city": node, "state": node, "country": node, "markets": [node]}
        place |= {"address": {"line1": sent, "line2": sent}}
        people = {"promoter": node, "promoters": [node], "products": [node], "sales": {"presales": [{"name": sent}]}}
        artist = {"id": "A1", "name": sent, "classifications": [tag]}
        inside = {"classifications": [tag], "_embedded": {"venues": [place], "attractions": [artist]}}
        genre = node | {"_embedded": {"subgenres": [node]}}
        found = rows("events", {"id": "E1", "name": sent, "dates": {}, **people, **inside})
        found |= rows("classifications", {"segment": node | {"_embedded": {"genres": [genre]}}})
        found["subtypes"] = rows("classifications", {"type": node | {"_embedded": {"subtypes": [node]}}})["subtypes"]

        names = {
            (table, column): row[column]
            for table, sent_rows in found.items()
            for row in sent_rows
            for column in row
            if column in ("name", "city", "address_line1", "address_line2") or column.endswith("_name")
        }
        assert len(names) == 27
        assert set(names.values()) == {self.NAMES[sent]}

    def test_a_market_keeps_no_half_of_a_pair_of_quotation_marks(self) -> None:
        names = (' Toledo & More"', '"Cleveland', 'The "Loop"', "All of US ")
        markets = [{"id": str(number), "name": name} for number, name in enumerate(names)]
        found = rows("venues", {"id": "V1", "markets": markets})["markets"]
        assert [row["name"] for row in found] == ["Toledo & More", "Cleveland", 'The "Loop"', "All of US"]

    @pytest.mark.parametrize("contract", [SOURCE.table("venues"), SOURCE.table("attractions")])
    def test_what_depends_on_who_asks_is_no_change_of_the_thing(self, contract: Any) -> None:
        row = dict.fromkeys(contract.model_fields) | {contract.key[0]: "1", "is_test": False}
        sent = {"url": "https://t.cz/1", "locale": "cs-cz", "country_name": "Česko", "segment_name": "Hudba"}
        asked_there = contract(**row | {name: value for name, value in sent.items() if name in row})
        assert asked_there.row_hash() == contract(**row).row_hash()
        assert contract(**row | {"name": "Another"}).row_hash() != contract(**row).row_hash()


class TestVenues:
    def test_blanks_codes_and_numbers_are_made_regular(self) -> None:
        row = venue(
            city={"name": " Long Beach"},
            country={"name": "Can", "countryCode": "CAN"},
            location={"latitude": "43.6434", "longitude": "-79.379"},
            postalCode=30904,
            upcomingEvents={"ticketmaster": 3, "_total": 7, "_filtered": 0},
            address={},
        )
        assert (row["city"], row["country_code"], row["country_name"]) == ("Long Beach", "CA", "Canada")
        assert (row["latitude"], row["longitude"]) == (43.6434, -79.379)
        assert (row["postal_code"], row["upcoming_events"], row["address_line1"]) == ("30904", 7, None)

    @pytest.mark.parametrize(
        "location", [{"latitude": "0", "longitude": "0"}, {"latitude": "", "longitude": " "}, {"latitude": "1.5"}, {}]
    )
    def test_no_place_is_better_than_a_wrong_one(self, location: dict[str, str]) -> None:
        row = venue(location=location)
        assert (row["latitude"], row["longitude"]) == (None, None)

    @pytest.mark.parametrize("latitude", ["north", "NaN", "inf", [1]])
    def test_what_is_no_number_is_refused(self, latitude: Any) -> None:
        with pytest.raises(ValidationError):
            venue(location={"latitude": latitude, "longitude": "1"})

    def test_markets_and_areas_once_each(self) -> None:
        markets = [{"name": "Toronto", "id": "102"}, {"id": 102}, {"id": "103"}]
        found = rows("venues", {"id": "V1", "markets": markets, "dmas": [{"id": 527}, {"id": "527"}]})
        assert [(row["market_id"], row["position"]) for row in found["venue_markets"]] == [("102", 0), ("103", 1)]
        assert [row["name"] for row in found["markets"]] == ["Toronto", None]
        assert [row["dma_id"] for row in found["venue_dmas"]] == [527]

    def test_the_name_may_be_missing(self) -> None:
        assert venue()["name"] is None


def test_an_attraction_with_its_primary_classification_and_links() -> None:
    row = rows(
        "attractions",
        {
            "id": "A1",
            "name": "Post Malone",
            "classifications": [{"primary": True, "segment": {"id": "S", "name": "Music"}, "subType": {"id": "T"}}],
            "externalLinks": {"homepage": [{"url": "https://x"}], "musicbrainz": [{"id": "b1e2"}], "bandcamp": [{}]},
        },
    )["attractions"][0]
    assert (row["segment_name"], row["subtype_id"], row["genre_id"]) == ("Music", "T", None)
    assert (row["homepage_url"], row["musicbrainz_id"]) == ("https://x", "b1e2")


def test_the_classification_tree_is_flattened() -> None:
    subgenres = {"_embedded": {"subgenres": [{"id": "SG", "name": "Pop Rock"}]}}
    segment = {
        "id": "S",
        "name": "Music",
        "locale": "en-us",
        "_embedded": {"genres": [{"id": "G", "name": "Rock"} | subgenres]},
    }
    found = rows("classifications", {"family": False, "segment": segment})
    assert found["classifications"][0]["kind"] == "segment"
    assert found["genres"] == [{"genre_id": "G", "segment_id": "S", "name": "Rock"}]
    assert found["subgenres"] == [{"subgenre_id": "SG", "genre_id": "G", "name": "Pop Rock"}]
    kind = {"type": {"id": "T", "name": "Parking", "_embedded": {"subtypes": [{"id": "ST"}]}}}
    found = rows("classifications", kind)
    assert found["classifications"][0]["kind"] == "type"
    assert found["subtypes"] == [{"subtype_id": "ST", "type_id": "T", "name": None}]


def test_an_element_that_is_neither_segment_nor_type_is_refused() -> None:
    with pytest.raises(Rejected):
        rows("classifications", {"family": True})
