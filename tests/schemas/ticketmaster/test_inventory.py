"""The kind of an event, and the words of its name that identify its show."""

from __future__ import annotations

import json
import re
from datetime import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.ticketmaster import inventory
from schemas.ticketmaster.raw_event import RawEvent
from schemas.ticketmaster.rows import EventRow

ARCHTICS_ID = "Za5ju3rKuqZDd"


def event(**fields: Any) -> dict[str, Any]:
    record = {"id": "E1", "name": "Show", "dates": {}, "url": "https://example.test/e"} | fields
    rows = RawEvent.model_validate_json(json.dumps(record)).to_rows()
    return next(row.model_dump() for row in rows if isinstance(row, EventRow))


def archtics(name: str, venue: str = "Big Arena", at: str = "19:00:00") -> dict[str, Any]:
    start = {"localDate": "2027-01-04", "localTime": at}
    places = {"venues": [{"id": "Za5V", "name": venue}]}
    return event(id=ARCHTICS_ID, url=None, name=name, dates={"start": start}, _embedded=places)


@pytest.mark.parametrize(
    "name, kind, reason",
    [
        ("Shania Twain", "Individual", None),
        ("The Nutcracker Suite", None, None),
        ("Frankie Valli & The Four Seasons", None, None),
        ("Parking Lot Party", None, None),
        ("Package Deal: A Comedy", None, None),
        ("Boyz II Men - Full Circle Tour", None, None),
        ("Buena Vista Social Club", None, None),
        ("Johnny Cash: The Concert", None, None),
        ("Backstage Pass: The Musical", None, None),
        ("Only the Strong Package", None, None),
        ("Seasons of Love 2025", None, None),
        ("VIP", None, None),
        ("Jingle Ball", "Regular", None),
        ("Anything", "Parking", "parking"),
        ("Ride and Dine with Us!", "Transportation", "transportation"),
        ("Ride and Dine with Us!", None, "transportation"),
        ("Travel Packages - Create your own Ticket + Hotel Package and Save!", None, "travel_package"),
        ("SUITE: Disney On Ice", None, "suite"),
        ("Brooklyn Nets  vs Toronto Raptors (Suite)", None, "suite"),
        ("Bucks vs Raptors (Premium Spaces)", None, "suite"),
        ("The Band - VIP Package", None, "vip"),
        ("Broadway In Syracuse Season Tickets: Series C", None, "season_pass"),
        ("2024-2025 First Bank Broadway Season - Friday Evening", None, "season_pass"),
        ("Town Hall 2024-2025 Series", None, "season_pass"),
        ("Silent Mondays: 4-Film Package", None, "several_shows"),
        ("Rock Fest (10. 7. - 13. 7. 2025) Festival Pass", None, "several_days"),
        ("Folk Festival - 2 Day Ticket", None, "several_days"),
        ("GA Parking-Gossett Motors Garage", None, "parking"),
        ("2023 Miami Dolphins Group Deposit", None, "deposit"),
        ("Generic Voucher", None, "voucher"),
        ("General Admission (NO ENTRY)", None, "no_entry"),
        (None, None, None),
    ],
)
def test_what_is_no_show_says_so_by_its_name_or_type(name: str | None, kind: str | None, reason: str | None) -> None:
    assert inventory.non_show_reason(name, kind) == reason


@given(st.text(max_size=30), st.sampled_from([pattern for _, pattern in inventory.NON_SHOW_NAMES]), st.data())
def test_looking_for_words_first_hides_no_rule(before: str, pattern: str, data: st.DataObject) -> None:
    sold = data.draw(st.from_regex(re.compile(pattern, re.IGNORECASE | re.ASCII), fullmatch=True))
    for name in (sold, f"{before} {sold}"):
        assert bool(inventory.non_show_reason(name, None)) == bool(inventory._NAMES.search(name))


@pytest.mark.parametrize(
    "name, kind",
    [
        ("Rumble vs. Queens - POST GAME", "add_on"),
        ("Rumble vs. Queens - PASS", "pass"),
        ("Rumble vs. Sacramento Queens - SUITE", "suite"),
        ("Rumble vs. Queens", "show"),
        ("Hamilton Suite Service", "suite"),
        ("2023 Water Bottle", "merchandise"),
        ("Holiday Four Pack", "package"),
        ("RFID Card Fee", "deposit"),
        ("Full Season ID", "season"),
        ("Milwaukee Bucks vs. Lakers", "show"),
        ("Johnny Cash", "show"),
        ("The Nutcracker Suite", "show"),
        ("2023 CLUB LEVEL ROFR EVENT", "administrative"),
        ("Season's Greetings", "show"),
    ],
)
def test_the_name_of_a_thing_is_enough_for_an_entry_of_archtics(name: str, kind: str) -> None:
    assert archtics(name)["listed_as"] == kind


