"""From what the Discovery API sends to what we promise: a golden row for every quirk."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from aws_services import resources
from schemas.raw import Rejected
from schemas.ticketmaster import SOURCE
from tests.schemas.ticketmaster.reading import event, rows, venue


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


@pytest.mark.parametrize(
    "code, kept", [("canceled", "cancelled"), ("CANCELLED", "cancelled"), ("onsale", "onsale"), ("Moved", "moved")]
)
def test_a_status_has_one_spelling(code: str, kept: str) -> None:
    assert event(dates={"status": {"code": code}})["status"] == kept


def test_an_empty_status_is_unknown() -> None:
    assert event(dates={"status": {}})["status"] is None


class TestWhatBelongsToAnEvent:
    def test_venues_and_attractions_embedded_and_linked(self) -> None:
        tables = rows(
            "events",
            {
                "id": "E1",
                "name": "Show",
                "_embedded": {"venues": [{"id": "V1"}], "attractions": [{"id": "A1"}, {"id": "A1"}, {"id": "A2"}]},
                "_links": {
                    "venues": [{"href": "/discovery/v2/venues/V1?locale=en-us"}],
                    "attractions": [
                        {"href": f"/discovery/v2/attractions/{attraction}"}
                        for attraction in ("A1", "A2?x", "A_3-x?locale=en-us")
                    ]
                    + [{"href": "/?"}, {}],
                },
            },
        )
        assert [(row["venue_id"], row["position"]) for row in tables["event_venues"]] == [("V1", 0)]
        linked = [(row["attraction_id"], row["position"]) for row in tables["event_attractions"]]
        assert linked == [("A1", 0), ("A2", 1), ("A_3-x", 2)]
        assert [row["venue_id"] for row in tables["venues"]] == ["V1"]

    def test_prices_are_exact_and_may_be_missing(self) -> None:
        ranges = [{"type": "standard", "currency": "USD", "min": 96.1, "max": 4523.555}, {"currency": "USD"}]
        price_ranges = rows("events", {"id": "E1", "name": "x", "priceRanges": ranges})["event_price_ranges"]
        assert (price_ranges[0]["price_min"], price_ranges[0]["price_max"]) == (Decimal("96.10"), Decimal("4523.56"))
        assert (price_ranges[1]["position"], price_ranges[1]["price_min"]) == (1, None)

    @pytest.mark.parametrize("shape", [{}, {"priceRanges": None}, {"priceRanges": []}], ids=["absent", "null", "empty"])
    def test_no_prices_are_no_rows(self, shape: dict[str, Any]) -> None:
        assert "event_price_ranges" not in rows("events", {"id": "E1", "name": "x", **shape})

    def test_prices_keep_the_type_they_are_of(self) -> None:
        ranges = [
            {"type": "Standard Including Fees ", "currency": "USD", "min": "45.10", "max": 99.5},
            {"type": "standard", "currency": "USD", "min": 40.0, "max": 80.0},
            {"currency": "USD", "min": 1},
        ]
        price_ranges = rows("events", {"id": "E1", "name": "x", "priceRanges": ranges})["event_price_ranges"]
        assert [(row["price_type"], str(row["price_min"]), row["price_max"]) for row in price_ranges] == [
            ("standard including fees", "45.10", Decimal("99.50")),
            ("standard", "40.00", Decimal("80.00")),
            (None, "1.00", None),
        ]

    @pytest.mark.parametrize("price", ["NaN", "Infinity", 1e30, "cheap", -1e30])
    def test_what_is_no_price_is_refused(self, price: Any) -> None:
        with pytest.raises(ValidationError):
            event(priceRanges=[{"min": price}])

    def test_promoters_in_one_and_many(self) -> None:
        promoter = {"id": "7", "name": "Live"}
        tables = rows(
            "events", {"id": "E1", "name": "x", "promoter": promoter, "promoters": [promoter, promoter, {"id": 8}]}
        )
        assert [(r["promoter_id"], r["position"]) for r in tables["event_promoters"]] == [("7", 0), ("8", 1)]
        assert tables["events"][0]["promoter_id"] == "7"

    def test_presales_and_products(self) -> None:
        tables = rows(
            "events",
            {
                "id": "E1",
                "name": "x",
                "sales": {"presales": [{"name": "Fans", "startDateTime": "2026-01-01T10:00:00Z"}]},
                "products": [{"id": "P1", "type": "Parking"}, {"name": "without an id"}],
            },
        )
        assert tables["event_presales"][0]["start_at"] == datetime(2026, 1, 1, 10, tzinfo=UTC)
        assert [row["product_type"] for row in tables["event_products"]] == ["Parking"]

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
        tag_rows = rows("events", {"id": "E1", "name": "x", "classifications": tags})["event_classifications"]
        assert [(row["position"], row["is_primary"], row["segment_id"]) for row in tag_rows] == [
            (0, False, "S1"),
            (1, True, "S2"),
        ]
        assert (tag_rows[1]["subgenre_name"], tag_rows[1]["is_family"], tag_rows[1]["type_id"]) == ("Pop", True, None)

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
        tables = rows("events", {"id": "E1", "name": sent, "dates": {}, **people, **inside})
        tables |= rows("classifications", {"segment": node | {"_embedded": {"genres": [genre]}}})
        tables["subtypes"] = rows("classifications", {"type": node | {"_embedded": {"subtypes": [node]}}})["subtypes"]

        names = {
            (table, column): row[column]
            for table, sent_rows in tables.items()
            for row in sent_rows
            for column in row
            if column in ("name", "city", "address_line1", "address_line2") or column.endswith("_name")
        }
        assert len(names) == 27
        assert set(names.values()) == {self.NAMES[sent]}

    def test_a_market_keeps_no_half_of_a_pair_of_quotation_marks(self) -> None:
        names = (' Toledo & More"', '"Cleveland', 'The "Loop"', "All of US ")
        markets = [{"id": str(number), "name": name} for number, name in enumerate(names)]
        market_rows = rows("venues", {"id": "V1", "markets": markets})["markets"]
        assert [row["name"] for row in market_rows] == ["Toledo & More", "Cleveland", 'The "Loop"', "All of US"]

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
        tables = rows("venues", {"id": "V1", "markets": markets, "dmas": [{"id": 527}, {"id": "527"}]})
        assert [(row["market_id"], row["position"]) for row in tables["venue_markets"]] == [("102", 0), ("103", 1)]
        assert [row["name"] for row in tables["markets"]] == ["Toronto", None]
        assert [row["dma_id"] for row in tables["venue_dmas"]] == [527]

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
    tables = rows("classifications", {"family": False, "segment": segment})
    assert tables["classifications"][0]["kind"] == "segment"
    assert tables["genres"] == [{"genre_id": "G", "segment_id": "S", "name": "Rock"}]
    assert tables["subgenres"] == [{"subgenre_id": "SG", "genre_id": "G", "name": "Pop Rock"}]
    kind = {"type": {"id": "T", "name": "Parking", "_embedded": {"subtypes": [{"id": "ST"}]}}}
    tables = rows("classifications", kind)
    assert tables["classifications"][0]["kind"] == "type"
    assert tables["subtypes"] == [{"subtype_id": "ST", "type_id": "T", "name": None}]


def test_an_element_that_is_neither_segment_nor_type_is_refused() -> None:
    with pytest.raises(Rejected):
        rows("classifications", {"family": True})
