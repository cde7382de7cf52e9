"""Reading a curated day: only where catalog, contract and manifests agree, and exactly the manifests' files."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date

import pytest

from aws_services.glue_catalog import GlueCatalog
from glue_jobs.curated import CatalogMismatch, CuratedDay, NotCurated
from lake import layout
from lake.layout import RunId
from schemas.ticketmaster import SOURCE
from tests.glue_jobs.curated_days import catalog_table, contract_columns, put_day, put_entity
from tests.glue_jobs.frames import rows_of

DAY = date(2026, 11, 20)
RUN = RunId("ticketmaster_daily", DAY)
VENUE = {"venue_id": "V1", "name": "Hall", "latitude": 40.5, "upcoming_events": 3}

pytestmark = pytest.mark.service


@pytest.fixture
def source():
    """The Ticketmaster contracts under a name of their own, so that no other test sees what this one writes."""
    return replace(SOURCE, name=f"tm_{uuid.uuid4().hex[:8]}")


@pytest.fixture
def open_day(spark, lake, source):
    return lambda run=RUN: CuratedDay.open(spark, lake, GlueCatalog(), source, run)


def test_rows_come_back_as_they_were_written(lake, source, open_day):
    event = {"event_id": "E1", "start_local_at": "2027-03-14 02:30:00", "start_at": "2027-03-14 07:30:00"}
    price = {"event_id": "E1", "position": 0, "price_min": "10.50"}
    put_day(lake, source, RUN, {"events": {"events": [event], "event_price_ranges": [price], "venues": [VENUE]}})
    for table in ("events", "event_price_ranges", "venues"):
        catalog_table(lake, source, table, DAY)
    day = open_day()
    (read,) = rows_of(day.table("events", "events"))
    assert {name: read[name] for name in event} == event
    assert (read["_run_id"], read["_entity"], read["listed_as"]) == (str(RUN), "events", "show")
    assert rows_of(day.table("event_price_ranges", "events"))[0]["price_min"] == "10.50"
    assert rows_of(day.table("venues", "venues"))[0]["latitude"] == 40.5


def test_the_look_up_of_an_entity_wins_over_what_another_embeds(lake, source, open_day):
    other = {"venue_id": "V2", "name": "Arena"}
    put_day(
        lake,
        source,
        RUN,
        {"events": {"venues": [VENUE | {"name": "embedded"}, other]}, "venues": {"venues": [VENUE | {"name": "own"}]}},
    )
    catalog_table(lake, source, "venues", DAY)
    day = open_day()
    assert {row["venue_id"]: row["name"] for row in rows_of(day.table("venues", "venues"))} == {
        "V1": "own",
        "V2": "Arena",
    }
    assert day.row_bounds("venues") == (2, 3)


def test_files_that_no_manifest_names_are_not_read(lake, source, open_day):
    put_entity(lake, source, RunId("ticketmaster_daily", DAY, 2), "venues", {"venues": [VENUE | {"venue_id": "stray"}]})
    put_day(lake, source, RUN, {"venues": {"venues": [VENUE]}})
    catalog_table(lake, source, "venues", DAY)
    assert [row["venue_id"] for row in rows_of(open_day().table("venues", "venues"))] == ["V1"]


def test_a_table_without_rows_is_empty_and_need_not_be_in_the_catalog(lake, source, open_day):
    put_day(lake, source, RUN, {})
    markets = open_day().table("markets", "venues")
    assert markets.columns[:2] == ["market_id", "name"]
    assert rows_of(markets) == []


def test_an_entity_that_was_not_validated_is_named(lake, source, open_day):
    put_entity(lake, source, RUN, "events", {})
    with pytest.raises(NotCurated, match=r"venues of 2026-11-20 was not validated: run task 'validate'"):
        open_day()


def test_the_manifest_of_another_observation_is_refused(lake, source, open_day):
    put_day(lake, source, RunId("ticketmaster_daily", DAY, 2), {})
    with pytest.raises(NotCurated, match=r"validated for run ticketmaster_daily-2026-11-20-2, not for"):
        open_day()


COLUMNS = contract_columns(SOURCE.table("venues"))


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (None, "the catalog lacks it"),
        ({"partition": False}, "the catalog lacks it, or its partition 2026-11-20"),
        ({"location": "s3://elsewhere/venues/"}, "is in s3://elsewhere/venues/, not in s3://glue-jobs-"),
        ({"columns": COLUMNS | {"latitude": "string"}}, "latitude is string, not double"),
        ({"columns": {n: k for n, k in COLUMNS.items() if n != "city"}}, "city is missing, not string"),
        ({"columns": COLUMNS | {"altitude": "double"}}, "altitude is not in the contract"),
        ({"partition_key": "day"}, "is partitioned by day string, not by ingest_date string"),
    ],
    ids=["table", "partition", "location", "retyped", "column missing", "column unknown", "partition key"],
)
def test_a_catalog_that_differs_from_the_contract_is_refused(lake, source, open_day, written, words):
    put_day(lake, source, RUN, {"venues": {"venues": [VENUE]}})
    if written is not None:
        catalog_table(lake, source, "venues", DAY, **written)
    with pytest.raises(CatalogMismatch, match=rf"{source.name}_curated\.venues.*{words}.*Run the crawler"):
        open_day().table("venues", "venues")


def test_a_partition_that_differs_from_the_contract_is_refused(lake, source, open_day):
    put_day(lake, source, RUN, {"venues": {"venues": [VENUE]}})
    catalog_table(lake, source, "venues", DAY, partition=False)
    import boto3

    root = lake.uri(layout.curated_prefix(source.name, "venues", DAY))
    columns = [{"Name": name, "Type": "string"} for name in COLUMNS]
    boto3.client("glue").create_partition(
        DatabaseName=f"boxoffice_{source.name}_curated",
        TableName="venues",
        PartitionInput={"Values": [str(DAY)], "StorageDescriptor": {"Columns": columns, "Location": root}},
    )
    with pytest.raises(CatalogMismatch, match="latitude is string, not double"):
        open_day().table("venues", "venues")
