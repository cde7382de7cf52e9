"""One show, however often it is listed: which listings collapse, which must not, and which listing represents it."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from glue_jobs.transforms.ticketmaster import shows
from glue_jobs.transforms.ticketmaster.star import star
from schemas.ticketmaster.inventory import KINDS, REASONS
from tests.glue_jobs.frames import by_key, curated
from tests.glue_jobs.transforms.ticketmaster.recorded_shows import curated_rows

DAY = "2027-01-04"
COLUMNS = ("event_id", "inventory_kind", "show_of", "is_show", "non_show_reason")
ARCHTICS = "Za5ju3rKuqZ"
Listing = dict[str, Any]


def listing(
    event_id: str,
    name: str | None,
    city: str | None,
    *acts: str,
    hall: str | None = "Big Arena",
    at: str | None = "19:00",
    day: str | None = DAY,
    **fields: Any,
) -> Listing:
    """A listing as the source sends it; ids that begin as archtics' do have no page."""
    start = {"localDate": day, "localTime": f"{at}:00"} if at else {"localDate": day, "timeTBA": True}
    own = "archtics" if event_id.startswith(ARCHTICS) else "host"
    venue = {"id": f"V-{own}-{hall}-{city}", "name": hall, "city": {"name": city} if city else None}
    attractions = [{"id": f"A-{act}", "name": act} for act in acts]
    page = {} if own == "archtics" else {"url": f"https://example.test/{event_id}"}
    embedded = {"venues": [venue], "attractions": attractions}
    return {"id": event_id, "name": name, "dates": {"start": start}, "_embedded": embedded} | page | fields


def archtics(event_id: str, *args: Any, **fields: Any) -> Listing:
    return listing(f"{ARCHTICS}{event_id}", *args, **fields)


ON_SALE = {"sales": {"public": {"startDateTime": "2026-10-01T15:00:00Z"}}}
PRICED = {"priceRanges": [{"type": "standard", "currency": "USD", "min": 10, "max": 20}]}

# Each scenario is a city of its own, so that one day of Spark decides them all: the listings, and the expected
# kind and show of each.
SCENARIOS: dict[str, list[tuple[Listing, str, str | None]]] = {}


def scenario(city: str, *expected: tuple[Listing, str, str | None]) -> None:
    SCENARIOS[city] = list(expected)


