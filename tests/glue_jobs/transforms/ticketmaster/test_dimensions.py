"""Venues, attractions, markets and classifications."""

from __future__ import annotations

import pytest

from glue_jobs.transforms.ticketmaster.attractions import attractions
from glue_jobs.transforms.ticketmaster.classifications import NAMES, Tree, classifications
from glue_jobs.transforms.ticketmaster.markets import primary_markets
from glue_jobs.transforms.ticketmaster.venues import venues
from tests.glue_jobs.frames import by_key, frame


def test_a_venue_has_its_markets_sorted_whatever_their_position(spark):
    result = by_key(
        venues(
            frame(spark, "venues", {"venue_id": "V1", "name": "Hall"}, {"venue_id": "V2", "name": None}),
            frame(
                spark,
                "venue_markets",
                {"venue_id": "V1", "market_id": "41", "position": 0},
                {"venue_id": "V1", "market_id": "102", "position": 1},
                {"venue_id": "V1", "market_id": "11", "position": 2},
                {"venue_id": "elsewhere", "market_id": "7", "position": 0},
            ),
        ),
        "venue_id",
    )
    assert result["V1"]["market_ids"] == "102,11,41"
    assert result["V2"]["market_ids"] is None
    assert set(result) == {"V1", "V2"}


@pytest.fixture(scope="module")
def tree(spark):
    """A tree of two segments and a type."""
    return Tree(
        frame(
            spark,
            "classifications",
            {"classification_id": "S1", "kind": "segment", "name": "Music"},
            {"classification_id": "S2", "kind": "segment", "name": "Sports"},
            {"classification_id": "T1", "kind": "type", "name": "Group"},
        ),
        frame(
            spark,
            "genres",
            {"genre_id": "G1", "segment_id": "S1", "name": "Rock"},
            {"genre_id": "G2", "segment_id": "S1", "name": "Folk"},
        ),
        frame(spark, "subgenres", {"subgenre_id": "U1", "genre_id": "G1", "name": "Punk"}),
        frame(spark, "subtypes", {"subtype_id": "Y1", "type_id": "T1", "name": "Band"}),
    )


def test_an_attraction_carries_the_key_of_its_classification(spark, tree):
    full = {"segment_id": "S", "genre_id": "G", "subgenre_id": "U", "type_id": "T", "subtype_id": "Y"}
    rows = [
        {"attraction_id": "A1", **full},
        {"attraction_id": "A2", "segment_id": "S", "type_id": "T"},
        {"attraction_id": "A3"},
    ]
    result = by_key(attractions(frame(spark, "attractions", *rows), tree), "attraction_id")
    assert {key: row["classification_id"] for key, row in result.items()} == {
        "A1": "S|G|U|T|Y",
        "A2": "S|-|-|T|-",
        "A3": None,
    }


def test_an_attraction_is_named_by_the_tree_in_whatever_language_it_was_sent(spark, tree):
    filed = {"segment_id": "S1", "genre_id": "G1", "subgenre_id": "U1", "type_id": "T1", "subtype_id": "Y1"}
    czech = {"segment_name": "Hudba", "genre_name": "Bigbít", "type_name": "Skupina", "subtype_name": "Kapela"}
    rows = [
        {"attraction_id": "Czech", **filed, **czech},
        {
            "attraction_id": "unlisted",
            "segment_id": "S1",
            "segment_name": "Hudba",
            "genre_id": "G9",
            "genre_name": "Dechno",
        },
        {"attraction_id": "unfiled"},
    ]
    result = by_key(attractions(frame(spark, "attractions", *rows), tree), "attraction_id")
    assert {key: tuple(row[name] for name in NAMES) for key, row in result.items()} == {
        "Czech": ("Music", "Rock", "Punk", "Group", "Band"),
        "unlisted": ("Music", "Dechno", None, None, None),
        "unfiled": (None,) * 5,
    }