def test_a_venue_of_archtics_may_be_a_part_of_its_inventory() -> None:
    assert archtics("Ducks vs. Edmonton", venue="Big Arena Suites")["non_show_reason"] == "archtics_venue_suite"
    assert archtics("Miami v. Baltimore", venue="2023 Away Games")["listed_as"] == "administrative"


@pytest.mark.parametrize(
    "at, kind", [("00:00:00", "administrative"), ("23:59:00", "administrative"), ("23:00:00", "show")]
)
def test_no_show_of_archtics_starts_in_the_middle_of_the_night(at: str, kind: str) -> None:
    assert archtics("Box Office", at=at)["listed_as"] == kind
    assert archtics("Rumble vs. Queens", at=at)["listed_as"] == "show"


def test_archtics_is_known_by_the_family_of_its_ids_and_by_having_no_page() -> None:
    assert archtics("Raptors vs Celtics")["is_archtics"]
    assert not event(id="Za9ticketweb", name="A Club Night")["is_archtics"]
    assert not event(id="E1", url=None)["is_archtics"]
    assert event(id="Za9ticketweb", name="Suite Dreams: A Premium Comedy")["listed_as"] == "show"


def test_a_test_event_is_an_entry_of_the_box_office() -> None:
    row = event(test=True)
    assert (row["listed_as"], row["non_show_reason"]) == ("administrative", "test")


def test_every_rule_gives_a_documented_kind() -> None:
    rules = {*inventory.NON_SHOW_TYPES.values(), inventory.SEVERAL_DAYS, "test", "archtics_hour"}
    for named in (inventory.NON_SHOW_NAMES, inventory.ARCHTICS_NAMES, inventory.ARCHTICS_VENUES):
        rules |= {reason for reason, _ in named}
    together = {"same_listing", "same_attraction", "like_a_show", "beside_a_game"}
    assert rules | together == set(inventory.REASONS)
    assert {inventory.SHOW, *inventory.REASONS.values()} == set(inventory.KINDS)


@pytest.mark.parametrize(
    "name, is_game",
    [
        ("Toronto Raptors vs. Miami Heat", True),
        ("WBB v. Duquesne", True),
        ("Icemen @ Cyclones", True),
        ("Versus", False),
        ("VS", False),
        ("Live at Red Rocks", False),
        (None, False),
    ],
)
def test_a_game_sets_two_sides_against_each_other(name: str | None, is_game: bool) -> None:
    assert inventory.is_game(name) == is_game


@pytest.mark.parametrize(
    "name, words",
    [
        ("Oklahoma City Rumble vs. Sacramento Queens", "oklahoma city rumble sacramento queens"),
        ("Suites - Ducks vs. Edmonton Oilers", "ducks edmonton oilers"),
        ("Women's Night | WOMEN'S Night", "womens night"),
        ("Théâtre d\u2019été", "theatre dete"),
        ("Game 2", "2"),
        ("演唱會", "演唱會"),
        ("🎸", None),
        ("The Suite", None),
        ("", None),
    ],
)
def test_words_that_say_which_show_it_is(name: str, words: str | None) -> None:
    assert inventory.show_words(name) == words


def test_attractions_speak_for_a_name_without_words() -> None:
    assert inventory.show_words(None, ["Toronto Raptors", None, "Miami Heat"]) == "toronto raptors miami heat"
    assert inventory.show_words("Hamilton", ["Somebody Else"]) == "hamilton"


@given(st.text(max_size=1000), st.lists(st.text(max_size=50), max_size=3))
def test_words_fit_their_column_whatever_the_name(name: str, attractions: list[str]) -> None:
    words = inventory.show_words(name, attractions)
    assert words is None or (0 < len(words) <= 1000 and words == words.strip() and "\x00" not in words)


@given(st.times())
def test_an_hour_is_no_reason_for_a_game(start: time) -> None:
    assert inventory.archtics_reason("A vs. B", "Big Arena", start) is None
