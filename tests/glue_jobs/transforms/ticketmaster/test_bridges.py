"""Bridges: exactly one primary for each event."""

from __future__ import annotations

from glue_jobs.transforms.ticketmaster.bridges import event_attractions, event_classifications
from tests.glue_jobs.frames import frame, rows_of


def test_the_first_attraction_by_position_is_primary_and_the_others_are_not(spark):
    links = [("E1", "A9", 0), ("E1", "A1", 1), ("E2", "A5", 4), ("E2", "A3", 4), ("E3", "A1", 7)]
    rows = [{"event_id": event, "attraction_id": who, "position": at} for event, who, at in links]
    result = rows_of(event_attractions(frame(spark, "event_attractions", *rows)))
    assert len(result) == len(links)
    assert {(row["event_id"], row["attraction_id"]) for row in result if row["is_primary"]} == {
        ("E1", "A9"),
        ("E2", "A3"),
        ("E3", "A1"),
    }


CLASSIFIED = {
    "as the source says": ([False, True], 1),
    "none is primary": ([False, False], 0),
    "several are": ([True, True], 0),
    "several, not the first": ([False, True, True], 1),
}


def test_each_event_has_exactly_one_primary_classification(spark):
    rows = [
        {"event_id": case, "position": at, "is_primary": flag, "segment_id": f"S{at}"}
        for case, (flags, _) in CLASSIFIED.items()
        for at, flag in enumerate(flags)
    ]
    result = rows_of(event_classifications(frame(spark, "event_classifications", *rows)))
    assert len(result) == len(rows)
    primary = [(row["event_id"], row["position"]) for row in result if row["is_primary"]]
    assert sorted(primary) == sorted((case, expected) for case, (_, expected) in CLASSIFIED.items())
    assert {(row["position"], row["classification_id"]) for row in result} == {
        (at, f"S{at}|-|-|-|-") for at in range(3)
    }