MARKETS = {
    "nationwide is skipped": ({"US": 0, "LA": 1, "NY": 2}, "LA"),
    "by position": ({"NY": 0, "LA": 1}, "NY"),
    "only nationwide": ({"US": 0, "CA": 1}, None),
    "market not listed": ({"unheard of": 0, "LA": 1}, "unheard of"),
    "tie by id": ({"NY": 3, "LA": 3}, "LA"),
    "no name": ({"nameless": 0}, "nameless"),
}


@pytest.fixture(scope="module")
def market_of(spark):
    """The market of one venue for each of the cases above."""
    links = [
        {"venue_id": case, "market_id": market, "position": at}
        for case, (positions, _) in MARKETS.items()
        for market, at in positions.items()
    ]
    names = {"US": "All of US", "CA": "All of Canada", "LA": "Los Angeles", "NY": "New York", "nameless": None}
    listed = [{"market_id": market, "name": name} for market, name in names.items()]
    markets = primary_markets(frame(spark, "venue_markets", *links), frame(spark, "markets", *listed))
    return {venue: row["market_id"] for venue, row in by_key(markets, "venue_id").items()}


@pytest.mark.parametrize("case", MARKETS)
def test_the_market_that_speaks_for_a_venue(market_of, case):
    assert market_of.get(case) == MARKETS[case][1]


@pytest.fixture
def classified(spark, tree):
    """Classifications of events and attractions next to the tree."""

    def build(event_rows=(), attraction_rows=()):
        seen = frame(spark, "event_classifications", *event_rows), frame(spark, "attractions", *attraction_rows)
        return by_key(classifications(*seen, tree), "classification_id")

    return build


def test_every_path_of_the_tree_is_a_classification_even_if_nothing_is_filed_under_it(classified):
    result = classified()
    assert set(result) == {"S1|G1|U1|-|-", "S1|G2|-|-|-", "S2|-|-|-|-"}
    path = result["S1|G1|U1|-|-"]
    assert (path["segment_name"], path["genre_name"], path["subgenre_name"]) == ("Music", "Rock", "Punk")
    assert (path["type_id"], path["type_name"]) == (None, None)


def test_combinations_seen_are_listed_once_with_the_names_of_the_tree(classified):
    seen = {"segment_id": "S1", "genre_id": "G1", "subgenre_id": "U1", "type_id": "T1", "subtype_id": "Y1"}
    french = {"segment_name": "Musique", "genre_name": "Roc", "type_name": "Groupe", "subtype_name": "Bande"}
    result = classified(
        [{"event_id": "E1", "position": 0, **seen, **french}, {"event_id": "E2", "position": 0, **seen}],
        [{"attraction_id": "A1", **seen, "segment_name": "musics"}],
    )
    row = result["S1|G1|U1|T1|Y1"]
    assert [row[f"{level}_name"] for level in ("segment", "genre", "subgenre", "type", "subtype")] == [
        "Music",
        "Rock",
        "Punk",
        "Group",
        "Band",
    ]
    assert len(result) == 4


def test_a_name_that_the_tree_lacks_comes_from_what_was_seen(classified):
    unlisted = {"segment_id": "S9", "genre_id": "G9"}
    result = classified(
        [
            {"event_id": "E1", "position": 0, **unlisted, "segment_name": "Zeta", "genre_name": None},
            {"event_id": "E2", "position": 0, **unlisted, "segment_name": "Alpha", "genre_name": "Niche"},
        ]
    )
    row = result["S9|G9|-|-|-"]
    assert (row["segment_name"], row["genre_name"]) == ("Alpha", "Niche")


def test_a_classification_without_ids_is_one_where_an_event_has_it_and_none_where_an_attraction_lacks_it(classified):
    assert "-|-|-|-|-" not in classified([], [{"attraction_id": "A1"}])
    result = classified([{"event_id": "E1", "position": 0, "segment_name": "Music"}])
    assert result["-|-|-|-|-"]["segment_name"] == "Music"
