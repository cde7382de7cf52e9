"""Shows of a simulated day: the simulator knows how many there are, archtics copies, suites and parking aside."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

from pyspark.sql import SparkSession

from glue_jobs.transforms.ticketmaster.star import star
from infra.simulators.discovery import Universe
from infra.simulators.discovery.oracle import expected
from tests.glue_jobs.frames import by_key, curated
from tests.glue_jobs.transforms.ticketmaster.recorded_shows import curated_rows


def test_as_many_shows_as_there_are(spark: SparkSession) -> None:
    world = Universe(seed=7, events=1500).on(date(2026, 3, 2))
    truth = expected(world, ("US", "CA"), datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    records = {event.id: json.loads(world.bodies.event(event)) for event in world.events if event.id in truth.events}
    rows = by_key(star(curated(spark, curated_rows(records)))["events"].select("event_id", "is_show"), "event_id")
    standing = [truth.listings[event_id] for event_id, row in rows.items() if row["is_show"]]
    assert sorted(standing) == sorted(truth.shows)
