"""The real job on the local AWS: started as Glue starts it, from a real crawl into real staging tables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from aws_services import resources
from aws_services.errors import JobFailed
from aws_services.glue_crawler import GlueCrawler
from aws_services.glue_job import GlueJob
from aws_services.redshift_data import RedshiftData
from aws_services.s3 import S3
from infra.packaging import upload
from infra.stack.local_resources import provision
from lake import layout
from lake.layout import RunId
from lake.store import Lake
from schemas.ticketmaster import SOURCE
from tests.glue_jobs.curated_days import put_day
from warehouse.migrate import migrate
from warehouse.ticketmaster import STAR

ROOT = Path(__file__).resolve().parents[2]
RUN = RunId("ticketmaster_daily", date(2026, 11, 20))
ARGUMENTS = {"--run_id": str(RUN), "--business_date": "2026-11-20"}

pytestmark = pytest.mark.service

MUSIC = {"segment_id": "S1", "segment_name": "Music", "genre_id": "G1", "genre_name": "Rock"}
DAY = {
    "events": {
        "events": [
            {
                "event_id": "E1",
                "name": 'Nuit d\'été | "quoted", \n élan 🎸',
                "start_date": "2026-11-21",
                "start_local_at": "2026-11-21 19:30:00",
                "start_at": "2026-11-22 01:30:00",
                "timezone": "America/Chicago",
                "status": "onsale",
            },
            {"event_id": "E2"},
        ],
        "venues": [{"venue_id": "V1", "name": "embedded"}, {"venue_id": "V2", "name": "Arena"}],
        "markets": [{"market_id": "M1", "name": "All of US"}, {"market_id": "M2", "name": "Chicago"}],
        "venue_markets": [
            {"venue_id": "V1", "market_id": "M1", "position": 0},
            {"venue_id": "V1", "market_id": "M2", "position": 1},
        ],
        "attractions": [{"attraction_id": "A1", "name": "Band", **MUSIC}],
        "event_venues": [{"event_id": "E1", "venue_id": "V1", "position": 0}],
        "event_attractions": [{"event_id": "E1", "attraction_id": "A1", "position": 0}],
        "event_classifications": [{"event_id": "E1", "position": 0, "is_primary": True, **MUSIC}],
        "event_price_ranges": [
            {"event_id": "E1", "position": 0, "currency": "USD", "price_min": "20.50", "price_max": "99.99"}
        ],
        "event_presales": [{"event_id": "E1", "position": 0, "name": "Fans"}],
    },
    "venues": {"venues": [{"venue_id": "V1", "name": "Hall", "latitude": 41.9}]},
    "classifications": {
        "classifications": [{"classification_id": "S1", "kind": "segment", "name": "Music"}],
        "genres": [{"genre_id": "G1", "segment_id": "S1", "name": "Rock"}],
    },
}
ROWS = {
    "ticketmaster_venues": 2,
    "ticketmaster_attractions": 1,
    "ticketmaster_classifications": 1,
    "ticketmaster_markets": 2,
    "ticketmaster_venue_markets": 2,
    "ticketmaster_events": 2,
    "ticketmaster_event_attractions": 1,
    "ticketmaster_event_classifications": 1,
}


@pytest.fixture(scope="module")
def redshift(local_aws) -> RedshiftData:
    """A migrated warehouse, the job's code in place, one validated and crawled day."""
    provision(local_aws.url)
    upload(S3(), ROOT)
    redshift = RedshiftData()
    migrate(redshift)
    put_day(Lake(S3(), resources.LAKE_BUCKET), SOURCE, RUN, DAY)
    GlueCrawler(resources.TICKETMASTER_CURATED_CRAWLER.name).run()
    return redshift


@pytest.fixture(scope="module")
def loaded(redshift) -> tuple[RedshiftData, list[str]]:
    """The warehouse after two runs of the job on the same day, and what the second one logged."""
    job = GlueJob(resources.TICKETMASTER_JOB)
    job.run(ARGUMENTS)
    run = job.run(ARGUMENTS)
    return redshift, list(job.log(run["Id"]))


def rows(redshift, table, columns="*", order="1"):
    return redshift.execute(f"SELECT {columns} FROM staging.{table} ORDER BY {order}")


def test_every_table_is_staged_once_though_the_job_ran_twice(loaded):
    redshift, _ = loaded
    counts = {table: rows(redshift, table, "COUNT(*) AS n")[0]["n"] for table in STAR.staged}
    assert counts == ROWS


def test_an_event_arrives_whole(loaded):
    redshift, _ = loaded
    event, bare = rows(redshift, "ticketmaster_events", order="event_id")
    assert event["name"] == DAY["events"]["events"][0]["name"]
    assert (event["run_id"], event["observed_on"]) == (str(RUN), date(2026, 11, 20))
    assert [event[key] for key in ("venue_id", "attraction_id", "classification_id", "market_id")] == [
        "V1",
        "A1",
        "S1|G1|-|-|-",
        "M2",
    ]
    assert (event["price_min"], event["price_max"]) == (Decimal("20.50"), Decimal("99.99"))
    assert (event["start_date_key"], event["local_hour"], event["local_weekday"]) == (20261121, 19, "Saturday")
    assert (event["start_local_at"].isoformat(), event["start_at"].isoformat()) == (
        "2026-11-21T19:30:00",
        "2026-11-22T01:30:00",
    )
    assert (bare["venue_id"], bare["start_date_key"], bare["presale_count"]) == (None, 0, 0)


def test_the_look_up_of_a_venue_wins_over_what_an_event_embeds(loaded):
    redshift, _ = loaded
    names = {row["venue_id"]: row["name"] for row in rows(redshift, "ticketmaster_venues")}
    assert names == {"V1": "Hall", "V2": "Arena"}


def test_the_log_says_what_was_done(loaded):
    _, log = loaded
    for table, count in ROWS.items():
        assert f"staged {table}: {count} rows" in log
    assert f"loaded {sum(ROWS.values())} rows into {len(ROWS)} tables of schema staging" in log


def test_nothing_but_manifest_and_parquet_is_left_in_staging(loaded):
    keys = [entry.key for entry in S3().list(resources.LAKE_BUCKET, layout.staging_prefix(RUN))]
    assert {key.rsplit(".", 1)[-1] for key in keys} == {"manifest", "parquet"}


def test_a_run_that_was_not_validated_fails_with_a_line_that_says_so(redshift):
    with pytest.raises(JobFailed, match="NotCurated: ticketmaster events of 2020-01-01 was not validated: run task"):
        GlueJob(resources.TICKETMASTER_JOB).run({"--run_id": "ticketmaster_daily-2020-01-01"})