scenario(
    "Oklahoma City",
    (listing("game", "Oklahoma City Rumble vs. Sacramento Queens", "Oklahoma City"), "show", "game"),
    (archtics("g1", "Rumble vs. Queens - POST GAME", "Oklahoma City"), "add_on", "game"),
    (archtics("g2", "Rumble vs. Queens - PASS", "Oklahoma City"), "pass", "game"),
    (archtics("g3", "Rumble vs. Sacramento Queens - SUITE", "Oklahoma City"), "suite", "game"),
    (archtics("g4", "Rumble vs Queens", "Oklahoma City", hall="Big Arena Suites"), "suite", "game"),
    (archtics("g5", "RUMBLE vs QUEENS", "Oklahoma City ", hall="BIG ARENA"), "duplicate_listing", "game"),
    (archtics("g6", "Thunder Lounge", "Oklahoma City"), "add_on", "game"),
    (archtics("g7", "Rumble vs Queens", None, hall="General Use"), "duplicate_listing", "game"),
    (archtics("g8", "Rumble vs Queens", "OKC"), "duplicate_listing", "game"),
    (listing("skills", "Rumble Fan Day", "Oklahoma City", "Rumble", at="12:00"), "show", "skills"),
)
scenario(
    "Toronto",
    (listing("night", "PRIDE NIGHT | Toronto Dinos v Texas Spurs", "Toronto", at="19:30"), "show", "night"),
    (archtics("n1", "Toronto Dinos vs Texas Spurs", "Toronto", at="18:00"), "duplicate_listing", "night"),
)
scenario(
    "Boston",  # a game without a name from its host: its attractions identify it
    (listing("nameless", None, "Boston", "Boston Greens", "New York Skies"), "show", "nameless"),
    (archtics("b1", "Greens vs. New York Skies", "Boston"), "duplicate_listing", "nameless"),
)
scenario(
    "Chicago",  # matinee and evening
    (listing("matinee", "Hamilton", "Chicago", "Hamilton", at="13:00"), "show", "matinee"),
    (listing("evening", "Hamilton", "Chicago", "Hamilton", at="20:00"), "show", "evening"),
    (archtics("c1", "HAMILTON", "Chicago", at="13:00"), "duplicate_listing", "matinee"),
    (archtics("c2", "HAMILTON", "Chicago", at="20:00"), "duplicate_listing", "evening"),
    (archtics("c3", "HAMILTON Suite Service", "Chicago", at="20:00"), "suite", "evening"),
    (archtics("c4", "Hamilton", "Chicago", at="16:30"), "show", f"{ARCHTICS}c4"),
    (listing("undecided", "Hamilton", "Chicago", "Hamilton", at=None), "show", "undecided"),
)
scenario(
    "Portland",  # archtics alone lists the matinee
    (listing("only-evening", "Hamilton", "Portland", "Hamilton", at="20:00"), "show", "only-evening"),
    (archtics("p1", "HAMILTON", "Portland", at="13:00"), "show", f"{ARCHTICS}p1"),
)
scenario(
    "Austin",  # two clubs, one title; and two clubs, two bands
    (listing("club1", "Open Mic Night", "Austin", hall="Red Club", at="20:00"), "show", "club1"),
    (listing("club2", "Open Mic Night", "Austin", hall="Blue Bar", at="20:00"), "show", "club2"),
    (listing("club3", "The Foxes", "Austin", "The Foxes", hall="Blue Bar", at="20:00"), "show", "club3"),
    (archtics("a1", "Open Mic Night", "Austin", hall="Blue Bar", at="20:00"), "duplicate_listing", "club2"),
    (archtics("a2", "Open Mic Night", "Austin", hall="Green Theatre", at="20:00"), "show", f"{ARCHTICS}a2"),
)
scenario(
    "Denver",  # two stages of one house, and a VIP package of a concert
    (listing("stage1", "Mumford Nights", "Denver", "Mumford", hall="House of Tunes"), "show", "stage1"),
    (listing("stage2", "Parade of Songs", "Denver", "Parade", hall="House of Tunes"), "show", "stage2"),
    (listing("vip", "Mumford Nights - VIP Package", "Denver", "Mumford", hall="House of Tunes"), "package", "stage1"),
    (
        listing("again", "Mumford Nights with Friends", "Denver", "Mumford", hall="House of Tunes"),
        "duplicate_listing",
        "stage1",
    ),
)
scenario(
    "Detroit",  # a doubleheader: archtics lists both games, and the first an hour early
    (listing("first", "Detroit Cats vs. Ohio Reds", "Detroit", at="13:05"), "show", "first"),
    (listing("second", "Detroit Cats vs. Ohio Reds", "Detroit", at="18:05"), "show", "second"),
    (archtics("d1", "Cats vs Reds", "Detroit", at="13:05"), "duplicate_listing", "first"),
    (archtics("d2", "Cats vs Reds", "Detroit", at="18:05"), "duplicate_listing", "second"),
    (archtics("d3", "Cats Suite Pass", "Detroit", at="18:05"), "suite", "second"),
)
scenario(
    "Vizovice",  # days of a festival, and tickets for all of them
    (listing("friday", "Rock Fest - Friday", "Vizovice", "Rock Fest", at=None), "show", "friday"),
    (
        listing("saturday", "Rock Fest - Saturday", "Vizovice", "Rock Fest", at=None, day="2027-01-05"),
        "show",
        "saturday",
    ),
    (listing("fest", "Rock Fest Festival Pass", "Vizovice", "Rock Fest", at=None, day="2027-01-05"), "pass", None),
)
scenario(
    "Los Angeles",  # a festival that is listed in no other way
    (listing("two-days", "Folk Festival - 2 Day Ticket", "Los Angeles", "Folk", at=None), "show", "two-days"),
    (
        listing("two-days-vip", "Folk Festival - 2 Day Ticket VIP", "Los Angeles", "Folk", at=None),
        "duplicate_listing",
        "two-days",
    ),
)
scenario(
    "Brooklyn",  # archtics alone: one of its listings represents the show
    (archtics("k1", "Winter Jam", "Brooklyn"), "show", f"{ARCHTICS}k1"),
    (archtics("k2", "Winter Jam", "Brooklyn"), "duplicate_listing", f"{ARCHTICS}k1"),
    (archtics("k3", "Winter Jam (Suite)", "Brooklyn", hall="Big Arena - Suites"), "suite", f"{ARCHTICS}k1"),
    (archtics("k4", "Winter Jam - Village", "Brooklyn"), "duplicate_listing", f"{ARCHTICS}k1"),
)
scenario(
    "New York",  # who stands: the host that is not cancelled, priced, with somebody on stage, on sale
    (listing("s5", "Jazz Evening Gala", "New York", hall="Hall A"), "duplicate_listing", "s1"),
    (listing("s4", "Jazz Evening Gala", "New York", hall="Hall A", **ON_SALE), "duplicate_listing", "s1"),
    (listing("s3", "Jazz Evening Gala", "New York", "Ella", hall="Hall A"), "duplicate_listing", "s1"),
    (listing("s1", "Jazz Evening Gala", "New York", hall="Hall A", **PRICED), "show", "s1"),
    (archtics("s0", "Jazz Evening Gala", "New York", hall="Hall A", **PRICED), "duplicate_listing", "s1"),
)
scenario(
    "Dallas",  # nothing to compare by: no date, no place, no words
    (listing("x1", "Some Show", "Dallas", day=None), "show", "x1"),
    (listing("x2", "Some Show", "Dallas", day=None), "show", "x2"),
    (listing("x3", "Some Show", None, hall=None), "show", "x3"),
    (listing("x4", "Some Show", None, hall=None), "show", "x4"),
    (listing("x5", "🎸", "Dallas"), "show", "x5"),
    (listing("x6", "🎸", "Dallas"), "show", "x6"),
    (listing("x7", "Parking: Some Show", "Dallas", hall="Nowhere Garage", at="01:00"), "parking", None),
)
scenario(
    "Seattle",  # one time is still to be announced
    (listing("timed", "Balloon Museum", "Seattle", at="13:00"), "show", "timed"),
    (listing("untimed", "Balloon Museum", "Seattle", "Balloon Museum", at=None), "duplicate_listing", "timed"),
    (archtics("w1", "Balloon Museum Tickets", "Seattle", at=None), "duplicate_listing", "timed"),
)
LISTINGS = [entry for expected in SCENARIOS.values() for entry, _, _ in expected]


