"""How well shows are distinguished in real records: compared with labels by hand, in figures that must not fall.

The labels hold ids and a hash of each record, and nothing that was recorded. One third of the shows was held out: no
rule was changed because of them. A show counts as found when exactly one of its listings is marked as the show.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from glue_jobs.transforms.ticketmaster.star import star
from tests.glue_jobs.frames import by_key, curated
from tests.glue_jobs.transforms.ticketmaster.recorded_shows import (
    Label,
    curated_rows,
    digest,
    labels,
    recorded_events,
)

pytestmark = pytest.mark.recorded
_log = logging.getLogger(__name__)

Rows = dict[str, dict[str, Any]]
PARTS = ("tuned", "held_out")
COUNTED = ("show", "duplicate_listing")


@pytest.fixture(scope="module")
def records(recorded: Path) -> Rows:
    return recorded_events(recorded)


@pytest.fixture(scope="module")
def day(spark: SparkSession, records: Rows) -> Rows:
    rows = star(curated(spark, curated_rows(records)))["events"]
    return by_key(rows.select("event_id", "inventory_kind", "show_of", "is_show"), "event_id")


def part(name: str) -> dict[str, Label]:
    return {event_id: label for event_id, label in labels().items() if label.part == name}


def shares(right: int, assigned: int, expected: int) -> tuple[float, float]:
    """Precision and recall."""
    return right / assigned, right / expected


def shows_found(day: Rows, labelled: dict[str, Label]) -> tuple[float, float]:
    standing = [event_id for event_id in labelled if day[event_id]["is_show"]]
    right = {labelled[event_id].show_of for event_id in standing if labelled[event_id].kind in COUNTED}
    return shares(len(right), len(standing), sum(label.kind == "show" for label in labelled.values()))


def followers_found(day: Rows, labelled: dict[str, Label]) -> tuple[float, float]:
    """Shares of listings that belong to a show without representing it, and were assigned to that show."""
    known = labels()
    assigned = {key: day[key]["show_of"] for key in labelled if day[key]["show_of"] not in (None, key)}
    expected = {key: label.show_of for key, label in labelled.items() if label.show_of not in (None, key)}
    right = [key for key, show in assigned.items() if show in known and known[show].show_of == labelled[key].show_of]
    return shares(len(right), len(assigned), len(expected))


def test_the_labels_are_of_these_records(records: Rows) -> None:
    labelled = labels()
    assert len(labelled) >= 300
    assert {key: digest(records[key]) for key in labelled} == {key: label.digest for key, label in labelled.items()}
    assert _unknown(label.show_of for label in labelled.values()) == set()


@pytest.mark.parametrize("name", PARTS)
def test_shows_are_counted_once(day: Rows, name: str) -> None:
    precision, recall = shows_found(day, part(name))
    _log.info("%s: shows found with precision %.3f, recall %.3f", name, precision, recall)
    assert (precision >= 0.94, recall >= 0.98) == (True, True), (precision, recall)


@pytest.mark.parametrize("name", PARTS)
def test_other_listings_are_given_to_their_show(day: Rows, name: str) -> None:
    precision, recall = followers_found(day, part(name))
    _log.info("%s: other listings given to their show: precision %.3f, recall %.3f", name, precision, recall)
    assert (precision >= 0.97, recall >= 0.91) == (True, True), (precision, recall)


def test_the_games_of_a_team_are_counted_once(day: Rows, records: Rows) -> None:
    """103 listings of 17 home games, which once counted as 103 shows, and all the others of the page."""
    games = {
        event_id for event_id in part("tuned") | part("held_out") if "Raptors" in (records[event_id]["name"] or "")
    }
    expected = {event_id for event_id in games if labels()[event_id].kind == "show"}
    assert {event_id for event_id in games if day[event_id]["is_show"]} == expected


def _unknown(shows: Iterable[str | None]) -> set[str]:
    return {show for show in shows if show is not None} - set(labels())