def decided(spark: SparkSession, records: list[Listing]) -> dict[str, dict[str, Any]]:
    tables = curated_rows({record["id"]: record for record in records})
    return by_key(star(curated(spark, tables))["events"].select(*COLUMNS), "event_id")


@pytest.fixture(scope="module")
def day(spark: SparkSession) -> dict[str, dict[str, Any]]:
    return decided(spark, LISTINGS)


@pytest.mark.parametrize("city", SCENARIOS)
def test_what_is_of_the_same_show(day: dict[str, dict[str, Any]], city: str) -> None:
    expected = {entry["id"]: (kind, show_of) for entry, kind, show_of in SCENARIOS[city]}
    labels = {event_id: (day[event_id]["inventory_kind"], day[event_id]["show_of"]) for event_id in expected}
    assert labels == expected


def test_every_show_counts_once_and_every_reason_is_documented(day: dict[str, dict[str, Any]]) -> None:
    standing = {event_id for event_id, row in day.items() if row["is_show"]}
    assert standing == {event_id for event_id, row in day.items() if row["show_of"] == event_id}
    assert standing == {event_id for event_id, row in day.items() if row["inventory_kind"] == "show"}
    assert {row["show_of"] for row in day.values()} - {None} <= standing
    assert {row["inventory_kind"] for row in day.values()} <= set(KINDS)
    assert {row["non_show_reason"] for row in day.values() if not row["is_show"]} <= set(REASONS)
    assert all(row["non_show_reason"] is None for row in day.values() if row["is_show"])


@pytest.mark.parametrize("seed, partitions", [(1, 3), (2, 7)])
def test_neither_order_nor_partitions_matter(
    spark: SparkSession, day: dict[str, dict[str, Any]], seed: int, partitions: int
) -> None:
    shuffled = random.Random(seed).sample(LISTINGS, len(LISTINGS))
    before = spark.conf.get("spark.sql.shuffle.partitions")
    spark.conf.set("spark.sql.shuffle.partitions", str(partitions))
    try:
        assert decided(spark, shuffled) == day
    finally:
        spark.conf.set("spark.sql.shuffle.partitions", before or "1")


def crowd(spark: SparkSession, size: int) -> DataFrame:
    """Listings of one day, hour and city, with words in common: half of them archtics', in as many halls."""
    return spark.range(size).selectExpr(
        "cast(id as string) as event_id",
        "date'2027-01-04' as day",
        "1140 as minute",
        "'las vegas' as city",
        "concat('hall ', id div 2) as hall",
        "array('hall', string(id div 2)) as hall_words",
        "array('band', 'comedy', concat('n', id div 2), 'show') as words",
        "cast(null as string) as attraction_id",
        "id % 2 = 1 as is_archtics",
        "false as is_game",
        "'show' as listed_as",
        "cast(null as string) as non_show_reason",
        "struct(id % 2 as archtics, id as id) as rank",
    )


def test_a_crowd_at_one_hour_in_one_city_takes_no_square_of_work(spark: SparkSession) -> None:
    listed = crowd(spark, 5000)
    compared = shows._sharing_a_word(listed.where("is_archtics"), listed.where("not is_archtics"))
    assert compared.count() == 2500
    rows = shows.shows(listed).collect()
    assert Counter(row["inventory_kind"] for row in rows) == {"show": 2500, "duplicate_listing": 2500}
    assert all(int(row["show_of"]) == int(row["event_id"]) // 2 * 2 for row in rows)
